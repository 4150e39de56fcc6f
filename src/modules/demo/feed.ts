import type { Feed } from '#sdk'
import type { Logger } from '#kernel/module'
import type { Streams } from '#modules/streams'
import type { Clock } from '#ports/clock'
import type { Metadata } from '#ports/metadata'
import { nextWindow } from './window.ts'

export interface RunningFeed {
  state(): { stream: string; until: number | undefined; caughtUp: boolean; running: boolean }
  stop(): Promise<void>
}

interface Parts {
  readonly workspace: string
  readonly feed: Feed
  readonly streams: Streams
  readonly metadata: Metadata
  readonly clock: Clock
  readonly log: Logger
  readonly stopping: AbortSignal
  /** Resolves when somebody watches numbers of the workspace, or the signal aborts. */
  readonly whenWatched: (signal: AbortSignal) => Promise<void>
}

/** The time between two windows: short while somebody watches, because each window costs a write of the engine. */
const rest = { watchedMs: 500, unwatchedMs: 5_000 }

/** Sends a feed's events window by window: its history first, then the present, twice a second while somebody watches. */
export function runFeed(parts: Parts): RunningFeed {
  const { workspace, feed, streams, clock, log } = parts
  const sql = parts.metadata.inWorkspace(workspace)
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, parts.stopping])
  let until: number | undefined
  let caughtUp = false

  async function progress(): Promise<{ done: number; planned: number } | undefined> {
    const { rows } = await sql.query<{ done: string; planned: string }>(
      `select (extract(epoch from done) * 1000)::bigint::text as done, (extract(epoch from planned) * 1000)::bigint::text as planned
       from demo.feed where stream = $1`,
      [feed.stream],
    )
    return rows[0] && { done: Number(rows[0].done), planned: Number(rows[0].planned) }
  }

  async function send(window: { from: number; to: number }): Promise<void> {
    await sql.query(
      `insert into demo.feed (workspace, stream, done, planned) values ($1, $2, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000))
       on conflict (workspace, stream) do update set done = excluded.done, planned = excluded.planned`,
      [workspace, feed.stream, window.from, window.to],
    )
    const events = feed.events(window.from, window.to)
    if (events.length > 0) {
      const ndjson = Buffer.from(events.map((event) => JSON.stringify(event)).join('\n') + '\n')
      await streams.ingest(workspace, feed.stream, { ndjson, idempotencyKey: `feed-${window.from}-${window.to}` })
    }
    await sql.query(`update demo.feed set done = planned where stream = $1`, [feed.stream])
  }

  async function pause(): Promise<void> {
    await clock.sleep(rest.watchedMs, signal)
    const over = new AbortController()
    const either = AbortSignal.any([signal, over.signal])
    await Promise.race([
      parts.whenWatched(either),
      clock.sleep(rest.unwatchedMs - rest.watchedMs, either).catch(() => undefined),
    ])
    over.abort()
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const window = nextWindow(await progress(), clock.now(), feed.historyMs)
        if (window !== undefined) {
          await send(window)
          until = window.to
          if (clock.now() - window.to > 5000) continue
        }
        caughtUp = true
        await pause()
      } catch (error) {
        if (signal.aborted) return
        log.warn(
          { err: error, stream: feed.stream },
          'the demo feed could not send its events and tries again in five seconds',
        )
        await clock.sleep(5000, signal).catch(() => {})
      }
    }
  }

  const running = run()
  return {
    state: () => ({ stream: feed.stream, until, caughtUp, running: !signal.aborted }),
    async stop() {
      stop.abort()
      await running
    },
  }
}
