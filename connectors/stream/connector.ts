import { z } from 'zod'
import { bound, defineConnector, defineErrors, engineType, sql } from '#sdk'
import type { FoundDataset } from '#sdk'

const streamErrors = defineErrors('stream', {
  unknown: {
    kind: 'invalid',
    title: 'Stream not found',
    says: (p: { stream: string }) => `There is no stream "${p.stream}" in this workspace.`,
    remedy: 'Send it an event first, or make a dataset of the kind "events" with this name.',
  },
  kept: {
    kind: 'invalid',
    title: 'Not a stream',
    says: (p: { stream: string }) => `"${p.stream}" is a table, whose rows change; a stream only grows.`,
    remedy: 'Read it with the source "dataset".',
  },
})

const settings = z.strictObject({
  stream: z.string().min(1).max(100).meta({ title: 'Stream', description: 'The name of the stream.' }),
  from: z.enum(['start', 'end']).default('start').meta({
    title: 'From',
    description: 'Where a streaming pipeline starts the first time: at the first event, or at new events only.',
  }),
})

export default defineConnector({
  type: 'stream',
  title: 'Stream',
  category: 'streams',
  about: 'Events of a Millrace stream: all there are for a batch pipeline, continuously for a streaming one.',
  proven: 'the log of this Millrace',
  source: {
    permission: 'streams.read',
    settings,
    continuous: true,
    read: async ({ stream }, around, slice) => {
      const dataset = requireStream(await around.datasets.readable(stream), stream)
      const { after, to } = slice ?? { after: 0n, to: await around.datasets.end(stream) }
      return {
        by: 'engine',
        from: dataset.from,
        where: sql`_position > ${bound(after.toString(), 'UInt64')} AND _position <= ${bound(to.toString(), 'UInt64')}`,
        columns: dataset.columns.map((column) => ({
          name: column.name,
          type: column.nullable ? `Nullable(${engineType(column.type)})` : engineType(column.type),
          ...(column.type === 'json' ? { holds: column.type } : {}),
        })),
      }
    },
    check: async ({ stream }, around) => {
      const dataset = requireStream(await around.datasets.find(stream), stream)
      return `"${stream}" has ${dataset.columns.length} columns and ${await around.datasets.end(stream)} events.`
    },
  },
  discovery: {
    permission: 'streams.read',
    settings: z.strictObject({}),
    list: async (_settings, around) => {
      const all = await around.datasets.list()
      return all
        .filter((dataset) => dataset.kind === 'events')
        .map((dataset) => ({
          name: dataset.name,
          config: { stream: dataset.name },
          columns: dataset.columns.map(({ name, type, nullable }) => ({ name, type, nullable })),
        }))
    },
  },
})

function requireStream<D extends FoundDataset>(dataset: D | undefined, stream: string): D {
  if (dataset === undefined) throw streamErrors.unknown({ stream })
  if (dataset.kind !== 'events') throw streamErrors.kept({ stream })
  return dataset
}
