import { countText, engineType, sql } from '#sdk'
import type { EngineReading, FoundDataset, ReadFrom, SourceStream, Surroundings } from '#sdk'
import { streamErrors } from './errors.ts'

export interface StreamSource {
  readonly stream: string
}

export async function read(
  { stream }: StreamSource,
  around: Surroundings,
  { slice }: ReadFrom,
): Promise<EngineReading> {
  const dataset = requireStream(await around.datasets.readable(stream), stream)
  return {
    by: 'engine',
    from: dataset.from,
    where: await around.datasets.between(stream, slice),
    columns: dataset.columns.map((column) => ({
      name: column.name,
      type: column.nullable ? `Nullable(${engineType(column.type)})` : engineType(column.type),
      ...(column.type === 'json' ? { holds: column.type } : {}),
    })),
  }
}

export async function check({ stream }: StreamSource, around: Surroundings): Promise<string> {
  const dataset = requireStream(await around.datasets.readable(stream), stream)
  const [counted] = await around.engine.rows<{ events: string }>(
    sql`SELECT toString(count()) AS events FROM ${dataset.from}`,
  )
  return `"${stream}" has ${countText(dataset.columns.length, 'column')} and ${countText(Number(counted?.events ?? 0), 'event')}.`
}

export async function streams(_connection: unknown, around: Surroundings): Promise<readonly SourceStream[]> {
  const all = await around.datasets.list()
  return all
    .filter((dataset) => dataset.kind === 'events')
    .map((dataset) => ({
      name: dataset.name,
      config: { stream: dataset.name },
      columns: dataset.columns.map(({ name, type, nullable }) => ({ name, type, nullable })),
      primaryKey: [],
      cursors: [],
      modes: ['full'],
    }))
}

function requireStream<D extends FoundDataset>(dataset: D | undefined, stream: string): D {
  if (dataset === undefined) throw streamErrors.unknown({ stream })
  if (dataset.kind !== 'events') throw streamErrors.kept({ stream })
  return dataset
}
