/** Types of the destination, for columns of a source whose types were inferred from its first rows. */
import { columnTypeOf } from '#core/dataset'
import type { ColumnType } from '#core/dataset'
import type { MillraceError } from '#core/errors'
import { digitsOfType } from '#core/expression'
import { readCastFailure } from '#plans/clickhouse/casts'
import { findColumn, unchangedColumn } from '#plans/columns'
import type { Plan, PlanColumn } from '#plans/plan'
import type { EngineColumn, Surroundings } from '#sdk'
import type { ValidatedPipeline } from '../definition/definition.ts'

/** By column of the source. */
export type StoredTypes = Readonly<Record<string, ColumnType>>

/**
 * For the columns whose values the load would change without a failure, as in `007` that is read as an integer and stored
 * as text. Columns that a step uses keep their types: the step was checked with them.
 */
export async function typesToKeepValues(
  pipeline: ValidatedPipeline,
  plan: Plan,
  { around, inferred }: Reading,
): Promise<StoredTypes> {
  const columns = await passedColumns(pipeline, plan, { around, inferred })
  return typesOf(columns.filter(({ source, type }) => mayChange(source.type, type)))
}

/** Whether some values of the one type become other values as the other one, where each has a value. */
function mayChange(from: ColumnType, to: ColumnType): boolean {
  // Text has a value of the other type, or fails.
  if (from === to || from === 'string') return false
  const [digits, others] = [digitsOfType(from), digitsOfType(to)]
  if (digits !== undefined && to === 'number') return false
  if (digits !== undefined && others !== undefined) return digits.scale > others.scale
  return !(from === 'date' && to === 'timestamp')
}

/**
 * `known`, and the types as which the source can be read after a value did not fit a column of the destination: that of
 * this column, and those of columns in which the source shows text and the destination has another type. Undefined
 * where reading with other types cannot help.
 */
export async function typesAfterMisfit(
  pipeline: ValidatedPipeline,
  plan: Plan,
  error: MillraceError,
  { around, inferred, known }: Reading & { readonly known: StoredTypes },
): Promise<StoredTypes | undefined> {
  const failed = error.code === 'pipelines.cast' ? readCastFailure(String(error.cause))?.column : undefined
  if (failed === undefined) return undefined
  const columns = (await passedColumns(pipeline, plan, { around, inferred })).filter(
    ({ name, source, type }) => (name === failed || source.type === 'string') && type !== 'string' && type !== 'json',
  )
  const source = columns.find(({ name }) => name === failed)?.source.name
  if (source === undefined || known[source] !== undefined) return undefined
  return { ...known, ...typesOf(columns) }
}

interface Reading {
  readonly around: Surroundings
  /** Columns of the source whose types are inferred. */
  readonly inferred: readonly string[]
}

interface PassedColumn {
  /** In the destination. */
  readonly name: string
  /** That the destination has. */
  readonly type: ColumnType
  readonly source: PlanColumn
}

/** Columns of a dataset that is there, which get other types than the source shows, and values that no step changes or uses. */
async function passedColumns(
  { destination: { connector, settings } }: ValidatedPipeline,
  plan: Plan,
  { around, inferred }: Reading,
): Promise<readonly PassedColumn[]> {
  const able = connector.destination
  if (able?.inside === undefined) return []
  const { existing } = await able.load()
  const stored = (await existing?.(settings, around)) ?? []
  return stored.flatMap((column) => {
    const source = passedColumn(plan, column.name)
    const type = storedType(column)
    if (source === undefined || source.type === type || !inferred.includes(source.name)) return []
    return [{ name: column.name, type, source }]
  })
}

const typesOf = (columns: readonly PassedColumn[]): StoredTypes =>
  Object.fromEntries(columns.map(({ source, type }) => [source.name, type]))

const storedType = ({ type, holds }: EngineColumn): ColumnType => holds ?? columnTypeOf(type).type

/** The column of the source that the destination gets unchanged and no step uses. */
function passedColumn(plan: Plan, name: string): PlanColumn | undefined {
  const source = unchangedColumn(plan, name)
  if (source === undefined) return undefined
  const isSource = ({ column }: { readonly column: string }): boolean => column === source.name || column === '*'
  const isUsed =
    plan.rowOrigins.some(isSource) ||
    plan.columns.some((column) => column !== findColumn(plan, name) && column.origins.some(isSource))
  return isUsed ? undefined : source
}
