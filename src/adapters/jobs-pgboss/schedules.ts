/**
 * Schedules of our own, because pg-boss' looks back from each minute and so fires a time of day
 * twice where the clocks go back and never where they jump, and forgets what it slept through.
 */
import { createHash } from 'node:crypto'
import { nextTime } from '#core/cron'
import type { Clock } from '#ports/clock'
import type { JobData, JobSchedule } from '#ports/jobs'
import { heldSql, LeaseHeld, type Lease, type Leases } from '#ports/leases'
import type { Metadata } from '#ports/metadata'

export interface Schedules {
  set(queue: string, schedule: JobSchedule): Promise<void>
  remove(queue: string, key: string): Promise<void>
  close(): Promise<void>
}

/** A schedule whose time has come. The id belongs to that time: a job queued under it twice is one job. */
export interface Due {
  readonly queue: string
  readonly key: string
  readonly data: JobData
  readonly id: string
}

interface Row {
  readonly queue: string
  readonly key: string
  readonly cron: string
  readonly zone: string
  readonly data: JobData
  readonly next_at: Date
}

export async function openSchedules(parts: {
  readonly metadata: Metadata
  readonly clock: Clock
  readonly fire: (due: Due) => Promise<void>
  readonly onError: ((error: Error) => void) | undefined
  /** Absent where no other process fires the same schedules. */
  readonly leases: Leases | undefined
}): Promise<Schedules> {
  const { clock } = parts
  const sql = parts.metadata.system
  await parts.metadata.script(`
    create schema if not exists schedules;
    create table if not exists schedules.schedule (
      queue text not null,
      key text not null,
      cron text not null,
      zone text not null,
      data jsonb not null,
      next_at timestamptz not null,
      primary key (queue, key)
    )`)
  let closing = false
  let pause = new AbortController()

  let lease: Lease | undefined
  const hold = async (leases: Leases): Promise<void> => {
    if (lease === undefined || lease.lost.aborted) lease = await leases.acquire('scheduler')
  }

  const fire = async ({ queue, key, cron, zone, data, next_at }: Row): Promise<void> => {
    const next = new Date(nextTime(cron, zone, clock.now()))
    await parts.fire({ queue, key, data, id: idOf(queue, key, next_at) })
    const held = lease === undefined ? sql : heldSql(lease, sql)
    await held.query('update schedules.schedule set next_at = $4 where queue = $1 and key = $2 and next_at = $3', [
      queue,
      key,
      next_at,
      next,
    ])
  }
  /** Runs the due schedules. Returns the milliseconds until the next one. */
  const look = async (): Promise<number> => {
    if (parts.leases !== undefined) await hold(parts.leases)
    const due = await sql.query<Row>('select * from schedules.schedule where next_at <= $1 order by next_at', [
      new Date(clock.now()),
    ])
    let failed = false
    for (const row of due.rows) {
      await fire(row).catch((error: Error) => {
        failed = true
        parts.onError?.(error)
      })
    }
    if (failed) return longestMs
    const { rows } = await sql.query<{ next: Date | null }>('select min(next_at) as next from schedules.schedule')
    return Math.min(longestMs, Math.max(0, (rows[0]?.next?.getTime() ?? Infinity) - clock.now()))
  }
  const loop = async (): Promise<void> => {
    while (!closing) {
      pause = new AbortController()
      const ms = await look().catch((error: Error) => {
        // Another server fires; it is asked again whether it still does.
        if (!(error instanceof LeaseHeld)) parts.onError?.(error)
        return longestMs
      })
      if (ms > 0) await clock.sleep(ms, pause.signal).catch(() => undefined)
    }
  }
  const looping = loop()

  return {
    set: async (queue, { key, cron, zone, data }) => {
      const next = new Date(nextTime(cron, zone, clock.now()))
      await sql.query(
        `insert into schedules.schedule (queue, key, cron, zone, data, next_at) values ($1, $2, $3, $4, $5::jsonb, $6)
         on conflict (queue, key) do update set data = excluded.data, cron = excluded.cron, zone = excluded.zone,
           next_at = case when (schedule.cron, schedule.zone) = (excluded.cron, excluded.zone)
             then schedule.next_at else excluded.next_at end`,
        [queue, key, cron, zone, JSON.stringify(data), next],
      )
      pause.abort()
    },
    remove: async (queue, key) => {
      await sql.query('delete from schedules.schedule where queue = $1 and key = $2', [queue, key])
    },
    close: async () => {
      closing = true
      pause.abort()
      await looping
      await lease?.release()
    },
  }
}

/** A machine that sleeps stops its timers too, so that the time is looked at now and then. */
const longestMs = 15_000

function idOf(queue: string, key: string, time: Date): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([queue, key, time]))
    .digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
