import { countText, engineType, missingDataset } from '#sdk'
import type { EngineReading, SourceStream, Surroundings } from '#sdk'
import { datasetErrors } from './errors.ts'

export interface DatasetSource {
  readonly dataset: string
}

export async function read({ dataset: name }: DatasetSource, around: Surroundings): Promise<EngineReading> {
  const dataset = await around.datasets.readable(name)
  if (dataset === undefined) throw await unknown(name, around)
  return {
    by: 'engine',
    from: dataset.from,
    columns: dataset.columns.map((column) => ({
      name: column.name,
      type: column.nullable ? `Nullable(${engineType(column.type)})` : engineType(column.type),
      ...(column.type === 'json' ? { holds: column.type } : {}),
    })),
  }
}

export async function check({ dataset: name }: DatasetSource, around: Surroundings): Promise<string> {
  const dataset = await around.datasets.find(name)
  if (dataset === undefined) throw await unknown(name, around)
  return `"${name}" has ${countText(dataset.columns.length, 'column')}.`
}

export async function streams(_connection: unknown, around: Surroundings): Promise<readonly SourceStream[]> {
  const all = await around.datasets.list()
  return all.map((dataset) => ({
    name: dataset.name,
    config: { dataset: dataset.name },
    columns: dataset.columns.map(({ name, type, nullable }) => ({ name, type, nullable })),
    primaryKey: dataset.key ?? [],
    cursors: [],
    modes: ['full'],
  }))
}

async function unknown(name: string, around: Surroundings): Promise<Error> {
  const known = (await around.datasets.list()).map((dataset) => dataset.name)
  const problem = { at: 'dataset', code: 'unknown_dataset', ...missingDataset(name, known) }
  return datasetErrors.unknown({ dataset: name }, { problems: [problem] })
}
