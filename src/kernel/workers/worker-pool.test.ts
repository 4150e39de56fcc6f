import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { isMillraceError } from '#core/errors'
import { until } from '#tests/house/until'
import { besideThisFile } from '../processes/beside-this-file.ts'
import type * as misbehave from './misbehave-fixture.ts'
import { workerPool, type WorkerPool, type WorkerPoolOptions } from './worker-pool.ts'
import { workerTask } from './worker-task.ts'

const file = besideThisFile('misbehave-fixture', import.meta.url)
const task = workerTask<typeof misbehave>({ name: 'fixture', file, timeoutMs: 60_000 })
const quick = { ...task, timeoutMs: 300 }

describe('the pool of worker threads', { timeout: 120_000 }, () => {
  const pools: WorkerPool[] = []
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()))
  })
  function open(options: WorkerPoolOptions = {}): WorkerPool {
    const pool = workerPool({ maxThreads: 2, ...options })
    pools.push(pool)
    return pool
  }
  const hasCode = (code: string) => (error: unknown) => {
    assert.ok(isMillraceError(error), String(error))
    assert.equal(error.code, code)
    return true
  }
  test('a thread starts with the first task, serves the next one too, and ends when there is no more', async () => {
    const pool = open({ idleMs: 50 })
    assert.equal(pool.counts.threads, 0)
    const first = await pool.run(task, { does: 'echo', value: { a: [1n, new Date(0)] } })
    assert.deepEqual(first.value, { a: [1n, new Date(0)] })
    const second = await pool.run(task, { does: 'echo' })
    assert.equal(second.thread, first.thread)
    await until('threads ended', () => pool.counts.threads === 0)
    assert.notEqual((await pool.run(task, { does: 'echo' })).thread, first.thread)
  })

  test('at most so many tasks run and wait; one more is refused', async () => {
    const pool = open({ maxQueued: 2 })
    const running = [1, 2, 3, 4].map((value) => pool.run(task, { does: 'wait', value }))
    await assert.rejects(pool.run(task, { does: 'echo' }), hasCode('workers.busy'))
    assert.deepEqual(pool.counts, { threads: 2, running: 2, queued: 2 })
    assert.deepEqual(
      (await Promise.all(running)).map(({ value }) => value),
      [1, 2, 3, 4],
    )
  })

  test('an error of a task comes back, and its thread continues', async () => {
    const pool = open({ maxThreads: 1 })
    const { thread } = await pool.run(task, { does: 'echo' })
    await assert.rejects(pool.run(task, { does: 'throw', value: 'too far' }), {
      name: 'RangeError',
      message: 'too far',
    })
    await assert.rejects(pool.run(task, { does: 'return a function' }), /could not be cloned/)
    assert.equal((await pool.run(task, { does: 'echo' })).thread, thread)
  })

  test('a task that never ends is stopped after its time, and another thread takes the next one', async () => {
    const pool = open({ maxThreads: 1 })
    const { thread } = await pool.run(task, { does: 'echo' })
    const slow = pool.run(quick, { does: 'loop' })
    const next = pool.run(task, { does: 'echo' })
    await assert.rejects(slow, hasCode('workers.slow'))
    assert.notEqual((await next).thread, thread)
  })

  test('a task that takes too much memory fails alone', async () => {
    const pool = open({ maxThreads: 1, memoryMb: 32 })
    await assert.rejects(pool.run(task, { does: 'fill memory' }), hasCode('workers.memory'))
    assert.equal((await pool.run(task, { does: 'echo', value: 1 })).value, 1)
  })

  test('a thread that dies fails its task and is replaced', async () => {
    const pool = open({ maxThreads: 1 })
    await assert.rejects(pool.run(task, { does: 'exit' }), hasCode('workers.died'))
    assert.equal((await pool.run(task, { does: 'echo', value: 1 })).value, 1)
  })

  test('a thread that dies after its task is replaced before the next one', async () => {
    const pool = open({ maxThreads: 1, idleMs: 600_000 })
    const { thread } = await pool.run(task, { does: 'exit later' })
    await until('threads ended', () => pool.counts.threads === 0)
    assert.notEqual((await pool.run(task, { does: 'echo' })).thread, thread)
  })

  test('a signal ends what runs and what waits, with its reason', async () => {
    const pool = open({ maxThreads: 1 })
    const reason = new Error('nobody waits for it')
    const stop = new AbortController()
    const aborted = [1, 2].map(() => pool.run(task, { does: 'loop' }, { signal: stop.signal }))
    const other = pool.run(task, { does: 'echo', value: 1 })
    stop.abort(reason)
    for (const each of aborted) await assert.rejects(each, reason)
    assert.equal((await other).value, 1)
    await assert.rejects(pool.run(task, { does: 'echo' }, { signal: stop.signal }), reason)
    assert.deepEqual([pool.counts.running, pool.counts.queued], [0, 0])
  })

  test('a buffer can be handed over instead of copied', async () => {
    const buffer = new ArrayBuffer(1_000)
    const input = { does: 'count bytes' as const, value: new Uint8Array(buffer) }
    assert.equal((await open().run(task, input, { transfer: [buffer] })).value, 1_000)
    assert.equal(buffer.byteLength, 0)
  })

  test('a closed pool ends its tasks and takes no more', async () => {
    const pool = open({ maxThreads: 1 })
    const ended = [pool.run(task, { does: 'loop' }), pool.run(task, { does: 'echo' })]
    const checked = Promise.all(ended.map((each) => assert.rejects(each, hasCode('workers.died'))))
    await pool.close()
    await checked
    await assert.rejects(pool.run(task, { does: 'echo' }), hasCode('workers.died'))
    assert.deepEqual(pool.counts, { threads: 0, running: 0, queued: 0 })
  })

  test('whatever tasks end how, each gets its own outcome and no more threads run than allowed', async () => {
    const Kind = fc.constantFrom('echo', 'throw', 'exit', 'wait', 'abort')
    await fc.assert(
      fc.asyncProperty(fc.array(Kind, { minLength: 1, maxLength: 8 }), async (kinds) => {
        const pool = workerPool({ maxThreads: 2, maxQueued: 8 })
        const outcomes = await Promise.all(
          kinds.map(async (kind, value) => {
            const does = kind === 'abort' ? 'loop' : kind
            const signal = kind === 'abort' ? AbortSignal.timeout(5) : undefined
            const running = pool.run(task, { does, value }, signal === undefined ? {} : { signal })
            assert.ok(pool.counts.running <= 2)
            return await running.then(
              (answer) => [kind, answer.value],
              (error: Error) => [kind, isMillraceError(error) ? error.code : error.name],
            )
          }),
        )
        const expected = {
          echo: undefined,
          wait: undefined,
          throw: 'RangeError',
          exit: 'workers.died',
          abort: 'TimeoutError',
        }
        assert.deepEqual(
          outcomes,
          kinds.map((kind, value) => [kind, expected[kind] ?? value]),
        )
        assert.equal(pool.counts.running, 0)
        await pool.close()
      }),
      { numRuns: 15 },
    )
  })
})
