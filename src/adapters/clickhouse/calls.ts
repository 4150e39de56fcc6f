/** Calls to the engine: which client they take, how long they may last, and how they are stopped. */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import { WarehouseUnavailable, type QueryOptions } from '#ports/warehouse'
import { answerStream } from './answer-stream.ts'
import { clientFor, type ClickhouseEndpoint } from './endpoint.ts'
import { clickhouseLimits, clickhouseSettings } from './engine-settings.ts'
import { watchProgress } from './progress.ts'
import { startClock } from './query-clock.ts'
import { warehouseError, wasRefused } from './warehouse-errors.ts'

const refusedForMs = 2_000

export interface CallOptions {
  /** Where the engine answers; asked before each call. Waits up to `waitMs` for one that starts again. */
  readonly endpoint: (waitMs: number) => Promise<ClickhouseEndpoint>
  /** Bounds the connections kept to the engine. */
  readonly connections?: number
  /**
   * How long a call may run past its limit of time before it is left. For a server, which looks at that
   * limit between blocks only. Without it the endpoint has a clock of its own, as the embedded engine has.
   */
  readonly overrunMs?: number
}

export interface ClickhouseCalls {
  connect(waitMs: number): Promise<ClickHouseClient>
  /** Runs `work` with its abort, its clock, its progress and its errors. */
  call<T>(waitMs: number, query: QueryOptions, work: Work<T>, repeatable?: boolean): Promise<T>
  ask(client: ClickHouseClient, common: Common, sql: string, format: string): Promise<Readable>
  stop(queryId: string): Promise<void>
  close(): Promise<void>
}

export type Work<T> = (client: ClickHouseClient, common: Common) => Promise<T>

export function clickhouseCalls(options: CallOptions): ClickhouseCalls {
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
  async function call<T>(waitMs: number, query: QueryOptions, work: Work<T>, repeatable = true): Promise<T> {
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
  async function attempt<T>(waitMs: number, given: QueryOptions, work: Work<T>): Promise<T> {
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

  return {
    connect,
    call,
    ask,
    stop,
    async close() {
      closed = true
      await latest?.client.close()
    },
  }
}

export interface Common {
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
