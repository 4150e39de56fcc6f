import { Column, columnTypeOf, engineType, quoteName, raw } from '#sdk'
import type { EngineColumn, FoundDataset, LoadRequest, Surroundings, Writer } from '#sdk'
import { datasetErrors } from './errors.ts'

export interface DatasetDestination {
  readonly dataset: string
  readonly mode: 'append' | 'overwrite' | 'merge'
  readonly key?: readonly string[] | undefined
}

export async function writeDataset(
  settings: DatasetDestination,
  around: Surroundings,
  load: LoadRequest,
): Promise<Writer> {
  const dataset = await fitted(settings, around, load)
  const columns = dataset.columns.map(({ name, type, nullable }) => ({
    name,
    type: nullable && dataset.key?.includes(name) !== true ? `Nullable(${engineType(type)})` : engineType(type),
    ...(type === 'json' ? { holds: type } : {}),
  }))
  const names = columns.map((column) => quoteName(column.name)).join(', ')
  const place = `${quoteName(dataset.database)}.${quoteName(dataset.table)}`
  return {
    columns,
    into: raw(`INSERT INTO ${place} (${names})`),
    counted: settings.mode !== 'append',
    load: async ({ id, select, count, settings: needed }) => {
      if (settings.mode !== 'append') {
        await around.datasets.load(dataset.name, { id, mode: settings.mode, select, settings: needed })
        return { rows: count, bytes: 0, duplicate: false }
      }
      return around.datasets.append(dataset.name, { id, select, settings: needed })
    },
    abandon: async () => {},
  }
}

/** The dataset as it must be for these rows: made when it is not there, with new columns added. */
async function fitted(settings: DatasetDestination, around: Surroundings, load: LoadRequest): Promise<FoundDataset> {
  const { dataset: name, mode } = settings
  const brought = load.columns.map((column) => asColumn(name, column))
  const found = await around.datasets.find(name)
  if (found === undefined) {
    if (mode !== 'append' && settings.key === undefined) throw datasetErrors.key({ dataset: name, mode })
    const key = mode === 'append' ? undefined : [...(settings.key ?? [])]
    const stranger = key?.find((column) => !brought.some((other) => other.name === column))
    if (stranger !== undefined) throw datasetErrors.stranger({ dataset: name, column: stranger })
    const columns = brought.map((column) => (key?.includes(column.name) ? { ...column, nullable: false } : column))
    return around.datasets.create(
      { name, kind: mode === 'append' ? 'events' : 'table', columns, ...(key === undefined ? {} : { key }) },
      load.pipeline.name,
    )
  }
  if ((found.kind === 'events') !== (mode === 'append'))
    throw datasetErrors.kind({ dataset: name, kind: found.kind, mode })
  const missing = found.columns.find(
    (column) => !column.nullable && !brought.some((other) => other.name === column.name),
  )
  if (missing !== undefined) throw datasetErrors.missing({ dataset: name, column: missing.name })
  const added = brought.filter((column) => !found.columns.some((other) => other.name === column.name))
  return added.length === 0
    ? found
    : around.datasets.extend(
        name,
        added.map((column) => ({ ...column, nullable: true })),
      )
}

function asColumn(dataset: string, column: EngineColumn): Column {
  const { type, nullable } = columnTypeOf(column.type)
  const parsed = Column.safeParse({ name: column.name, type: column.holds ?? type, nullable, tags: [] })
  if (!parsed.success) throw datasetErrors.name({ dataset, column: column.name })
  return parsed.data
}
