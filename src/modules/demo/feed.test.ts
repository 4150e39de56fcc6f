import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { manualClock } from '#adapters/clock-manual'
import type { Logger } from '#kernel/module'
import type { Streams } from '#modules/streams'
import type { Metadata } from '#ports/metadata'
import { runFeed } from './feed.ts'

const log: Logger = { debug() {}, info() {}, warn: (_, message) => assert.fail(message), error() {} }

/** Keeps what the feed writes down: the end of the last window, planned and done. */
function progressTable(): Metadata {
  let progress: { done: string; planned: string } | undefined
  const query = async (sql: string, values: readonly unknown[]) => {
    if (sql.startsWith('select')) return { rows: progress === undefined ? [] : [progress] }
    if (sql.startsWith('insert')) progress = { done: String(values[2]), planned: String(values[3]) }
    else if (progress !== undefined) progress.done = progress.planned
    return { rows: [] }
  }
  return { inWorkspace: () => ({ query }) } as unknown as Metadata
}

test('a feed sends its windows far apart while nobody watches, at once when somebody comes, and loses no second', async () => {
  const clock = manualClock()
  const sentAt: number[] = []
  const seconds: unknown[] = []
  const streams = {
    ingest: async (_workspace: string, _stream: string, { ndjson }: { ndjson: Uint8Array }) => {
      sentAt.push(clock.now() - start)
      for (const line of Buffer.from(ndjson).toString().trim().split('\n')) seconds.push(JSON.parse(line).second)
    },
  } as unknown as Streams
  const start = clock.now()
  let watched = false
  let enter = (): void => undefined
  const feed = runFeed({
    workspace: 'demo',
    feed: {
      stream: 'ticks',
      historyMs: 10_000,
      events: (from, to) =>
        Array.from({ length: (to - from) / 1000 }, (_, second) => ({ second: (from - start) / 1000 + second })),
    },
    streams,
    metadata: progressTable(),
    clock,
    log,
    stopping: new AbortController().signal,
    whenWatched: async (signal) => {
      if (watched) return
      await new Promise<void>((resolve) => {
        enter = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    },
  })
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 250) {
      await setImmediate()
      await clock.advance(250)
    }
    await setImmediate()
  }
  await pass(16_000)
  assert.deepEqual(sentAt, [0, 5_000, 10_000, 15_000])
  watched = true
  enter()
  await pass(3_000)
  await feed.stop()
  assert.ok(sentAt.length >= 7, `${sentAt.length} windows`)
  assert.deepEqual(
    seconds,
    seconds.map((_, index) => index - 10),
  )
  assert.equal(seconds.length, Math.floor((sentAt.at(-1) ?? 0) / 1000) + 10)
})
