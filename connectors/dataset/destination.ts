import { Column, columnTypeOf, engineType, quoteName, raw } from '#sdk'
import type { DatasetSpec, EngineColumn, FoundDataset, LoadMode, LoadRequest, Surroundings, SelectWriter } from '#sdk'
import { datasetErrors } from './errors.ts'

export interface DatasetDestination {
  readonly dataset: string
  readonly mode?: LoadMode | undefined
  readonly key?: readonly string[] | undefined
}

export async function open(
  settings: DatasetDestination,
  around: Surroundings,
  load: LoadRequest,
): Promise<SelectWriter> {
  const dataset = await fitted(settings, around, load)
  const { mode = 'append' } = settings
  const replace = mode === 'overwrite' && dataset.kind === 'events'
  const columns = columnsOf(dataset)
  const names = columns.map((column) => quoteName(column.name)).join(', ')
  return {
    columns,
    into: raw(`INSERT INTO ${quoteName(dataset.name)} (${names})`),
    counted: dataset.kind === 'table',
    load: async ({ id, select, count, settings: needed }) => {
      if (mode === 'append' || replace)
        return around.datasets.append(dataset.name, { id, select, settings: needed, replace })
      await around.datasets.load(dataset.name, { id, mode, select, settings: needed })
      return { rows: count, bytes: 0, duplicate: false }
    },
    abandon: async () => {},
  }
}

export async function check({ dataset: name }: DatasetDestination, around: Surroundings): Promise<string> {
  const dataset = await around.datasets.find(name)
  return dataset === undefined ? `"${name}" will be made.` : `"${name}" is there, of the kind "${dataset.kind}".`
}

export async function existing(
  { dataset: name }: DatasetDestination,
  around: Surroundings,
): Promise<readonly EngineColumn[] | undefined> {
  const dataset = await around.datasets.find(name)
  return dataset && columnsOf(dataset)
}

function columnsOf(dataset: FoundDataset): readonly EngineColumn[] {
  return dataset.columns.map(({ name, type, nullable }) => ({
    name,
    type: nullable && dataset.key?.includes(name) !== true ? `Nullable(${engineType(type)})` : engineType(type),
    ...(type === 'json' ? { holds: type } : {}),
  }))
}

/** Rejects with what keeps these columns from being loaded. */
export async function fit(
  settings: DatasetDestination,
  around: Surroundings,
  columns: readonly EngineColumn[],
): Promise<void> {
  await plannedDataset(settings, around, columns)
}

/** The dataset as it must be for these rows: made when it is not there, with new columns added. */
async function fitted(settings: DatasetDestination, around: Surroundings, load: LoadRequest): Promise<FoundDataset> {
  const { found, made, added } = await plannedDataset(settings, around, load.columns)
  if (made !== undefined) return around.datasets.create(made, load.pipeline.name)
  return added.length === 0 ? found : around.datasets.extend(found.name, added)
}

type Planned =
  | { readonly found: FoundDataset; readonly made?: undefined; readonly added: readonly Column[] }
  | { readonly found?: undefined; readonly made: DatasetSpec; readonly added?: undefined }

/** What there is to do before rows with these columns can be loaded; rejects with what keeps them from it. */
async function plannedDataset(
  settings: DatasetDestination,
  around: Surroundings,
  columns: readonly EngineColumn[],
): Promise<Planned> {
  const { dataset: name, mode = 'append' } = settings
  const brought = columns.map((column) => asColumn(name, column))
  const twice = brought.find((column, index) => brought.findIndex((other) => other.name === column.name) < index)
  if (twice !== undefined) throw datasetErrors.twice({ dataset: name, column: twice.name })
  const found = await around.datasets.find(name)
  if (found === undefined) return { made: newDataset(settings, brought) }
  if (found.kind === 'events' ? mode === 'merge' : mode === 'append')
    throw datasetErrors.kind({ dataset: name, kind: found.kind, mode })
  if (found.kind === 'events' && mode === 'overwrite' && settings.key !== undefined)
    throw datasetErrors.keyless({ dataset: name })
  refuseOtherKey(settings, found)
  const missing = found.columns.find(
    (column) => !column.nullable && !brought.some((other) => other.name === column.name),
  )
  if (missing !== undefined) throw datasetErrors.missing({ dataset: name, column: missing.name })
  const added = brought.filter((column) => !found.columns.some((other) => other.name === column.name))
  return { found, added: added.map((column) => ({ ...column, nullable: true })) }
}

/** Rows of a table are told apart by its own key: with another one in the settings, wrong rows would be replaced. */
function refuseOtherKey({ dataset, key }: DatasetDestination, found: FoundDataset): void {
  if (key === undefined || found.key === undefined) return
  const own = found.key
  if (key.every((column) => own.includes(column)) && own.every((column) => key.includes(column))) return
  throw datasetErrors.other_key({ dataset, own: namesOf(own), given: namesOf(key) })
}

const namesOf = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ')

function newDataset(
  { dataset: name, mode = 'append', key }: DatasetDestination,
  brought: readonly Column[],
): DatasetSpec {
  if (mode === 'merge' && key === undefined) throw datasetErrors.key({ dataset: name, mode })
  if (mode === 'append' || key === undefined) return { name, kind: 'events', columns: [...brought] }
  const stranger = key.find((column) => !brought.some((other) => other.name === column))
  if (stranger !== undefined) throw datasetErrors.stranger({ dataset: name, column: stranger })
  const columns = brought.map((column) => (key.includes(column.name) ? { ...column, nullable: false } : column))
  return { name, kind: 'table', columns, key: [...key] }
}

function asColumn(dataset: string, column: EngineColumn): Column {
  const { type, nullable } = columnTypeOf(column.type)
  const parsed = Column.safeParse({ name: column.name, type: column.holds ?? type, nullable, tags: [] })
  if (!parsed.success) throw datasetErrors.name({ dataset, column: column.name })
  return parsed.data
}
