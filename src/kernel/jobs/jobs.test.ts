import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { z } from 'zod'
import { pgBossJobs } from '#adapters/jobs-pgboss'
import { pgliteMetadata } from '#adapters/pglite'
import { systemClock } from '#adapters/clock-system'
import { defineErrors } from '#core/errors'
import type { Jobs } from '#ports/jobs'
import type { Metadata } from '#ports/metadata'
import { until } from '#tests/house/until'
import { migrate } from '../module/migrations.ts'
import { quiet } from '../module/test-house.ts'
import { jobFaults, workFaults } from './declarations.ts'
import { AttemptFailure, defineJobs, job, type JobCall, type JobHandler, type ModuleJobs } from './jobs.ts'
import type { JobRecords } from './job-records.ts'
import { openJobQueue } from './job-queue.ts'
import type { JobRecord } from './job-record.ts'
import { jobStore } from './job-store.ts'

const payload = z.object({ shelf: z.string() })
const shelfJobs = defineJobs('shelf', {
  count: job({ about: 'Count.', payload, subject: ({ shelf }) => ({ kind: 'shelf', id: shelf }) }),
  tidy: job({ about: 'Tidy.', payload, retries: 1, retryDelayMs: 10, timeoutMs: 300_000 }),
  hurry: job({ about: 'Be quick.', payload, timeoutMs: 20 }),
  tick: job({ about: 'Tick.', payload, keep: 'failures' }),
  numbered: job({ about: 'With an id of its own.', payload: z.object({ id: z.uuid() }), id: ({ id }) => id }),
})
const shelfErrors = defineErrors('shelf', {
  lost: {
    kind: 'not_found',
    title: 'Lost',
    says: (p: { shelf: string }) => `The shelf "${p.shelf}" is lost.`,
    remedy: 'Look.',
  },
})

let folder: string
let metadata: Metadata
let open: { queue: Jobs; stopping: AbortController }[] = []
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-kernel-jobs-'))
  metadata = await pgliteMetadata({ directory: join(folder, 'metadata'), durability: 'process' })
  await migrate(metadata, [])
})
afterEach(async () => {
  await Promise.all(open.map(stop))
  open = []
})
after(async () => {
  await metadata.close()
  await rm(folder, { recursive: true, force: true })
})

type Work = Partial<Record<'count' | 'tidy' | 'hurry' | 'tick', JobHandler<typeof payload>>> & {
  readonly numbered?: JobHandler<(typeof shelfJobs)['numbered']['payload']>
}
const run = (work: (call: JobCall<typeof payload>) => Promise<void> | void): JobHandler<typeof payload> => ({
  run: work,
})
const nothing = run(() => undefined)

async function server(work: Work = {}): Promise<{ jobs: ModuleJobs; records: JobRecords; stop: () => Promise<void> }> {
  const stopping = new AbortController()
  const queue = await pgBossJobs({ metadata, clock: systemClock(), alone: true, pollMs: 50 })
  const opened = { queue, stopping }
  open.push(opened)
  const parts = { metadata, jobs: queue, clock: systemClock(), log: quiet, stopping: stopping.signal }
  const module = { name: 'shelf', jobs: shelfJobs }
  const jobs = openJobQueue([module], parts)
  const handlers = { count: nothing, tidy: nothing, hurry: nothing, tick: nothing, numbered: nothing, ...work }
  await jobs.start(new Map([['shelf', handlers as Record<string, JobHandler>]]))
  return { jobs: jobs.of(module), records: jobs.records, stop: () => stop(opened) }
}

async function stop({ queue, stopping }: (typeof open)[number]): Promise<void> {
  if (stopping.signal.aborted) return
  stopping.abort(new Error('The server is stopping.'))
  await queue.close(1_000)
}

async function untilStatus(
  records: JobRecords,
  workspace: string,
  id: string,
  status: JobRecord['status'],
): Promise<JobRecord> {
  return await until(`the job is ${status}`, async () => {
    const record = await records.get(workspace, id)
    return record?.status === status && record
  })
}

test('a queued job runs with its payload, shows its progress, and ends as succeeded', async () => {
  const seen: unknown[] = []
  const { jobs, records } = await server({
    count: run(({ payload: { shelf }, attempt, progress }) => {
      seen.push(shelf, attempt)
      progress(3, 7, 'books')
    }),
  })
  const id = await jobs.enqueue('one', shelfJobs.count, { shelf: 'north' })
  const { kind, subject, progress, error } = await untilStatus(records, 'one', id, 'succeeded')
  assert.deepEqual(seen, ['north', 1])
  assert.deepEqual(
    { kind, subject, progress, error },
    {
      kind: 'shelf.count',
      subject: { kind: 'shelf', id: 'north' },
      progress: { done: 3, total: 7, note: 'books' },
      error: null,
    },
  )
  assert.equal(await records.get('other', id), undefined)
})

test('a failing job is tried again as often as its kind says, then shows its error and can be retried', async () => {
  let failing = true
  const attempts: number[] = []
  const { jobs, records } = await server({
    tidy: run(({ payload: { shelf }, attempt }) => {
      attempts.push(attempt)
      if (failing) throw shelfErrors.lost({ shelf })
    }),
  })
  const id = await jobs.enqueue('two', shelfJobs.tidy, { shelf: 'east' })
  const { error } = await untilStatus(records, 'two', id, 'failed')
  assert.deepEqual(error, { code: 'shelf.lost', title: 'Lost', detail: 'The shelf "east" is lost. Look.' })
  assert.deepEqual(attempts, [1, 2])
  failing = false
  assert.equal(await records.retry('other', id), false)
  assert.equal(await records.retry('two', id), true)
  assert.equal((await untilStatus(records, 'two', id, 'succeeded')).error, null)
  assert.equal(await records.retry('two', id), false)
})

test('the delay before a retry doubles, a handler may ask for a longer one, and may say that no retry makes sense', async () => {
  const longer = new AttemptFailure(shelfErrors.lost({ shelf: 'far' }), { afterMs: 3_600_000 })
  const never = new AttemptFailure(shelfErrors.lost({ shelf: 'gone' }), 'never')
  const { jobs, records } = await server({
    tidy: run(({ payload: { shelf } }) => {
      throw shelf === 'far' ? longer : never
    }),
  })
  const far = await jobs.enqueue('delays', shelfJobs.tidy, { shelf: 'far' })
  const gone = await jobs.enqueue('delays', shelfJobs.tidy, { shelf: 'gone' })
  const { attempt, error } = await untilStatus(records, 'delays', gone, 'failed')
  assert.deepEqual([attempt, error?.code], [1, 'shelf.lost'])
  for (;;) {
    const { status, runAt, error: why } = (await records.get('delays', far))!
    if (status === 'queued' && why !== null) {
      assert.ok(runAt.getTime() > Date.now() + 3_000_000)
      break
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
})

test('of an unknown error only the job id leaves the server', async () => {
  const { jobs, records } = await server({
    count: run(() => {
      throw new Error('password=hunter2')
    }),
  })
  const id = await jobs.enqueue('three', shelfJobs.count, { shelf: 'west' })
  const { error } = await untilStatus(records, 'three', id, 'failed')
  assert.equal(error?.code, 'bug')
  assert.ok(error.detail.includes(id) && !error.detail.includes('hunter2'))
})

test('an unfinished job with the same key is the same job, and a job whose payload is wrong is not queued', async () => {
  const { jobs, records } = await server()
  const options = { singleton: 'key', delayMs: 3_600_000 }
  const id = await jobs.enqueue('four', shelfJobs.count, { shelf: 'a' }, options)
  assert.equal(await jobs.enqueue('four', shelfJobs.count, { shelf: 'b' }, options), id)
  assert.notEqual(await jobs.enqueue('five', shelfJobs.count, { shelf: 'a' }, options), id)
  assert.equal((await records.list('four', { limit: 10 })).length, 1)
  await assert.rejects(jobs.enqueue('four', shelfJobs.count, { shelf: 7 } as never), /payload.*shelf/)
})

test('a job that waits is cancelled before it runs, one that runs has its signal aborted', async () => {
  const begun = Promise.withResolvers<string>()
  const reports: string[] = []
  const { jobs, records } = await server({
    count: {
      run: ({ id, signal }) => {
        begun.resolve(id)
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
      },
      cancelled: async ({ payload: { shelf } }) => void reports.push(shelf),
    },
  })
  const running = await jobs.enqueue('six', shelfJobs.count, { shelf: 'runs' })
  const waiting = await jobs.enqueue('six', shelfJobs.count, { shelf: 'waits' })
  assert.equal(await begun.promise, running)
  assert.equal(await records.cancel('six', waiting), true)
  assert.equal((await records.get('six', waiting))?.status, 'cancelled')
  assert.equal(await records.cancel('six', running), true)
  await untilStatus(records, 'six', running, 'cancelled')
  assert.deepEqual(reports, ['waits'])
  assert.equal(await records.cancel('six', running), false)
})

test('a job that takes longer than its kind allows fails and says so', async () => {
  const { jobs, records } = await server({
    hurry: run(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    ),
  })
  const id = await jobs.enqueue('seven', shelfJobs.hurry, { shelf: 'slow' })
  assert.equal((await untilStatus(records, 'seven', id, 'failed')).error?.code, 'jobs.timeout')
})

test('a job under way when the server stops continues at the next start', async () => {
  const begun = Promise.withResolvers<void>()
  const first = await server({
    count: run(({ signal }) => {
      begun.resolve()
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    }),
  })
  const id = await first.jobs.enqueue('eight', shelfJobs.count, { shelf: 'long' })
  await begun.promise
  await first.stop()
  assert.equal((await first.records.get('eight', id))?.status, 'running')
  const second = await server()
  assert.equal((await untilStatus(second.records, 'eight', id, 'succeeded')).attempt, 2)
})

test('a record whose entry a crash prevented gets one at the next start', async () => {
  const id = '018f0000-0000-7000-8000-000000000001'
  await jobStore(metadata).create({
    id,
    workspace: 'nine',
    kind: 'shelf.count',
    subject: undefined,
    payload: { shelf: 'orphan' },
    singleton: undefined,
    actor: undefined,
    queuedAt: Date.now(),
    runAt: Date.now(),
    again: false,
  })
  await untilStatus((await server()).records, 'nine', id, 'succeeded')
})

test('a job that ended is queued under its id again only where that is asked for', async () => {
  const { jobs, records } = await server()
  const id = await jobs.enqueue('again', shelfJobs.numbered, { id: '018f0000-0000-7000-8000-000000000002' })
  await untilStatus(records, 'again', id, 'succeeded')
  assert.equal(await jobs.enqueue('again', shelfJobs.numbered, { id }), id)
  assert.equal((await records.get('again', id))?.status, 'succeeded')
  assert.equal(await jobs.enqueue('again', shelfJobs.numbered, { id }, { again: true, delayMs: 3_600_000 }), id)
  assert.equal((await records.get('again', id))?.status, 'queued')
})

test('a job that ended is not queued again while another of its key is unfinished: the id of that one is returned', async () => {
  const begun = Promise.withResolvers<void>()
  const { jobs, records } = await server({
    numbered: {
      run: ({ payload: { id }, signal }) => {
        if (id.endsWith('3')) return
        begun.resolve()
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
      },
    },
  })
  const [first, second] = ['018f0000-0000-7000-8000-000000000003', '018f0000-0000-7000-8000-000000000004'] as const
  await jobs.enqueue('keyed', shelfJobs.numbered, { id: first }, { singleton: 'one' })
  await untilStatus(records, 'keyed', first, 'succeeded')
  await jobs.enqueue('keyed', shelfJobs.numbered, { id: second }, { singleton: 'one' })
  await begun.promise
  const again = jobs.enqueue('keyed', shelfJobs.numbered, { id: first }, { singleton: 'one', again: true })
  assert.equal(await again, second)
  assert.equal((await records.get('keyed', first))?.status, 'succeeded')
  await jobs.cancel('keyed', second)
})

test('an entry that an earlier version queued gets a record and runs', async () => {
  const stopped = await server()
  await stopped.stop()
  const earlier = await pgBossJobs({ metadata, clock: systemClock(), alone: true })
  const id = await earlier.enqueue('shelf.count', { workspace: 'ten', shelf: 'old' })
  await earlier.close()
  const { subject } = await untilStatus((await server()).records, 'ten', id, 'succeeded')
  assert.equal(subject?.id, 'old')
})

test('a kind that keeps failures only forgets what succeeded', async () => {
  const done = Promise.withResolvers<void>()
  const { jobs, records } = await server({ tick: run(() => done.resolve()) })
  const id = await jobs.enqueue('eleven', shelfJobs.tick, { shelf: 'clock' })
  await done.promise
  while ((await records.get('eleven', id)) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.deepEqual(await records.list('eleven', { limit: 10 }), [])
})

test('ended jobs beyond the bound of their kind are purged, unfinished ones stay', async () => {
  const insert = (workspace: string, status: string, finished: string, count: number): Promise<unknown> =>
    metadata.system.query(
      `insert into kernel.job (workspace, id, kind, payload, status, queued_at, run_at, finished_at)
       select $1, gen_random_uuid(), 'shelf.count', '{}', $2, now(), now(), ${finished} from generate_series(1, $3::int)`,
      [workspace, status, count],
    )
  await insert('twelve', 'succeeded', "now() - interval '31 days'", 2)
  await insert('twelve', 'failed', 'now()', 1_005)
  await insert('twelve', 'queued', 'null', 3)
  await jobStore(metadata).purge(Date.now())
  const { rows } = await metadata.system.query<{ status: string; count: number }>(
    "select status, count(*) from kernel.job where workspace = 'twelve' group by status order by status",
  )
  assert.deepEqual(rows, [
    { status: 'failed', count: 1_000 },
    { status: 'queued', count: 3 },
  ])
  await metadata.system.query("delete from kernel.job where workspace = 'twelve'")
})

test('what does not fit together about jobs is named before anything starts', () => {
  const wrong = defineJobs('shelf', {
    nightly: job({ about: 'Nightly.', payload, schedule: { cron: '0 3 * * *', zone: 'UTC' } }),
    never: job({ about: 'Never.', payload: z.object({}), schedule: { cron: 'often', zone: 'UTC' } }),
  })
  assert.deepEqual(jobFaults({ name: 'shelf', jobs: { ...wrong, renamed: shelfJobs.count } }), [
    'The job "shelf.nightly" has a schedule, so its payload must accept {}.',
    'The schedule of the job "shelf.never" is not a cron with a zone.',
    'The job "renamed" of "shelf" is named "shelf.count", and has to be "shelf.renamed".',
  ])
  assert.deepEqual(workFaults({ name: 'shelf', jobs: { count: shelfJobs.count } }, { tidy: nothing }), [
    'The module "shelf" brings no handler for the job "shelf.count".',
    'The module "shelf" handles the job "tidy" and does not declare it.',
  ])
})
