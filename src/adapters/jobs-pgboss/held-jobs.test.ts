import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '#adapters/clock-system'
import { pgliteMetadata } from '#adapters/pglite'
import type { Job } from '#ports/jobs'
import { pgBossJobs } from './jobs.ts'

const home = await mkdtemp(join(tmpdir(), 'millrace-lease-'))
const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
after(async () => {
  await metadata.close()
  await rm(home, { recursive: true, force: true })
})

/** `alone` is false, so that nothing but the lease says that a worker is gone. */
const open = () => pgBossJobs({ metadata, clock: systemClock(), alone: false, pollMs: 100, heldSeconds: 1 })
const stateOf = async (id: string) =>
  (await metadata.system.query<{ state: string }>('select state from jobs.job where id = $1', [id])).rows[0]?.state

test('a job that lasts longer than every limit ends as what it is', async () => {
  const jobs = await open()
  const seen: Job[] = []
  let aborted = false
  const id = await jobs.enqueue('long', {}, { retries: 3 })
  await jobs.work('long', async (job, signal) => {
    seen.push(job)
    await sleep(5_000)
    aborted = signal.aborted
  })
  await sleep(4_500)
  assert.equal(await stateOf(id), 'active')
  await sleep(1_500)
  assert.deepEqual([seen.length, aborted, await stateOf(id)], [1, false, 'completed'])
  await jobs.close(0)
})

test('a job whose worker is gone comes again, soon', async () => {
  const jobs = await open()
  const id = await jobs.enqueue('left', {}, { retries: 1 })
  await metadata.system.query(`update jobs.job set state = 'active', started_on = now() where id = $1`, [id])
  const seen: number[] = []
  await jobs.work('left', async ({ attempt }) => void seen.push(attempt))
  await sleep(500)
  assert.deepEqual(seen, [], 'its worker may still be there')
  for (let n = 0; n < 80 && seen.length === 0; n += 1) await sleep(100)
  assert.deepEqual(seen, [2])
  await jobs.close(0)
})

test('a job that was given up while it was at work stays with its worker, which learns when another has it', async () => {
  const jobs = await open()
  const seen: string[] = []
  const id = await jobs.enqueue('slept', {}, { retries: 5 })
  await jobs.work(
    'slept',
    async ({ attempt }, signal) => {
      seen.push(`began ${attempt}`)
      await sleep(20_000, undefined, { signal }).catch(() => undefined)
      seen.push(`ended: ${(signal.reason as Error).message}`)
      signal.throwIfAborted()
    },
    { concurrency: 2 },
  )
  for (let n = 0; n < 50 && seen.length === 0; n += 1) await sleep(50)
  await metadata.system.query(`update jobs.job set state = 'retry', start_after = now() where id = $1`, [id])
  await sleep(1_500)
  assert.deepEqual([seen, await stateOf(id)], [['began 1'], 'active'])
  await metadata.system.query('update jobs.job set retry_count = 4 where id = $1', [id])
  for (let n = 0; n < 50 && seen.length === 1; n += 1) await sleep(50)
  await sleep(100)
  assert.equal(await stateOf(id), 'active', 'the other one continues')
  assert.deepEqual(seen.slice(0, 2), ['began 1', "ended: The job has become somebody else's."])
  await jobs.close(0)
})
