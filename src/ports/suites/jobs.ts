import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { until } from '#tests/house/until'
import type { Clock } from '../clock.ts'
import { RetryAfter, type Job, type Jobs } from '../jobs.ts'

/** A clock that the suite turns. */
export interface TurnedClock extends Clock {
  advance(ms: number): Promise<void>
}

/** `open` may be called again after `close`, and then finds the jobs of before; `closed` cleans up at the end. */
export function registerJobsSuite(
  name: string,
  open: (clock: Clock) => Promise<Jobs>,
  clockAt: (start: number) => TurnedClock,
  closed: () => Promise<void> = async () => {},
): void {
  describe(`jobs: ${name}`, () => {
    let jobs: Jobs
    const clock = clockAt(Date.parse('2026-03-28T12:00Z'))
    before(async () => {
      jobs = await open(clock)
    })
    after(async () => {
      await jobs.close(100)
      await closed()
    })
    const newQueue = (): string => `test-${randomUUID()}`

    test('a job reaches the handler with its data, soon', async () => {
      const queue = newQueue()
      const seen: { job: Job; at: number }[] = []
      await jobs.work(queue, async (job) => void seen.push({ job, at: Date.now() }))
      await new Promise((resolve) => setTimeout(resolve, 300))
      const sent = Date.now()
      const id = await jobs.enqueue(queue, { path: ['a', 1, null] })
      await until('1 seen', () => seen.length === 1)
      assert.deepEqual(seen[0]?.job, { id, data: { path: ['a', 1, null] }, attempt: 1 })
      assert.ok((seen[0]?.at ?? Infinity) - sent < 1000, `${(seen[0]?.at ?? 0) - sent} ms`)
    })

    test('jobs that came before the handler are worked too', async () => {
      const queue = newQueue()
      await jobs.enqueue(queue, { n: 1 })
      const seen: unknown[] = []
      await jobs.work(queue, async (job) => void seen.push(job.data['n']))
      await until('1 seen', () => seen.length === 1)
    })

    test('no more jobs run at once than the concurrency says, and all run once', async () => {
      const queue = newQueue()
      let now = 0
      let most = 0
      const seen: number[] = []
      await jobs.work(
        queue,
        async (job) => {
          most = Math.max(most, ++now)
          await new Promise((resolve) => setTimeout(resolve, 20))
          now -= 1
          seen.push(job.data['n'] as number)
        },
        { concurrency: 3 },
      )
      await Promise.all(Array.from({ length: 12 }, async (_, n) => await jobs.enqueue(queue, { n })))
      await until('12 seen', () => seen.length === 12)
      assert.equal(most, 3)
      assert.equal(new Set(seen).size, 12)
    })

    test('a failure is tried again as often as asked, and no more', async () => {
      const queue = newQueue()
      const attempts: number[] = []
      await jobs.work(queue, async (job) => {
        attempts.push(job.attempt)
        throw new Error('no')
      })
      await jobs.enqueue(queue, {}, { retries: 2 })
      await until('3 attempts', () => attempts.length === 3)
      await new Promise((resolve) => setTimeout(resolve, 200))
      assert.deepEqual(attempts, [1, 2, 3])
    })

    test('a failure that names the time of the next attempt has it in place of the usual delay', async () => {
      const queue = newQueue()
      const attempts: number[] = []
      await jobs.work(queue, async ({ attempt }) => {
        attempts.push(attempt)
        if (attempt === 1) throw new RetryAfter('Come again.', 1)
        if (attempt === 2) throw new RetryAfter('Come much later.', 3_600_000)
      })
      await jobs.enqueue(queue, {}, { retries: 5, retryDelayMs: 3_600_000 })
      await until('2 attempts', () => attempts.length === 2)
      const other = newQueue()
      await jobs.work(other, async () => void attempts.push(0))
      await jobs.enqueue(other, {}, { delayMs: 1_500 })
      await until('more than 2 attempts', () => attempts.length > 2)
      assert.deepEqual(attempts, [1, 2, 0])
    })

    test('a delayed job waits', async () => {
      const queue = newQueue()
      let at = 0
      await jobs.work(queue, async () => void (at = Date.now()))
      const sent = Date.now()
      await jobs.enqueue(queue, {}, { delayMs: 400 })
      await until('more than 0 at', () => at > 0)
      assert.ok(at - sent >= 395, `${at - sent} ms`)
    })

    test('one unfinished job per singleton key: others answer its id', async () => {
      const queue = newQueue()
      const gate = Promise.withResolvers<void>()
      let runs = 0
      const first = await jobs.enqueue(queue, { n: 1 }, { singleton: 'key' })
      assert.equal(await jobs.enqueue(queue, { n: 2 }, { singleton: 'key' }), first)
      assert.notEqual(await jobs.enqueue(queue, { n: 3 }, { singleton: 'other' }), first)
      await jobs.work(
        queue,
        async () => {
          runs += 1
          await gate.promise
        },
        { concurrency: 5 },
      )
      await until('2 runs', () => runs === 2)
      assert.equal(await jobs.enqueue(queue, { n: 4 }, { singleton: 'key' }), first)
      gate.resolve()
      await until('another job', async () => (await jobs.enqueue(queue, { n: 5 }, { singleton: 'key' })) !== first)
    })

    test('cancelling keeps a waiting job from running and tells a running one', async () => {
      const queue = newQueue()
      const waiting = await jobs.enqueue(queue, { n: 'waiting' })
      await jobs.cancel(queue, waiting)
      const seen: string[] = []
      await jobs.work(queue, async (job, signal) => {
        seen.push(`${String(job.data['n'])} began`)
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        seen.push(`${String(job.data['n'])} ended`)
        signal.throwIfAborted()
      })
      const running = await jobs.enqueue(queue, { n: 'running' }, { retries: 3 })
      await until('1 seen', () => seen.length === 1)
      await jobs.cancel(queue, running)
      await until('2 seen', () => seen.length === 2)
      await new Promise((resolve) => setTimeout(resolve, 200))
      assert.deepEqual(seen, ['running began', 'running ended'])
    })

    test('a schedule is checked when it is made', async () => {
      const queue = newQueue()
      await jobs.schedule(queue, { key: 'pipeline:a b', cron: '0 6 * * 1', zone: 'Europe/Berlin', data: {} })
      await jobs.schedule(queue, { key: 'pipeline:a b', cron: '30 6 * * 1', zone: 'Europe/Berlin', data: {} })
      await jobs.unschedule(queue, 'pipeline:a b')
      await assert.rejects(jobs.schedule(queue, { key: 'k', cron: 'not a cron', zone: 'UTC', data: {} }))
      await assert.rejects(jobs.schedule(queue, { key: 'k', cron: '* * * * *', zone: 'Mars/Base', data: {} }))
    })

    /** Turns the clock there in steps, each with time for what it wakes. */
    const turnTo = async (time: string, stepMs = 900_000): Promise<void> => {
      while (clock.now() < Date.parse(time)) {
        await clock.advance(Math.min(stepMs, Date.parse(time) - clock.now()))
        await new Promise((resolve) => setTimeout(resolve, 15))
      }
    }
    const minute = (): string => new Date(clock.now()).toISOString().slice(5, 16)

    test('a schedule comes at its time in its zone, once, also where the clocks change', async () => {
      const queue = newQueue()
      const seen: string[] = []
      await jobs.work(queue, async (job) => void seen.push(`${String(job.data['of'])} ${minute()}`))
      await jobs.schedule(queue, { key: 'berlin', cron: '30 2 * * *', zone: 'Europe/Berlin', data: { of: 'Berlin' } })
      await jobs.schedule(queue, { key: 'kolkata', cron: '30 2 * * *', zone: 'Asia/Kolkata', data: { of: 'Kolkata' } })
      await turnTo('2026-03-28T20:59Z')
      assert.deepEqual(seen, [])
      await turnTo('2026-03-28T21:00Z')
      await until('1 seen', () => seen.length === 1)
      await turnTo('2026-03-29T01:30Z')
      await until('2 seen', () => seen.length === 2)
      await turnTo('2026-03-29T20:00Z')
      assert.deepEqual(seen, ['Kolkata 03-28T21:00', 'Berlin 03-29T01:30'], 'the clocks jump over 02:30 in Berlin')
      await jobs.unschedule(queue, 'kolkata')
      await turnTo('2026-03-30T00:30Z')
      await until('3 seen', () => seen.length === 3)
      await jobs.unschedule(queue, 'berlin')
      await turnTo('2026-10-24T12:00Z', 30 * 86_400_000)
      await jobs.schedule(queue, { key: 'berlin', cron: '30 2 * * *', zone: 'Europe/Berlin', data: { of: 'Berlin' } })
      seen.length = 0
      await turnTo('2026-10-25T00:30Z')
      await until('1 seen', () => seen.length === 1)
      await turnTo('2026-10-25T12:00Z')
      assert.deepEqual(seen, ['Berlin 10-25T00:30'], 'the clocks tell 02:30 twice in Berlin')
      await jobs.unschedule(queue, 'berlin')
      await turnTo('2026-10-27T12:00Z')
      assert.equal(seen.length, 1)
    })

    test('a schedule made anew keeps its next time unless it says another; jobs of one key do not pile up', async () => {
      const [queue, other] = [newQueue(), newQueue()]
      const seen: string[] = []
      const gate = Promise.withResolvers<void>()
      await jobs.work(queue, async () => {
        seen.push(minute())
        await gate.promise
      })
      // Times come in their order: when this one has come, those before it have.
      const afterThem = Promise.withResolvers<void>()
      await jobs.work(other, async () => afterThem.resolve())
      await turnTo('2026-10-28T11:59Z')
      await jobs.schedule(queue, { key: 'k', cron: '0 * * * *', zone: 'UTC', data: {} })
      await jobs.schedule(queue, { key: 'k', cron: '0 * * * *', zone: 'UTC', data: { more: true } })
      await turnTo('2026-10-28T12:00Z')
      await until('1 seen', () => seen.length === 1)
      await jobs.schedule(other, { key: 'witness', cron: '30 15 * * *', zone: 'UTC', data: {} })
      await turnTo('2026-10-28T15:30Z')
      await afterThem.promise
      await jobs.unschedule(other, 'witness')
      assert.deepEqual(seen, ['10-28T12:00'], 'the job of 12:00 is not finished')
      gate.resolve()
      await turnTo('2026-10-28T16:00Z')
      await until('2 seen', () => seen.length === 2)
      await jobs.schedule(queue, { key: 'k', cron: '45 * * * *', zone: 'UTC', data: {} })
      await turnTo('2026-10-28T16:45Z')
      await until('3 seen', () => seen.length === 3)
      await turnTo('2026-10-28T17:30Z')
      assert.deepEqual(seen, ['10-28T12:00', '10-28T16:00', '10-28T16:45'])
      await jobs.unschedule(queue, 'k')
    })

    test('times that passed while nobody worked are made up for once, at the next start', async () => {
      const queue = newQueue()
      const seen: string[] = []
      await turnTo('2026-10-29T11:00Z', 86_400_000)
      await jobs.schedule(queue, { key: 'nightly', cron: '0 2 * * *', zone: 'UTC', data: {} })
      await jobs.schedule(queue, { key: 'later', cron: '0 2 9 * *', zone: 'UTC', data: {} })
      await jobs.close(100)
      await turnTo('2026-11-01T09:00Z', 86_400_000)
      jobs = await open(clock)
      await jobs.work(queue, async () => void seen.push(minute()))
      await until('1 seen', () => seen.length === 1)
      await turnTo('2026-11-02T01:45Z')
      assert.deepEqual(seen, ['11-01T09:00'])
      await turnTo('2026-11-02T02:00Z')
      await until('2 seen', () => seen.length === 2)
      await jobs.unschedule(queue, 'nightly')
      await jobs.unschedule(queue, 'later')
    })

    test('closing waits for what runs, then aborts; what was cut off or waits runs after the next start', async () => {
      const [short, long, later] = [newQueue(), newQueue(), newQueue()]
      const seen: string[] = []
      let began = 0
      await jobs.work(short, async () => {
        began += 1
        await new Promise((resolve) => setTimeout(resolve, 150))
        seen.push('short')
      })
      await jobs.work(long, async (_, signal) => {
        began += 1
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        seen.push('aborted')
        signal.throwIfAborted()
      })
      await jobs.enqueue(short, {})
      await jobs.enqueue(long, {})
      await jobs.enqueue(later, {})
      await until('2 began', () => began === 2)
      await jobs.close(400)
      assert.deepEqual(seen, ['short', 'aborted'])
      jobs = await open(clock)
      await jobs.work(short, async () => void seen.push('short again'))
      await jobs.work(long, async () => void seen.push('long again'))
      await jobs.work(later, async () => void seen.push('later'))
      await until('4 seen', () => seen.length === 4)
      assert.deepEqual(seen.slice(2).toSorted(), ['later', 'long again'])
    })
  })
}
