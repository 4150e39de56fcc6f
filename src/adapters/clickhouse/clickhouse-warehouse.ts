import { once } from 'node:events'
import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClickHouseClient } from '@clickhouse/client'
import { parseJsonValue } from '#core/parse-json'
import {
  WarehouseError,
  WarehouseUnavailable,
  type CommandSummary,
  type Warehouse,
  type WarehouseFeatures,
} from '#ports/warehouse'
import { readFailure } from './engine-failure.ts'
import { clickhouseCalls, type CallOptions, type Common } from './calls.ts'

export interface ClickhouseOptions extends CallOptions {
  readonly features: WarehouseFeatures
}

const readsWaitMs = 20_000
const writesWaitMs = 2_000
const defaultRows = 10_000

export function openClickhouse(options: ClickhouseOptions): Warehouse {
  const { connect, call, ask, stop, close } = clickhouseCalls(options)
  const warehouse: Warehouse = {
    features: options.features,
    readFailure,
    rows(sql, query = {}) {
      const bounded = { ...query, limits: { rows: defaultRows, ...query.limits } }
      return call(readsWaitMs, bounded, async (client, common) => {
        const text = await textOf(await ask(client, common, sql, 'JSONEachRow'))
        const lines = text.split('\n').filter((line) => line !== '')
        return lines.map((line): any => parseJsonValue(line)) // `any`: the caller names the shape of its own SELECT
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
    close,
  }
  return warehouse
}

type Summary = NonNullable<Awaited<ReturnType<ClickHouseClient['command']>>['summary']>

function commandSummary(queryId: string, summary: Summary | undefined, began: number): CommandSummary {
  const count = (name: keyof Summary): number => Number(summary?.[name] ?? 0)
  return {
    queryId,
    rowsRead: count('read_rows'),
    rowsWritten: count('written_rows'),
    bytesWritten: count('written_bytes'),
    elapsedMs: performance.now() - began,
  }
}
