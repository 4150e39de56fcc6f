/** Types of the destination, for columns of a source whose types were inferred from its first rows. */
import { columnTypeOf } from '#core/dataset'
import type { ColumnType } from '#core/dataset'
import type { MillraceError } from '#core/errors'
import { readCastFailure } from '#plans/clickhouse/casts'
import { findColumn, unchangedColumn } from '#plans/columns'
import type { Plan } from '#plans/plan'
import type { EngineColumn, Surroundings } from '#sdk'
import type { ValidatedPipeline } from '../definition/definition.ts'

/** By column of the source. */
export type StoredTypes = Readonly<Record<string, ColumnType>>

/**
 * `known`, and the types as which the source can be read after a value did not fit a column of the destination: that of
 * this column, and those of columns in which the source shows text and the destination has another type. Undefined
 * where reading with other types cannot help. Columns that a step uses keep their types: the step was checked with them.
 */
export async function storedTypes(
  { destination: { connector, settings } }: ValidatedPipeline,
  plan: Plan,
  error: MillraceError,
  { around, known }: { readonly around: Surroundings; readonly known: StoredTypes },
): Promise<StoredTypes | undefined> {
  const failed = error.code === 'pipelines.cast' ? readCastFailure(String(error.cause))?.column : undefined
  if (failed === undefined) return undefined
  const code = await connector.destination?.load()
  const stored = (await code?.existing?.(settings, around)) ?? []
  const types = new Map<string, ColumnType>()
  for (const column of stored) {
    const source = passedColumn(plan, column.name)
    const type = storedType(column)
    if (source === undefined || type === source.type || type === 'string' || type === 'json') continue
    if (column.name === failed || source.type === 'string') types.set(source.name, type)
  }
  const source = passedColumn(plan, failed)?.name ?? ''
  return types.has(source) && known[source] === undefined ? { ...known, ...Object.fromEntries(types) } : undefined
}

const storedType = ({ type, holds }: EngineColumn): ColumnType => holds ?? columnTypeOf(type).type

/** The column of the source that the destination gets unchanged and no step uses. */
function passedColumn(plan: Plan, name: string): ReturnType<typeof unchangedColumn> {
  const source = unchangedColumn(plan, name)
  if (source === undefined) return undefined
  const isSource = ({ column }: { readonly column: string }): boolean => column === source.name || column === '*'
  const isUsed =
    plan.rowOrigins.some(isSource) ||
    plan.columns.some((column) => column !== findColumn(plan, name) && column.origins.some(isSource))
  return isUsed ? undefined : source
}
