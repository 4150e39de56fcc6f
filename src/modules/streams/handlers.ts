import { z } from 'zod'
import { withJsonValues } from '#core/json-text'
import { parseJsonValue } from '#core/parse-json'
import type { Handlers } from '#kernel/contract'
import { cursors, pageAfter } from '#kernel/paging'
import type { Datasets } from '#modules/datasets'
import { BadPosition, type Log, type Position, type Positions, type TopicName } from '#ports/log'
import { envelopeOf, unwrapCloudEvents } from './cloud-events.ts'
import type { streamsContract } from './contract.ts'
import { streamErrors } from './errors.ts'
import type { IncomingEvents, Streams } from './index.ts'
import { toNdjson } from './json-array.ts'

const streamNames = cursors('streams.list', z.string())

export function streamHandlers(
  streams: Streams,
  datasets: Datasets,
  log: Pick<Log, 'onAppended' | 'positions'>,
): Handlers<typeof streamsContract> {
  return {
    async ingest({ workspace, params, body, headers }) {
      const { stream } = params
      const bytes = await body.bytes()
      const key = headers['idempotency-key']
      const events = await eventsOf(bytes, mediaType(body.contentType), headers, async () => {
        const dataset = await datasets.find(workspace, stream)
        return new Set(dataset?.columns.map((column) => column.name))
      })
      const { accepted, rejected, position, problems } = await streams.ingest(workspace, stream, {
        ...events,
        ...(key === undefined ? {} : { idempotencyKey: key }),
      })
      if (accepted === 0 && rejected > 0) throw streamErrors.all_rejected({ stream, rows: rejected }, { problems })
      return { accepted, rejected, position, ...(problems.length === 0 ? {} : { problems: [...problems] }) }
    },
    async list({ workspace, query }) {
      const all = (await datasets.list(workspace)).filter(({ kind }) => kind === 'events')
      const page = pageAfter(streamNames, all, { ...query, placeOf: ({ name }) => name })
      const items = await Promise.all(
        page.items.map(async ({ name, columns, source, createdAt }) => ({
          name,
          columns: columns.map((column) => ({ ...column, tags: [...column.tags] })),
          position: await streams.end(workspace, name),
          source,
          createdAt,
        })),
      )
      return { items, next: page.next }
    },
    async replay({ workspace, params, query, signal, actor }) {
      const reader = await datasets.readerOf(actor)
      const after = positionIn(log.positions, query.after)
      const options = { after, limit: query.limit, signal }
      const dataset = await datasets.open(workspace, params.stream)
      let slice = await streams.read(reader, params.stream, options)
      if (slice.count === 0 && query.wait !== undefined) {
        const seconds = Math.min(60, Number(query.wait.slice(0, -1)))
        const topic = { workspace, name: params.stream }
        if (await rowsAfter({ streams, log }, topic, after, { waitMs: seconds * 1000, signal }))
          slice = await streams.read(reader, params.stream, options)
      }
      const json = dataset.columns.filter((column) => column.type === 'json').map((column) => column.name)
      const items = lines(slice.ndjson).map((line) =>
        withJsonValues(parseJsonValue(line) as Record<string, unknown>, json),
      )
      const more = !log.positions.covers(slice.last, await streams.end(workspace, params.stream))
      return { items, next: more ? slice.last : null, position: slice.last }
    },
  }
}

function positionIn(positions: Positions, text: string): Position {
  try {
    return positions.decode(text)
  } catch (error) {
    if (!(error instanceof BadPosition)) throw error
    throw streamErrors.bad_position({ position: text })
  }
}

function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

async function eventsOf(
  bytes: Buffer,
  type: string,
  headers: Readonly<Record<string, string | undefined>>,
  columns: () => Promise<ReadonlySet<string>>,
): Promise<IncomingEvents> {
  if (type.startsWith('application/cloudevents')) return await unwrapCloudEvents(await toNdjson(bytes), await columns())
  if (type !== 'application/json') return { ndjson: bytes }
  if (headers['ce-specversion'] === undefined) return { ndjson: await toNdjson(bytes) }
  const envelope = envelopeOf(bytes, (name) => headers[name])
  return await unwrapCloudEvents(await toNdjson(envelope), await columns())
}

function lines(ndjson: Uint8Array): string[] {
  return Buffer.from(ndjson.buffer, ndjson.byteOffset, ndjson.byteLength)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
}

/** Whether rows after the position are there, or come while the caller waits. */
async function rowsAfter(
  { streams, log }: { readonly streams: Streams; readonly log: Pick<Log, 'onAppended' | 'positions'> },
  { workspace, name }: TopicName,
  after: Position,
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const stop = (): void => resolve(false)
  const timer = setTimeout(stop, waitMs)
  signal.addEventListener('abort', stop, { once: true })
  const subscription = log.onAppended(({ topic, to }) => {
    if (topic.workspace === workspace && topic.name === name && !log.positions.covers(after, to)) resolve(true)
  })
  try {
    if (!log.positions.covers(after, await streams.end(workspace, name))) resolve(true)
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    subscription.close()
  }
}
