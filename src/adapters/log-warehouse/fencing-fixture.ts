/**
 * A server that writes one topic on stores which another one shares: the guard of the stores is left out, so that
 * only fencing protects them. As a program it is the holder that the test stops in the middle of a write.
 */
import { randomUUID } from 'node:crypto'
import { openClickhouse } from '#adapters/clickhouse'
import { systemClock } from '#adapters/clock-system'
import { metadataLeases } from '#adapters/leases-metadata'
import { postgresMetadata } from '#adapters/postgres'
import type { Log, Position, Topic } from '#ports/log'
import type { Metadata } from '#ports/metadata'
import type { Warehouse } from '#ports/warehouse'
import { openWarehouseLog } from './log.ts'

export interface Place {
  readonly databaseUrl: string
  readonly endpoint: { readonly url: string; readonly username: string; readonly password: string }
  readonly topic: Omit<Topic, 'rememberIdsMs'>
}

export interface Writing {
  readonly log: Log
  readonly topic: Topic
  readonly warehouse: Warehouse
  close(): Promise<void>
}

const lapseMs = 1_500

export async function openWriter(
  { databaseUrl, endpoint, topic: given }: Place,
  wrap: (warehouse: Warehouse) => Warehouse = (warehouse) => warehouse,
): Promise<Writing> {
  const metadata = await postgresMetadata({ url: databaseUrl })
  const plain = openClickhouse({ endpoint: async () => endpoint, features: { localFiles: false } })
  const warehouse = wrap(plain)
  const server = await unguardedServer(metadata)
  const leases = metadataLeases({ metadata, server, lapseMs })
  const log = await openWarehouseLog({ warehouse, metadata, leases, clock: systemClock(), lingerMs: 0 })
  const topic = { ...given, rememberIdsMs: 86_400_000 }
  await log.open(topic)
  return {
    log,
    topic,
    warehouse: plain,
    async close() {
      await log.close()
      server.stop()
      await plain.close()
      await metadata.close()
    },
  }
}

async function unguardedServer(metadata: Metadata) {
  const id = randomUUID()
  await metadata.system.query(
    `insert into stores.server (id, home, host, process, version, role) values ($1, 'home', 'test', $2, '1', 'all')`,
    [id, process.pid],
  )
  const listeners: (() => Promise<void>)[] = []
  const beat = async (): Promise<void> => {
    await metadata.system.query('update stores.server set heartbeat = clock_timestamp() where id = $1', [id])
    for (const listener of listeners) await listener()
  }
  const timer = setInterval(() => void beat().catch(() => undefined), lapseMs / 5)
  timer.unref()
  return {
    id,
    onHeartbeat: (listener: () => Promise<void>) => void listeners.push(listener),
    stop: () => clearInterval(timer),
  }
}

export type StopAt = 'before the insert' | 'in the insert' | 'before the attach'

export type HolderMessage =
  | { readonly stopping: true }
  | { readonly appended: string; readonly rows: number; readonly to: Position }
  | { readonly refused: string; readonly code: string }
  | { readonly ended: true }

if (process.send !== undefined && import.meta.filename === process.argv[1]) {
  const [place, stopAt] = JSON.parse(process.argv[2] ?? '') as [Place, StopAt]
  await hold(place, stopAt)
  process.disconnect()
}

/** Appends two blocks, is stopped in the third, and continues with a fourth. */
async function hold(place: Place, stopAt: StopAt): Promise<void> {
  let armed = false
  const tell = (message: HolderMessage): Promise<void> =>
    new Promise((resolve) => process.send?.(message, () => resolve()))
  const stop = async (): Promise<void> => {
    armed = false
    await tell({ stopping: true })
    process.kill(process.pid, 'SIGSTOP')
  }
  const writing = await openWriter(place, (warehouse) => ({
    ...warehouse,
    async insert(sql, body, options = {}) {
      if (!armed || !sql.includes(place.topic.table)) return await warehouse.insert(sql, body, options)
      if (stopAt === 'before the insert') await stop()
      if (stopAt !== 'in the insert') return await warehouse.insert(sql, body, options)
      const slow = sql.replace(' WHERE ', ' WHERE sleepEachRow(0.9) = 0 AND ')
      const running = warehouse.insert(slow, body, options)
      running.catch(() => undefined)
      await hasStarted(warehouse, options.queryId ?? '')
      await stop()
      return await running
    },
    async command(sql, options) {
      if (armed && stopAt === 'before the attach' && sql.includes('ATTACH PARTITION')) await stop()
      return await warehouse.command(sql, options)
    },
  }))
  const append = async (id: string, once = false): Promise<void> => {
    const block =
      stopAt === 'before the attach'
        ? { id, select: `SELECT '${id}' AS id, number AS n FROM numbers(3)` }
        : { id, ndjson: rowsOf(id), count: 3, once }
    try {
      const { rows, to } = await writing.log.append(place.topic, block)
      await tell({ appended: id, rows, to })
    } catch (error) {
      await tell({ refused: id, code: String((error as { code?: unknown }).code ?? error) })
    }
  }
  await append('a')
  await append('b', true)
  armed = true
  await append('c')
  await append('late')
  await tell({ ended: true })
  await writing.close()
}

async function hasStarted(warehouse: Warehouse, queryId: string): Promise<void> {
  for (;;) {
    const running = await warehouse.rows(
      `SELECT 1 FROM system.processes WHERE query_id = {id:String} OR Settings['log_comment'] = {id:String}`,
      { lane: 'query', parameters: { id: queryId } },
    )
    if (running.length > 0) return
  }
}

export function rowsOf(id: string): Buffer {
  return Buffer.from([0, 1, 2].map((n) => `${JSON.stringify({ id, n })}\n`).join(''))
}
