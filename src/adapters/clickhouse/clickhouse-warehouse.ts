import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { ClickHouseLogLevel, createClient, type ClickHouseClient, type ClickHouseSettings } from '@clickhouse/client'
import {
  WarehouseError,
  WarehouseUnavailable,
  type CommandSummary,
  type QueryOptions,
  type Warehouse,
  type WarehouseFeatures,
} from '#ports/warehouse'
import { answerStream } from './answer-stream.ts'
import { clickhouseLimits, clickhouseSettings } from './engine-settings.ts'
import { startClock } from './query-clock.ts'
import { warehouseError, wasRefused } from './warehouse-errors.ts'
import { watchProgress } from './progress.ts'

export interface ClickhouseOptions {
  /** Where the engine answers; asked before each call. Waits up to `waitMs` for one that starts again. */
  readonly endpoint: (waitMs: number) => Promise<ClickhouseEndpoint>
  readonly features: WarehouseFeatures
  /** Bounds the connections kept to the engine. */
  readonly connections?: number
  /**
   * How long a call may run past its limit of time before it is left. For a server, which looks at that
   * limit between blocks only. Without it the endpoint has a clock of its own, as the embedded engine has.
   */
  readonly overrunMs?: number
}

export interface ClickhouseEndpoint {
  readonly url: string
  readonly username: string
  readonly password: string
  readonly database?: string
}

const readsWaitMs = 20_000
const writesWaitMs = 2_000
const refusedForMs = 2_000
const defaultRows = 10_000
const aDayMs = 86_400_000

/** `http://user:password@host:8123/database` taken apart. */
export function endpointFromUrl(text: string): ClickhouseEndpoint {
  const url = new URL(text)
  const database = url.pathname.slice(1)
  const endpoint = {
    url: `${url.protocol}//${url.host}`,
    username: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
  }
  return database === '' ? endpoint : { ...endpoint, database }
}

export function openClickhouse(options: ClickhouseOptions): Warehouse {
  let latest: { endpoint: ClickhouseEndpoint; client: ClickHouseClient } | undefined
  let closed = false

  async function connect(waitMs: number): Promise<ClickHouseClient> {
    if (closed) throw new WarehouseUnavailable('The warehouse is closed.')
    const endpoint = await options.endpoint(waitMs)
    if (latest?.endpoint !== endpoint) {
      void latest?.client.close()
      latest = { endpoint, client: clientFor(endpoint, options.connections ?? 64) }
    }
    return latest.client
  }

  /**
   * A connection that is refused took nothing along, so the call may be made again: an engine that was
   * killed a moment ago refuses until its end is noticed and it is started anew.
   */
  async function call<T>(
    waitMs: number,
    query: QueryOptions,
    work: (client: ClickHouseClient, common: Common) => Promise<T>,
    repeatable = true,
  ): Promise<T> {
    const until = performance.now() + Math.min(waitMs, refusedForMs)
    for (;;) {
      try {
        return await attempt(waitMs, query, work)
      } catch (error) {
        if (!repeatable || !wasRefused(error) || performance.now() > until) throw error
        await sleep(20)
      }
    }
  }

  /** Runs one call with its abort, its clock, its progress and its errors. */
  async function attempt<T>(
    waitMs: number,
    given: QueryOptions,
    work: (client: ClickHouseClient, common: Common) => Promise<T>,
  ): Promise<T> {
    given.signal?.throwIfAborted()
    const client = await connect(waitMs)
    const clock = startClock(given, options.overrunMs)
    const query = clock.query
    const common = commonParameters(query)
    const stopProgress =
      query.onProgress === undefined ? undefined : watchProgress(client, common.query_id, query.onProgress)
    const onAbort = (): void => void stop(common.query_id)
    query.signal?.addEventListener('abort', onAbort, { once: true })
    let answer: T | undefined
    try {
      // The client would not look at a signal that was aborted before.
      query.signal?.throwIfAborted()
      answer = await work(client, common)
      return answer
    } catch (error) {
      throw warehouseError(error, query.signal)
    } finally {
      query.signal?.removeEventListener('abort', onAbort)
      stopProgress?.()
      if (answer instanceof Readable) answer.once('close', clock.stop)
      else clock.stop()
    }
  }

  /** The format goes beside the statement, not into its text, where `EXPLAIN` would take it for part of what it explains. */
  async function ask(client: ClickHouseClient, common: Common, sql: string, format: string): Promise<Readable> {
    const settings = { ...common.clickhouse_settings, default_format: format } as ClickHouseSettings // taken by the protocol, not a setting
    const { stream, response_headers } = await client.exec({ ...common, clickhouse_settings: settings, query: sql })
    const tag = String(response_headers['x-clickhouse-exception-tag'] ?? '')
    return answerStream(stream, tag, common.abort_signal, () => stop(common.query_id))
  }

  async function stop(queryId: string): Promise<void> {
    try {
      const client = await connect(0)
      await client.command({
        query: `KILL QUERY WHERE query_id = {id:String} OR Settings['log_comment'] = {id:String} ASYNC`,
        query_params: { id: queryId },
        http_headers: { 'x-millrace-lane': 'control' },
      })
    } catch {
      // The engine is gone, and the query with it.
    }
  }

  const warehouse: Warehouse = {
    features: options.features,
    rows(sql, query = {}) {
      const bounded = { ...query, limits: { rows: defaultRows, ...query.limits } }
      return call(readsWaitMs, bounded, async (client, common) => {
        const text = await textOf(await ask(client, common, sql, 'JSONEachRow'))
        const lines = text.split('\n').filter((line) => line !== '')
        return lines.map((line) => JSON.parse(line)) // the caller names the shape of its own SELECT
      })
    },
    stream(sql, format, query = {}) {
      return call(readsWaitMs, query, async (client, common) => {
        return ask(client, common, sql, format)
      })
    },
    command(sql, query = {}) {
      return call(writesWaitMs, query, async (client, common) => {
        const began = performance.now()
        const { summary } = await client.command({ ...common, query: sql })
        return commandSummary(common.query_id, summary, began)
      })
    },
    insert(sql, body, query = {}) {
      const send = async (client: ClickHouseClient, common: Common): Promise<CommandSummary> => {
        const began = performance.now()
        const values = body instanceof Uint8Array ? Readable.from([body], { objectMode: false }) : body
        try {
          const { stream, summary } = await client.exec({ ...common, query: sql, values })
          stream.resume()
          await once(stream, 'close')
          return commandSummary(common.query_id, summary, began)
        } finally {
          values.destroy()
        }
      }
      return call(writesWaitMs, query, send, body instanceof Uint8Array)
    },
    cancel: stop,
    async endQuery(queryId) {
      await stop(queryId)
      for (let waitMs = 5; ; waitMs = Math.min(waitMs * 2, 500)) {
        const running = await warehouse.rows(
          "SELECT 1 AS one FROM system.processes WHERE query_id = {id:String} OR Settings['log_comment'] = {id:String}",
          { lane: 'ingest', parameters: { id: queryId } },
        )
        if (running.length === 0) return
        await sleep(waitMs)
      }
    },
    async ping(timeoutMs) {
      const client = await connect(timeoutMs)
      const signal = AbortSignal.timeout(timeoutMs)
      try {
        const answer = await client.query({
          query: 'SELECT 1',
          format: 'JSONEachRow',
          abort_signal: signal,
          http_headers: { 'x-millrace-lane': 'control' },
        })
        await answer.text()
      } catch (error) {
        if (error instanceof WarehouseError) throw error
        throw new WarehouseUnavailable(`The warehouse did not answer within ${timeoutMs} ms.`, { cause: error })
      }
    },
    async close() {
      closed = true
      await latest?.client.close()
    },
  }
  return warehouse
}

function clientFor(endpoint: ClickhouseEndpoint, connections: number): ClickHouseClient {
  return createClient({
    url: endpoint.url,
    username: endpoint.username,
    password: endpoint.password,
    ...(endpoint.database === undefined ? {} : { database: endpoint.database }),
    max_open_connections: connections,
    request_timeout: aDayMs, // each query has its own limit of time, held by the engine
    keep_alive: { enabled: true, idle_socket_ttl: 10_000 },
    log: { level: ClickHouseLogLevel.OFF }, // its lines would carry statements and values
  })
}

interface Common {
  readonly query_id: string
  readonly query_params?: Record<string, unknown>
  readonly clickhouse_settings: ClickHouseSettings
  readonly abort_signal?: AbortSignal
  readonly http_headers: Record<string, string>
}

function commonParameters(query: QueryOptions): Common {
  const queryId = query.queryId ?? randomUUID()
  const { limits = {} } = query
  const settings: Record<string, string | number> = {
    output_format_json_quote_64bit_integers: 1,
    output_format_json_quote_decimals: 1,
    log_comment: queryId,
    ...clickhouseLimits(limits),
    ...clickhouseSettings(query.settings ?? {}),
    ...query.engineNames,
    // The client has no place for the database of one call; the protocol takes it beside the settings.
    ...(query.database === undefined ? {} : { database: query.database }),
  }
  return {
    query_id: queryId,
    clickhouse_settings: settings as ClickHouseSettings, // `engineNames` may be any
    http_headers: { 'x-millrace-lane': query.lane ?? 'query' },
    ...(query.parameters === undefined ? {} : { query_params: { ...query.parameters } }),
    ...(query.signal === undefined ? {} : { abort_signal: query.signal }),
  }
}

type Summary = NonNullable<Awaited<ReturnType<ClickHouseClient['command']>>['summary']>

function commandSummary(queryId: string, summary: Summary | undefined, began: number): CommandSummary {
  const count = (name: keyof Summary): number => Number(summary?.[name] ?? 0)
  return {
    queryId,
    rowsRead: count('read_rows'),
    rowsWritten: count('written_rows'),
    bytesRead: count('read_bytes'),
    bytesWritten: count('written_bytes'),
    elapsedMs: performance.now() - began,
  }
}
