/** The plan of the rows to load, in the types of the dataset that gets them. */
import type { EngineReading } from '#sdk'
import type { ValidatedPipeline } from '../definition/definition.ts'
import { ruleProblems } from './checks.ts'
import { planRows, type PlanTools, type Rows } from './plan.ts'
import { typesToKeepValues, type StoredTypes } from './stored-types.ts'

export interface RowsToLoad {
  readonly rows: Rows
  /** As which columns of the source are read, where it infers others. */
  readonly types: StoredTypes
}

/** A source whose types are inferred is read with types of the dataset where its own would change values. */
export async function planForLoad(pipeline: ValidatedPipeline, tools: PlanTools): Promise<RowsToLoad> {
  let reading: EngineReading | undefined
  const rows = await planRows(pipeline, {
    ...tools,
    onReading: (chosen) => {
      reading = chosen
      tools.onReading?.(chosen)
    },
  })
  const asInferred = { rows, types: {} }
  if (tools.reading !== undefined || reading?.inferred === undefined) return asInferred
  const { columns, readAs } = reading.inferred
  const types = await typesToKeepValues(pipeline, rows.plan, { around: tools.around, inferred: columns })
  if (Object.keys(types).length === 0) return asInferred
  const typed = await planRows(pipeline, { ...tools, reading: readAs(types) })
  if (ruleProblems(pipeline.rules, typed.plan).length === 0) return { rows: typed, types }
  // A quality rule may not apply to a column of another type.
  tools.onReading?.(reading)
  return asInferred
}
