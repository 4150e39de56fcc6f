import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { manualClock } from '#adapters/clock-manual'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

const clock = manualClock(Date.parse('2026-10-24T12:00Z'))
let house: House
before(async () => {
  house = await openHouse({ clock })
  await house.file('orders.csv', 'id,amount\n1,10\n2,20\n')
})
after(async () => await house.close())

async function made(name: string, schedule: unknown): Promise<{ id: string; nextRunAt?: string }> {
  const { status, body } = await house.call('POST', '/api/v1/pipelines', {
    name,
    type: 'batch',
    source: { type: 'file', config: { path: 'orders.csv' } },
    transformations: [],
    destination: { type: 'dataset', config: { dataset: name } },
    schedule,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

async function turnTo(time: string, stepMs = 900_000): Promise<void> {
  while (clock.now() < Date.parse(time)) {
    await clock.advance(Math.min(stepMs, Date.parse(time) - clock.now()))
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}

/** The runs of a pipeline that have ended, once there are so many. */
async function ended(id: string, count: number): Promise<readonly { status: string; trigger: string }[]> {
  const end = Date.now() + 15_000
  for (;;) {
    const { body } = await house.call('GET', `/api/v1/pipelines/${id}/runs`)
    const done = body.items.filter((run: { finishedAt: string | null }) => run.finishedAt !== null)
    if (done.length >= count) return done
    assert.ok(Date.now() < end, `${done.length} of ${count} runs ended`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
const quiet = () => new Promise((resolve) => setTimeout(resolve, 500))
const nextOf = async (id: string): Promise<string | undefined> =>
  (await house.call('GET', `/api/v1/pipelines/${id}`)).body.nextRunAt

test('a scheduled pipeline runs at its time in its zone, once where the clocks tell it twice, and says its next', async () => {
  const { id, nextRunAt } = await made('nightly', { cron: '30 2 * * *', zone: 'Europe/Berlin' })
  assert.equal(nextRunAt, '2026-10-25T00:30:00.000Z')
  await turnTo('2026-10-25T00:29:59Z')
  await quiet()
  assert.equal((await ended(id, 0)).length, 0)
  await turnTo('2026-10-25T00:30Z')
  assert.deepEqual(
    (await ended(id, 1)).map(({ status, trigger }) => [status, trigger]),
    [['succeeded', 'schedule']],
  )
  assert.equal(await nextOf(id), '2026-10-26T01:30:00.000Z')
  await turnTo('2026-10-25T12:00Z')
  await quiet()
  assert.equal((await ended(id, 1)).length, 1)
  await turnTo('2026-10-26T01:30Z')
  assert.equal((await ended(id, 2)).length, 2)

  await house.call('POST', `/api/v1/pipelines/${id}/pause`)
  assert.equal(await nextOf(id), undefined)
  await turnTo('2026-10-27T12:00Z')
  await quiet()
  assert.equal((await ended(id, 2)).length, 2, 'paused')
  const { body } = await house.call('POST', `/api/v1/pipelines/${id}/resume`)
  assert.equal(body.nextRunAt, '2026-10-28T01:30:00.000Z')
  await quiet()
  assert.equal((await ended(id, 2)).length, 2, 'what passed during a pause is not made up for')
  await turnTo('2026-10-28T01:30Z')
  assert.equal((await ended(id, 3)).length, 3)
  await house.call('DELETE', `/api/v1/pipelines/${id}`)
})

test('a time that comes while the pipeline is being paused or removed starts nothing', async () => {
  const { id } = await made('late', '0 * * * *')
  await house.call('POST', `/api/v1/pipelines/${id}/pause`)
  await house.ports.jobs.enqueue('pipelines.schedule', { workspace: 'default', pipelineId: id })
  await quiet()
  const { body } = await house.call('GET', `/api/v1/pipelines/${id}/runs`)
  assert.deepEqual(body.items, [])
})

test('what was missed while the server was down is run once at its start, also when its schedule was lost', async () => {
  const { id } = await made('missed', { cron: '0 3 * * *', zone: 'UTC' })
  const lost = await made('lost', { cron: '0 3 * * *', zone: 'UTC' })
  await house.ports.jobs.unschedule('pipelines.schedule', lost.id)
  const downtime = clock.now() + 3 * 86_400_000
  await house.restart(() => turnTo(new Date(downtime).toISOString(), 86_400_000))
  await ended(id, 1)
  await quiet()
  assert.equal((await ended(id, 1)).length, 1)
  assert.equal((await ended(lost.id, 0)).length, 0)
  await turnTo((await nextOf(id)) ?? '')
  assert.deepEqual([(await ended(id, 2)).length, (await ended(lost.id, 1)).length], [2, 1])
})

test('a run whose job is gone is resumed within a minute, not at the next start', async () => {
  const { id } = await made('gone', '0 3 * * *')
  const { body } = await house.call('POST', `/api/v1/pipelines/${id}/run?wait=20s`)
  assert.equal(body.status, 'succeeded', JSON.stringify(body))
  await house.ports.metadata.system.query(
    `update pipelines.run set status = 'running', finished_at = null where id = $1`,
    [body.id],
  )
  assert.equal((await ended(id, 0)).length, 0)
  await turnTo(new Date(clock.now() + 61_000).toISOString())
  const [again] = await ended(id, 1)
  assert.equal(again?.status, 'succeeded')
  assert.equal((await house.call('GET', '/api/v1/datasets/gone')).body.rows, 2, 'and loads nothing twice')
})
