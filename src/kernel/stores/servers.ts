/**
 * The servers of a metadata database: who runs on it now, and who ran. One at a time; SPEC.md beside
 * this file has the rules, docs/decisions/0011-guarded-stores.md the reasons.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '#ports/clock'
import type { Metadata } from '#ports/metadata'
import type { Logger } from '../module/module.ts'
import { storesErrors } from './store-errors.ts'

export interface ServerIdentity {
  /** Of the folder whose lock this process holds: a server of the same home is dead once the lock is ours. */
  readonly home: string
  readonly host: string
  readonly process: number
  readonly version: string
  readonly role: string
}

export interface ServerPresence {
  readonly id: string
  /** Aborted when another server has taken this one's place; the reason is the sentence about it. */
  readonly replaced: AbortSignal
  /** Called after each heartbeat. */
  onHeartbeat(listener: () => Promise<void>): void
  /** Writes a heartbeat now. */
  beat(): Promise<void>
  /** Says that this server has ended, so that the next one need not wait. */
  end(): Promise<void>
}

export interface JoinOptions {
  readonly metadata: Metadata
  readonly clock: Clock
  readonly log: Logger
  readonly identity: ServerIdentity
  /** No other process can open this metadata database: nothing is waited for, and no heartbeats are written. */
  readonly alone: boolean
  /** A server without a heartbeat for this long counts as dead. Default 12 s. */
  readonly lapseMs?: number
  readonly onWait?: (sentence: string) => void
}

/** Three heartbeats fit into the time after which a server counts as dead. */
export const lapseAfterMs = 12_000
const beatsPerLapse = 3
const lookEveryMs = 250

interface Running {
  readonly id: string
  readonly host: string
  readonly process: number
  readonly started: Date
  readonly heartbeat: Date
  /** Since the last heartbeat, by the database's clock. */
  readonly silentMs: number
}

/** Takes the place of the one server on this database, or rejects with `stores.in_use` when another lives. */
export async function joinServers(options: JoinOptions): Promise<ServerPresence> {
  const { metadata, identity, alone, lapseMs = lapseAfterMs } = options
  const id = randomUUID()
  let first: Running | undefined
  for (;;) {
    const living = await takePlace({ metadata, identity, alone, lapseMs }, id)
    if (living === undefined) break
    const { host, process, started } = living
    if (first?.id === living.id && living.heartbeat > first.heartbeat)
      throw storesErrors.in_use({ host, process, since: started.toISOString() })
    if (first?.id !== living.id) {
      first = living
      const rest = Math.max(1, Math.ceil((lapseMs - living.silentMs) / 1000))
      options.onWait?.(
        `process ${process} on ${host} (since ${started.toISOString()}) uses the same stores; waiting for up to ${rest} s to see whether it lives`,
      )
    }
    await sleep(lookEveryMs)
  }
  return alone ? presenceAlone(metadata, id) : presence(options, id, lapseMs)
}

/** Returns the living server that keeps the place. */
async function takePlace(
  { metadata, identity, alone, lapseMs }: Pick<JoinOptions, 'metadata' | 'identity' | 'alone'> & { lapseMs: number },
  id: string,
): Promise<Running | undefined> {
  const { home, host, process, version, role } = identity
  return await metadata.system.transaction(async (session) => {
    // One at a time: the rows cannot change between looking and taking.
    if (!alone) await session.query('lock table stores.server in exclusive mode')
    const { rows } = await session.query<Running & { readonly home: string }>(
      `select id, home, host, process, started, heartbeat,
         (extract(epoch from clock_timestamp() - heartbeat) * 1000)::float8 as "silentMs"
       from stores.server where ended is null order by heartbeat desc`,
    )
    const living = alone ? undefined : rows.find((row) => row.home !== home && row.silentMs < lapseMs)
    if (living !== undefined) return living
    await session.query('update stores.server set ended = clock_timestamp() where ended is null')
    await session.query(
      `insert into stores.server (id, home, host, process, version, role, started, heartbeat)
       values ($1, $2, $3, $4, $5, $6, clock_timestamp(), clock_timestamp())`,
      [id, home, host, process, version, role],
    )
    await session.query(`delete from stores.server where ended < now() - interval '90 days'`)
    return undefined
  })
}

function presenceAlone(metadata: Metadata, id: string): ServerPresence {
  return {
    id,
    replaced: new AbortController().signal,
    onHeartbeat: () => undefined,
    beat: async () => undefined,
    end: () => endServer(metadata, id),
  }
}

function presence({ metadata, clock, log }: JoinOptions, id: string, lapseMs: number): ServerPresence {
  const replaced = new AbortController()
  const listeners: (() => Promise<void>)[] = []
  let beating: Promise<void> | undefined

  const beatOnce = async (): Promise<void> => {
    const { affected } = await metadata.system.query(
      'update stores.server set heartbeat = clock_timestamp() where id = $1 and ended is null',
      [id],
    )
    if (affected === 0 && !replaced.signal.aborted) replaced.abort(new Error(await replacedSentence(metadata)))
    for (const listener of listeners) await listener()
  }
  const beat = (): Promise<void> => (beating ??= beatOnce().finally(() => (beating = undefined)))
  const timer = clock.every(lapseMs / beatsPerLapse, () => {
    beat().catch((error: unknown) => log.warn({ err: error }, 'a heartbeat could not be written'))
  })
  return {
    id,
    replaced: replaced.signal,
    onHeartbeat: (listener) => void listeners.push(listener),
    beat,
    async end() {
      timer.stop()
      await beating?.catch(() => undefined)
      await endServer(metadata, id)
    },
  }
}

async function endServer(metadata: Metadata, id: string): Promise<void> {
  await metadata.system.query('update stores.server set ended = clock_timestamp() where id = $1 and ended is null', [
    id,
  ])
}

async function replacedSentence(metadata: Metadata): Promise<string> {
  const { rows } = await metadata.system.query<Running>(
    'select host, process, started from stores.server where ended is null order by started desc limit 1',
  )
  const by = rows[0]
  const who = by ? `process ${by.process} on ${by.host} (since ${by.started.toISOString()})` : 'another server'
  return `The stores of this server have been taken over by ${who}, because this one gave no sign of life. This server stops.`
}
