/** The plan of the rows to load, in the types of the dataset that gets them. */
import type { ValidatedPipeline } from '../definition/definition.ts'
import { ruleProblems } from './checks.ts'
import { planRows, type PlanTools, type Rows } from './plan.ts'
import { typesToKeepValues, type StoredTypes } from './stored-types.ts'

export interface RowsToLoad {
  readonly rows: Rows
  /** As which columns of the source are read. */
  readonly types: StoredTypes
}

/** A source whose types are inferred is read with types of the dataset where its own would change values. */
export async function planForLoad(pipeline: ValidatedPipeline, tools: PlanTools): Promise<RowsToLoad> {
  let inferred: readonly string[] = []
  const rows = await planRows(pipeline, {
    ...tools,
    onReading: (reading) => {
      inferred = reading.inferred ?? []
      tools.onReading?.(reading)
    },
  })
  const asInferred = { rows, types: tools.types ?? {} }
  if (inferred.length === 0 || tools.types !== undefined || tools.setApart !== undefined) return asInferred
  const types = await typesToKeepValues(pipeline, rows.plan, { around: tools.around, inferred })
  if (Object.keys(types).length === 0) return asInferred
  const typed = await planRows(pipeline, { ...tools, types })
  // A quality rule may not apply to a column of another type.
  return ruleProblems(pipeline.rules, typed.plan).length > 0 ? asInferred : { rows: typed, types }
}
