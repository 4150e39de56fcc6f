import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { parseExact } from '#core/exact-json'
import { until } from '#tests/house/until'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

const url = process.env['MILLRACE_TEST_POSTGRES_URL']
const skip = url === undefined ? 'set MILLRACE_TEST_POSTGRES_URL, or npm run test:services' : false
const at = new URL(url ?? 'postgres://postgres:secret@127.0.0.1:5432/postgres')
const schema = `pipelines_${process.pid}`
const place = {
  host: at.hostname,
  port: Number(at.port || 5432),
  database: at.pathname.slice(1) || 'postgres',
  user: decodeURIComponent(at.username),
  password: decodeURIComponent(at.password),
  schema,
}

let house: House
let client: Client
before(async () => {
  if (skip !== false) return
  house = await openHouse({ egress: '127.0.0.0/8,::1,localhost' })
  client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`create schema ${schema}`)
  await client.query(`create table ${schema}.customers as select i as id, 'name ' || i as name, case when i % 2 = 0 then 'active' else 'gone' end as status,
    (i / 4.0)::numeric(12,2) as amount, '2026-01-01'::timestamptz + i * interval '1 minute' as at, gen_random_uuid() as code, i % 3 = 0 as vip, '{"a":1}'::jsonb as more
    from generate_series(1, 1000) i`)
})
after(async () => {
  if (skip !== false) return
  await client.query(`drop schema ${schema} cascade`)
  await client.end()
  await house.close()
})

async function ran(name: string, body: object) {
  const made = await house.call('POST', '/api/v1/pipelines', { name, type: 'batch', ...body })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { status, body: run } = await house.call('POST', `/api/v1/pipelines/${made.body.id}/run?wait=60s`)
  assert.equal(status, 200, JSON.stringify(run))
  return { run, pipeline: made.body }
}

const active = [{ type: 'filter', config: { field: 'status', operator: 'eq', value: 'active' } }]

test('rows go from PostgreSQL to a Parquet file by the engine, the filter pushed down', { skip }, async () => {
  const { run, pipeline } = await ran('to parquet', {
    source: { type: 'postgresql', config: { ...place, table: 'customers' } },
    transformations: active,
    destination: { type: 'file', config: { path: 'active.parquet' } },
  })
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  assert.deepEqual(run.rows, { read: 1000, written: 500, quarantined: 0 })
  assert.ok(run.bytes > 0)
  assert.equal(pipeline.source.config.password, '***')
  const { body: logs } = await house.call('GET', `/api/v1/runs/${run.id}/logs`)
  const text = JSON.stringify(logs)
  assert.ok(text.includes("'***'") && !text.includes(`'${place.password}'`), text)
  assert.match(text, /INSERT INTO FUNCTION file\(.*FROM postgresql\(.*WHERE \(`status` = 'active'\)/)
  const stored = await house.ports.metadata.system.query<{ all: string }>(
    'select body::text || secrets::text as all from pipelines.definition',
  )
  assert.ok(stored.rows.every((row) => !row.all.includes(`"${place.password}"`)))
})

test('a boolean stays one: in a condition, in a dataset, in a file, and back in PostgreSQL', { skip }, async () => {
  const source = { type: 'postgresql', config: { ...place, table: 'customers' } }
  const transformations = [{ type: 'filter', config: { expression: "vip and status = 'active'" } }]
  const rows = { read: 1000, written: 166, quarantined: 0 }
  const into = async (name: string, type: string, config: object) => {
    const { run } = await ran(name, { source, transformations, destination: { type, config } })
    assert.deepEqual([run.status, run.rows], ['succeeded', rows], JSON.stringify(run.error))
    const { body: logs } = await house.call('GET', `/api/v1/runs/${run.id}/logs`)
    assert.match(JSON.stringify(logs), /FROM postgresql\([^)]*\) AS r WHERE \(r.`vip` and \(`status` = 'active'\)\)/)
  }
  await into('vips to dataset', 'dataset', { dataset: 'vips' })
  const { body } = await house.call('GET', '/api/v1/datasets/vips')
  assert.equal(body.columns.find((column: { name: string }) => column.name === 'vip').type, 'boolean')
  await into('vips to postgresql', 'postgresql', { ...place, table: 'vips' })
  assert.equal((await client.query(`select from ${schema}.vips where vip`)).rowCount, 166)
  await into('vips to file', 'file', { path: 'vips.ndjson' })
  const preview = { name: 'p', type: 'batch', source, destination: { type: 'dataset', config: { dataset: 'p' } } }
  const equal = [{ type: 'filter', config: { field: 'vip', operator: 'eq', value: false } }]
  const { body: shown } = await house.call('POST', '/api/v1/pipelines/preview', { ...preview, transformations: equal })
  assert.equal(shown.steps[1].rows[0].vip, false)
})

test('a file goes into PostgreSQL exactly once, also when the same part comes again', { skip }, async () => {
  await house.file('people.csv', 'id,name,born\n1,Ann,1990-01-01\n2,Bo,1991-01-01\n')
  const { run, pipeline } = await ran('into postgres', {
    source: { type: 'file', config: { path: 'people.csv' } },
    transformations: [],
    destination: { type: 'postgresql', config: { ...place, table: 'people', mode: 'merge', key: ['id'] } },
  })
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  assert.deepEqual(run.rows, { read: 2, written: 2, quarantined: 0 })
  // As if the server had ended between the commit and writing down that the run is over.
  await house.ports.metadata.system.query(`update pipelines.run set status = 'running' where id = $1`, [run.id])
  await client.query(`delete from ${schema}.people where id = 2`)
  await house.restart()
  const again = await until('the run ended', async () => {
    const { body } = await house.call('GET', `/api/v1/runs/${run.id}`)
    return body.status === 'succeeded' ? body : undefined
  })
  assert.equal(again.attempt, 2)
  assert.match(again.steps.at(-1).message, /not loaded again/)
  assert.equal((await client.query(`select * from ${schema}.people`)).rowCount, 1)
  await house.file('people.csv', 'id,name,born\n1,Anna,1990-01-01\n3,Cy,1992-01-01\n')
  const { body: second } = await house.call('POST', `/api/v1/pipelines/${pipeline.id}/run?wait=60s`)
  assert.equal(second.status, 'succeeded', JSON.stringify(second.error))
  const { rows } = await client.query(`select id, name from ${schema}.people order by id`)
  assert.deepEqual(
    rows.map((row) => [Number(row.id), row.name]),
    [
      [1, 'Anna'],
      [3, 'Cy'],
    ],
  )
  const left = await client.query(
    `select table_name from information_schema.tables where table_schema = $1 and table_name like '\\_millrace\\_stage%'`,
    [schema],
  )
  assert.equal(left.rowCount, 0)
})

test('errors name the server, the table, the user or the address', { skip }, async () => {
  const failed = async (name: string, config: object) =>
    (
      await ran(name, {
        source: { type: 'postgresql', config: { ...place, table: 'customers', ...config } },
        transformations: [],
        destination: { type: 'file', config: { path: 'x.parquet' } },
      })
    ).run
  const credentials = await failed('wrong password', { password: 'not it 12345' })
  if (credentials.status === 'failed') {
    assert.equal(credentials.error.code, 'postgresql.credentials', JSON.stringify(credentials.error))
    assert.ok(!JSON.stringify(credentials).includes('not it 12345'))
  }
  assert.equal((await failed('no table', { table: 'nothing' })).error.code, 'postgresql.table')
  assert.equal((await failed('nobody there', { port: 1 })).error.code, 'postgresql.unreachable')
  assert.equal((await failed('private', { host: '10.1.2.3' })).error.code, 'connectors.forbidden_address')
})

test('a connection is checked and tables are discovered', { skip }, async () => {
  const checked = await house.call('POST', '/api/v1/connectors/postgresql/check', { config: place })
  assert.equal(checked.body.ok, true, JSON.stringify(checked.body))
  const { schema: _, ...server } = place
  const found = await house.call('POST', '/api/v1/connectors/postgresql/discover', { config: server })
  const table = found.body.items.find(
    (item: { config: { schema: string; table: string } }) =>
      item.config.schema === schema && item.config.table === 'customers',
  )
  assert.deepEqual(
    table.columns.slice(0, 2).map((column: { name: string }) => column.name),
    ['id', 'name'],
  )
  const wrong = await house.call('POST', '/api/v1/connectors/postgresql/check', { config: { ...place, port: 1 } })
  assert.equal(wrong.body.ok, false)
})

test('a secret kept for one server is not sent to another', { skip }, async () => {
  const body = {
    name: 'kept',
    type: 'batch',
    source: { type: 'postgresql', config: { ...place, table: 'customers' } },
    transformations: [],
    destination: { type: 'file', config: { path: 'kept.parquet' } },
  }
  const { body: made } = await house.call('POST', '/api/v1/pipelines', body)
  const same = await house.call('PUT', `/api/v1/pipelines/${made.id}`, {
    ...body,
    source: made.source,
    name: 'kept still',
  })
  assert.equal(same.status, 200, JSON.stringify(same.body))
  assert.equal(same.body.version, 2)
  const elsewhere = await house.call('PUT', `/api/v1/pipelines/${made.id}`, {
    ...body,
    source: { type: 'postgresql', config: { ...made.source.config, host: 'evil.example' } },
  })
  assert.equal(elsewhere.status, 422)
  assert.equal(elsewhere.body.problems[0].at, 'source.config.password')
  const { body: run } = await house.call('POST', `/api/v1/pipelines/${made.id}/run?wait=60s`)
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
})

test('JSON values go into jsonb and come back as they were', { skip }, async () => {
  const values = ['1', '"1"', '"true"', 'true', '9007199254740993', '"[1]"', '""', '1.10', '{"a":[1,"x"]}']
  const columns = [
    { name: 'n', type: 'integer' },
    { name: 'j', type: 'json' },
  ]
  for (const name of ['json_out', 'json_back']) await house.call('POST', '/api/v1/datasets', { name, columns })
  const body = values.map((value, n) => `{"n":${n},"j":${value}}`).join('\n')
  await house.call('POST', '/api/v1/streams/json_out/events', body, { 'content-type': 'application/x-ndjson' })
  const table = { type: 'postgresql', config: { ...place, table: 'json_values' } }
  const out = { source: { type: 'stream', config: { stream: 'json_out' } }, destination: table }
  assert.equal((await ran('json out', out)).run.status, 'succeeded')
  const { rows } = await client.query(`select pg_typeof(j)::text as type from ${schema}.json_values limit 1`)
  assert.equal(rows[0].type, 'jsonb')
  const back = { source: table, destination: { type: 'dataset', config: { dataset: 'json_back', mode: 'append' } } }
  const { run } = await ran('json back', back)
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  const response = await fetch(`${house.url}/api/v1/datasets/json_back/rows`)
  const { items } = parseExact(await response.text()) as { items: { n: string; j: unknown }[] }
  const ordered = items.toSorted((one, other) => Number(one.n) - Number(other.n))
  assert.deepEqual(
    ordered.map(({ j }) => JSON.stringify(j)),
    values,
  )
})
