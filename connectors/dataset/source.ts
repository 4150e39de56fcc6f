import { engineType } from '#sdk'
import type { EngineReading, SourceStream, Surroundings } from '#sdk'
import { datasetErrors } from './errors.ts'

export interface DatasetSource {
  readonly dataset: string
}

export async function read({ dataset: name }: DatasetSource, around: Surroundings): Promise<EngineReading> {
  const dataset = await around.datasets.readable(name)
  if (dataset === undefined) throw datasetErrors.unknown({ dataset: name })
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
  if (dataset === undefined) throw datasetErrors.unknown({ dataset: name })
  return `"${name}" has ${dataset.columns.length} columns.`
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
