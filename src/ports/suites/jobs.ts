import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Job, Jobs } from '../jobs.ts'

/** `open` may be called again after `close`, and then finds the jobs of before; `closed` cleans up at the end. */
export function registerJobsSuite(
  name: string,
  open: () => Promise<Jobs>,
  closed: () => Promise<void> = async () => {},
): void {
  describe(`jobs: ${name}`, () => {
    let jobs: Jobs
    before(async () => {
      jobs = await open()
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
      await until(() => seen.length === 1)
      assert.deepEqual(seen[0]?.job, { id, data: { path: ['a', 1, null] }, attempt: 1 })
      assert.ok((seen[0]?.at ?? Infinity) - sent < 1000, `${(seen[0]?.at ?? 0) - sent} ms`)
    })

    test('jobs that came before the handler are worked too', async () => {
      const queue = newQueue()
      await jobs.enqueue(queue, { n: 1 })
      const seen: unknown[] = []
      await jobs.work(queue, async (job) => void seen.push(job.data['n']))
      await until(() => seen.length === 1)
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
      await until(() => seen.length === 12)
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
      await until(() => attempts.length === 3)
      await new Promise((resolve) => setTimeout(resolve, 200))
      assert.deepEqual(attempts, [1, 2, 3])
    })

    test('a delayed job waits', async () => {
      const queue = newQueue()
      let at = 0
      await jobs.work(queue, async () => void (at = Date.now()))
      const sent = Date.now()
      await jobs.enqueue(queue, {}, { delayMs: 400 })
      await until(() => at > 0)
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
      await until(() => runs === 2)
      assert.equal(await jobs.enqueue(queue, { n: 4 }, { singleton: 'key' }), first)
      gate.resolve()
      await untilAsync(async () => (await jobs.enqueue(queue, { n: 5 }, { singleton: 'key' })) !== first)
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
      await until(() => seen.length === 1)
      await jobs.cancel(queue, running)
      await until(() => seen.length === 2)
      await new Promise((resolve) => setTimeout(resolve, 200))
      assert.deepEqual(seen, ['running began', 'running ended'])
    })

    test('a schedule is checked when it is made', async () => {
      const queue = newQueue()
      await jobs.schedule(queue, 'pipeline:a b', '0 6 * * 1', 'Europe/Berlin', {})
      await jobs.schedule(queue, 'pipeline:a b', '30 6 * * 1', 'Europe/Berlin', {})
      await jobs.unschedule(queue, 'pipeline:a b')
      await assert.rejects(jobs.schedule(queue, 'k', 'not a cron', 'UTC', {}))
      await assert.rejects(jobs.schedule(queue, 'k', '* * * * *', 'Mars/Base', {}))
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
      await until(() => began === 2)
      await jobs.close(400)
      assert.deepEqual(seen, ['short', 'aborted'])
      jobs = await open()
      await jobs.work(short, async () => void seen.push('short again'))
      await jobs.work(long, async () => void seen.push('long again'))
      await jobs.work(later, async () => void seen.push('later'))
      await until(() => seen.length === 4)
      assert.deepEqual(seen.slice(2).toSorted(), ['later', 'long again'])
    })
  })
}

async function until(condition: () => boolean): Promise<void> {
  await untilAsync(async () => condition())
}

async function untilAsync(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000
  while (!(await condition())) {
    assert.ok(Date.now() < end, 'nothing came in time')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
