import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { until } from '#tests/house/until'
import { customers, definition, pipelinesOf } from '../drive-fixture.ts'
import { openHouse } from '../house-fixture.ts'
import type { House } from '../house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse({ egress: '127.0.0.0/8' })
  await house.file('customers.csv', customers)
})
after(async () => {
  await house.close()
})
const { made, ran, count } = pipelinesOf(() => house)

test('a run is cancelled within a moment, and leaves nothing behind', async () => {
  await house.file('many.csv', `n\n${Array.from({ length: 4000 }, (_, index) => index).join('\n')}\n`)
  const id = await made({
    name: 'endless',
    source: { type: 'file', config: { path: 'many.csv' } },
    transformations: [
      {
        type: 'sql',
        config: { sql: 'SELECT a.n AS n FROM input AS a, input AS b, input AS c WHERE (a.n * b.n + c.n) % 7 = 8' },
      },
    ],
    destination: { type: 'dataset', config: { dataset: 'endless' } },
  })
  const { body: started } = await house.call('POST', `/api/v1/pipelines/${id}/run`)
  const events = await fetch(`${house.url}/api/v1/runs/${started.runId}/events`)
  assert.match(events.headers.get('content-type') ?? '', /text\/event-stream/)
  await until(
    'running',
    async () => (await house.call('GET', `/api/v1/runs/${started.runId}`)).body.steps[2].status === 'running',
  )
  const began = Date.now()
  const { body: run } = await house.call('POST', `/api/v1/runs/${started.runId}/cancel`)
  assert.equal(run.status, 'cancelled', JSON.stringify(run))
  assert.ok(Date.now() - began < 8_000)
  const text = await events.text()
  assert.match(text, /event: run/)
  assert.match(text.trim().split('\n\n').at(-1) ?? '', /"status":"cancelled"/)
  assert.equal((await house.call('POST', `/api/v1/runs/${started.runId}/cancel`)).status, 409)
  const left = await house.ports.warehouse.rows(
    "SELECT name FROM system.tables WHERE startsWith(name, 'stage_') OR startsWith(name, '_stage_')",
  )
  assert.deepEqual(left, [])
  assert.equal(await count('endless'), 0)
})

test('a value that does not fit is reported with its column, and nothing of the file is loaded', async () => {
  await house.file('fits.csv', `id,amount\n${Array.from({ length: 500 }, (_, id) => `${id},${id}.5`).join('\n')}\n`)
  await house.file('not.csv', 'id,amount\n1,2.5\n2,much\n')
  const load = (path: string) => ({
    name: path,
    source: { type: 'file', config: { path } },
    transformations: [{ type: 'map', config: { cast: { amount: 'decimal(12,2)' } } }],
    destination: { type: 'dataset', config: { dataset: 'fits' } },
  })
  const fits = await ran(await made(load('fits.csv')))
  assert.deepEqual(fits.rows, { read: 500, written: 500, quarantined: 0 })
  assert.ok(fits.bytes > 0, String(fits.bytes))
  const not = await ran(await made(load('not.csv')))
  assert.deepEqual([not.status, not.error.code], ['failed', 'pipelines.cast'], JSON.stringify(not.error))
  assert.match(not.error.detail, /"amount"/)
  assert.equal(await count('fits'), 500)
})

test('of two rows of a file with one key the later one stays, also behind rules', async () => {
  // Many pairs lie in two blocks of rows that follow each other, wherever the engine cuts the file.
  const [distance, pairs] = [30_000, 540_000]
  const rowOf = (place: number) => `${(place % distance) + distance * Math.floor(place / (2 * distance))},${place}`
  await house.file(
    'versions.csv',
    `id,version\n${Array.from({ length: 2 * pairs }, (_, at) => rowOf(at)).join('\n')}\n`,
  )
  const run = await ran(
    await made({
      name: 'versions',
      source: { type: 'file', config: { path: 'versions.csv' } },
      transformations: [],
      quality: [{ type: 'not_null', field: 'id', severity: 'error' }],
      destination: { type: 'dataset', config: { dataset: 'versions', mode: 'overwrite', key: ['id'] } },
    }),
  )
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  const sql = `select count(), countIf(version % ${2 * distance} < ${distance}) as older from versions`
  const { body } = await house.call('POST', '/query', { sql })
  assert.deepEqual(body.rows[0].map(Number), [pairs, 0])
})

test('a key that no column has is named', async () => {
  const run = await ran(
    await made({
      name: 'strange key',
      source: { type: 'file', config: { path: 'customers.csv' } },
      transformations: [],
      destination: { type: 'dataset', config: { dataset: 'strange', mode: 'merge', key: ['idd'] } },
    }),
  )
  assert.deepEqual([run.status, run.error.code], ['failed', 'dataset.stranger'])
  assert.match(run.error.detail, /"strange" names "idd"/)
})

test('a run whose engine is killed under it is tried again and loads its rows once', async () => {
  await house.file(
    'large.csv',
    `n,text\n${Array.from({ length: 300_000 }, (_, index) => `${index},row ${index}`).join('\n')}\n`,
  )
  const id = await made({
    name: 'large',
    source: { type: 'file', config: { path: 'large.csv' } },
    transformations: [],
    destination: { type: 'dataset', config: { dataset: 'large' } },
  })
  const { body: started } = await house.call('POST', `/api/v1/pipelines/${id}/run`)
  await until(
    'running',
    async () => (await house.call('GET', `/api/v1/runs/${started.runId}`)).body.status === 'running',
  )
  const { pid } = house.engine
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  const run = await until('the run ended', async () => {
    const { body } = await house.call('GET', `/api/v1/runs/${started.runId}`)
    return body.finishedAt === null ? undefined : body
  })
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  assert.equal(await until('the load ended', async () => (await count('large').catch(() => 0)) || undefined), 300_000)
})

test('a file of no rows is whole, and the one before is replaced only by a run that succeeds', async () => {
  for (const path of ['none.csv', 'none.ndjson', 'none.parquet']) {
    const run = await ran(
      await made({
        name: path,
        transformations: [{ type: 'filter', config: "status = 'nobody'" }],
        destination: { type: 'file', config: { path } },
      }),
    )
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.deepEqual(run.rows, { read: 3, written: 0, quarantined: 0 })
  }
  await house.file('kept.csv', 'before')
  const failing = await ran(
    await made({
      name: 'failing',
      transformations: [{ type: 'map', config: { cast: { name: 'integer' } } }],
      destination: { type: 'file', config: { path: 'kept.csv' } },
    }),
  )
  assert.equal(failing.status, 'failed')
  assert.equal(await readFile(join(house.home, 'files/kept.csv'), 'utf8'), 'before')
  assert.deepEqual(
    (await readdir(join(house.home, 'files'))).filter((name) => name.startsWith('.')),
    [],
  )
})

test('lines that are blank or hold line ends do not deceive the count', async () => {
  await house.file('odd.csv', 'id,text\n1,"two\nlines"\n2,b\n')
  await house.file('odd.ndjson', '{"id":1}\n\n\n{"id":2}\n\n')
  for (const path of ['odd.csv', 'odd.ndjson']) {
    const dataset = path.replace('.', '_')
    const run = await ran(
      await made({
        name: path,
        source: { type: 'file', config: { path } },
        transformations: [],
        destination: { type: 'dataset', config: { dataset } },
      }),
    )
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.equal(run.rows.written, await count(dataset))
    assert.ok(run.rows.written >= 2, JSON.stringify(run.rows))
  }
})

test('a schedule tells the next run, a pause takes it away; other workspaces see nothing', async () => {
  const { body: pipeline } = await house.call(
    'POST',
    '/api/v1/pipelines',
    definition({ name: 'nightly', schedule: { cron: '30 2 * * *', zone: 'Asia/Kolkata' } }),
  )
  assert.match(pipeline.nextRunAt, /T21:00:00.000Z$/)
  assert.deepEqual(pipeline.schedule, { cron: '30 2 * * *', zone: 'Asia/Kolkata' })
  const { body: paused } = await house.call('POST', `/api/v1/pipelines/${pipeline.id}/pause`)
  assert.equal(paused.nextRunAt, undefined)
  const other = { authorization: 'Bearer other' }
  assert.equal((await house.call('GET', `/api/v1/pipelines/${pipeline.id}`, undefined, other)).status, 404)
  assert.deepEqual((await house.call('GET', '/api/v1/pipelines', undefined, other)).body.items, [])
  assert.equal((await house.call('DELETE', `/api/v1/pipelines/${pipeline.id}`, undefined, other)).status, 404)
  assert.equal((await house.call('DELETE', `/api/v1/pipelines/${pipeline.id}`)).status, 204)
  assert.equal((await house.call('GET', `/api/v1/pipelines/${pipeline.id}`)).status, 404)
})

test('runs of one pipeline follow each other, and each loads its rows', async () => {
  const id = await made({
    name: 'thrice',
    destination: { type: 'dataset', config: { dataset: 'thrice', mode: 'append' } },
  })
  const runs = await Promise.all([1, 2, 3].map(() => ran(id)))
  assert.deepEqual(
    runs.map((run) => run.status),
    ['succeeded', 'succeeded', 'succeeded'],
  )
  assert.equal(await count('thrice'), 6)
})
