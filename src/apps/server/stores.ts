import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileBlobs } from '#adapters/blobs-files'
import { memoryBus } from '#adapters/bus-memory'
import { startEngine, type EngineEvent } from '#adapters/chdb'
import { endpointFromUrl, openClickhouse } from '#adapters/clickhouse'
import { systemClock } from '#adapters/clock-system'
import { pgBossJobs } from '#adapters/jobs-pgboss'
import { memoryLeases } from '#adapters/leases-memory'
import { metadataLeases } from '#adapters/leases-metadata'
import { openWarehouseLog } from '#adapters/log-warehouse'
import { outboxMail } from '#adapters/mail-outbox'
import { smtpMail } from '#adapters/mail-smtp'
import { pgliteMetadata } from '#adapters/pglite'
import { postgresMetadata } from '#adapters/postgres'
import type { RootLogger } from '#kernel/boot'
import { withoutPassword, type Settings } from '#kernel/server-settings'
import { guardStores, lapseAfterMs } from '#kernel/guard-stores'
import { homeIdentity } from '#kernel/home-id'
import type { KernelPorts } from '#kernel/module'
import { StartRefused } from './start-refused.ts'
import { version } from './version.ts'

export interface Stores {
  readonly ports: KernelPorts
  /** Aborted when another server has taken these stores over. */
  readonly replaced: AbortSignal
  close(): Promise<void>
}

type Closing = () => Promise<void>

/**
 * Opens what the settings name, embedded otherwise, metadata and engine side by side; when one fails, those that
 * opened are closed again. Nothing is read or recovered before the stores are known to be this server's.
 * The caller holds the home's lock.
 */
export async function openStores(
  settings: Settings,
  log: RootLogger,
  onStep: (step: string) => void = () => undefined,
): Promise<Stores> {
  const closings: Closing[] = []
  const opened = <T>(store: T, closing: Closing): T => {
    closings.push(closing)
    return store
  }
  const close = async () => {
    for (const closing of closings.splice(0).toReversed()) {
      await closing().catch((error: unknown) => log.error({ err: error }, 'a store did not close cleanly'))
    }
  }
  const { home, durability, databaseUrl, clickhouseUrl } = settings

  const openMetadata = async () => {
    const metadata = databaseUrl
      ? await postgresMetadata({
          url: databaseUrl,
          onError: (error) => log.error({ err: error }, 'a connection to PostgreSQL failed'),
        })
      : await pgliteMetadata({ directory: join(home, 'metadata'), durability })
    return opened(metadata, () => metadata.close())
  }
  const openWarehouse = async () => {
    if (clickhouseUrl) {
      const endpoint = endpointFromUrl(clickhouseUrl)
      const outside = openClickhouse({
        endpoint: async () => endpoint,
        features: { localFiles: false },
        overrunMs: 3_000,
      })
      opened(outside, () => outside.close())
      await outside.ping(10_000)
      return outside
    }
    const engine = await startEngine({ home, durability, onEvent: (event) => logEngineEvent(event, log) })
    opened(engine, () => engine.stop())
    const warehouse = openClickhouse({ endpoint: engine.endpoint, features: { localFiles: true, exclusive: true } })
    return opened(warehouse, () => warehouse.close())
  }
  const openBlobs = async () => {
    const blobs = await fileBlobs({ directory: join(home, 'blobs'), durability })
    return opened(blobs, () => blobs.close())
  }

  try {
    const clock = systemClock()
    const bus = memoryBus({ onListenerError: (error, topic) => log.error({ err: error, topic }, 'a listener failed') })
    opened(bus, () => bus.close())
    const [metadata, warehouse, blobs] = await allOpened([
      named('metadata', join(home, 'metadata'), openMetadata(), { DATABASE_URL: databaseUrl }),
      named('warehouse', join(home, 'warehouse'), openWarehouse(), { CLICKHOUSE_URL: clickhouseUrl }),
      named('blobs', join(home, 'blobs'), openBlobs()),
    ])
    const alone = databaseUrl === undefined
    const lapseMs = lapseAfterMs
    const identity = { home: homeIdentity(home), host: hostname(), process: process.pid, version, role: 'all' }
    const presence = await guardStores({ metadata, warehouse, clock, log, identity, alone, lapseMs, onWait: onStep })
    opened(presence, () => presence.end())
    const leases = alone ? memoryLeases() : metadataLeases({ metadata, server: presence, lapseMs })
    opened(leases, () => leases.close())
    const jobs = await pgBossJobs({
      metadata,
      clock,
      alone,
      leases,
      onError: (error) => log.error({ err: error }, 'the job queue reports a fault'),
    })
    opened(jobs, () => jobs.close())
    const events = await openWarehouseLog({ warehouse, metadata, clock, leases })
    opened(events, () => events.close())
    const { smtpUrl } = settings
    const mail = smtpUrl ? smtpMail({ url: smtpUrl }) : await outboxMail({ metadata, clock })
    opened(mail, () => mail.close())
    return {
      ports: { metadata, warehouse, log: events, blobs, bus, jobs, clock, leases, mail },
      replaced: presence.replaced,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A store that does not open is named with its place: a damaged home, or an outside server that does not answer. */
function named<T>(
  store: string,
  place: string,
  opening: Promise<T>,
  outside: Record<string, string | undefined> = {},
): Promise<T> {
  return opening.catch((error: unknown) => {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.replace(/\.$/, '')
    const [given] = Object.entries(outside).filter(([, url]) => url !== undefined)
    const sentence = given
      ? `${given[0]} is "${withoutPassword(given[1] ?? '')}", and the ${store} there could not be opened: ${reason}. Look at that server, or unset the variable.`
      : `The ${store} in "${place}" could not be opened: ${reason}. If the folder is damaged, restore the home from a backup, or set MILLRACE_HOME to another folder.`
    throw new StartRefused(sentence, { cause: error })
  })
}

/** Like `Promise.all`, but waits for all, so that nothing opens after a failure has been cleaned up. */
async function allOpened<T extends readonly unknown[]>(openings: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(openings)
  return (await Promise.all(openings)) as unknown as T
}

function logEngineEvent(event: EngineEvent, log: RootLogger): void {
  if (event.kind === 'ready') log.debug({ ...event }, 'the warehouse engine is ready')
  else if (event.kind === 'left-behind') log.warn({}, 'ended a warehouse engine that a dead server had left behind')
  else
    log.warn(
      { ...event },
      event.kind === 'hung'
        ? 'the warehouse engine hangs and is restarted'
        : event.kind === 'stuck'
          ? 'too many queries of the warehouse engine do not stop, and it is restarted'
          : 'the warehouse engine ended and is restarted',
    )
}
