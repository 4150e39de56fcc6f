/** A connection to a real PostgreSQL: checked, browsed, previewed, read and written through. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { ownDatabase, type OwnDatabase } from '#adapters/postgres/database-fixture'
import { openHouse, type House } from './house-fixture.ts'

const password = 'hunter2 " of \\ the ? server'
const path = '/api/v1/connections'
let house: House
let database: OwnDatabase
let client: Client
let settings: Record<string, unknown>
const answers: unknown[] = []

before(async () => {
  database = await ownDatabase(process.env['MILLRACE_TEST_POSTGRES_URL'] as string)
  const { hostname, port, pathname } = new URL(database.url)
  const name = pathname.slice(1)
  client = new Client({ connectionString: database.url })
  await client.connect()
  const role = `reader_${name}`
  await client.query(`create role ${role} login password ${client.escapeLiteral(password)}`)
  await client.query(`create schema "Shop data" authorization ${role}`)
  await client.query(`set role ${role}`)
  await client.query(`create table "Shop data".orders (id bigint primary key, "at" timestamptz not null, amount numeric(12,2), note text);
    insert into "Shop data".orders select i, '2026-01-01'::timestamptz + i * interval '1 hour', i / 4.0, case when i % 2 = 0 then 'even' end from generate_series(1, 1000) i;
    create view "Shop data".small as select * from "Shop data".orders where amount < 10;
    insert into "Shop data".orders values (9007199254740993, '2026-03-01', 1.10, 'large')`)
  await client.query('reset role; create table public.hidden (id int)')
  settings = { host: hostname, port: Number(port || 5432), database: name, user: role, password, schema: 'Shop data' }
  house = await openHouse({ egress: '127.0.0.0/8,::1,localhost' })
})
after(async () => {
  await house?.close()
  const { user } = settings as { user: string }
  await client.query(`drop owned by ${user}; drop role ${user}`)
  await client.end()
  await database.drop()
})

async function call(method: 'GET' | 'POST' | 'PUT', at: string, body?: object) {
  const answer = await house.call(method, at, body)
  answers.push(answer.body)
  return answer
}

async function diagnosis(changed: object) {
  const { status, body } = await call('POST', `${path}/shop/check`, { settings: { ...settings, ...changed } })
  assert.deepEqual([status, body.ok], [200, false], JSON.stringify(body))
  return body.diagnosis
}

test('a connection is made with its password sealed, and its check signs in', async () => {
  const made = await call('POST', path, { name: 'shop', type: 'postgresql', settings })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.deepEqual(made.body.settings, { ...settings, password: '***' })
  const check = await call('POST', `${path}/shop/check`)
  assert.equal(check.body.ok, true, JSON.stringify(check.body))
})

test('its tables and views are listed with columns, keys and cursors', async () => {
  const { body } = await call('GET', `${path}/shop/streams`)
  const names = body.items.map(({ name }: { name: string }) => name)
  assert.deepEqual(names, ['Shop data.orders', 'Shop data.small'])
  const [orders] = body.items
  assert.deepEqual([orders.primaryKey, orders.cursors, orders.modes], [['id'], ['id', 'at'], ['full']])
  assert.deepEqual(
    orders.columns.map(({ name, nullable }: { name: string; nullable: boolean }) => [name, nullable]),
    [
      ['id', false],
      ['at', false],
      ['amount', true],
      ['note', true],
    ],
  )
})

test('a stream is previewed, by its whole name or within the schema of the connection', async () => {
  for (const stream of ['Shop data.orders', 'orders']) {
    const { status, body } = await call('POST', `${path}/shop/preview`, { stream, limit: 3 })
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.rows.length, 3)
    assert.deepEqual(Object.keys(body.rows[0]), ['id', 'at', 'amount', 'note'])
  }
  const view = await call('POST', `${path}/shop/preview`, { stream: 'small', limit: 200 })
  assert.equal(view.body.rows.length, 40)
  assert.equal((await call('POST', `${path}/shop/preview`, { stream: 'hidden' })).status, 422)
})

test('a pipeline reads through it into a dataset, and another writes through it', async () => {
  const ran = async (body: object) => {
    const made = await call('POST', '/api/v1/pipelines', { type: 'batch', ...body })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const run = await call('POST', `/api/v1/pipelines/${made.body.id}/run?wait=60s`)
    assert.equal(run.body.status, 'succeeded', JSON.stringify(run.body))
    await call('GET', `/api/v1/runs/${run.body.id}/logs?limit=1000`)
    return run.body.rows
  }
  const rows = { read: 1001, written: 1001, quarantined: 0 }
  const source = { connection: 'shop', streams: [{ name: 'orders' }] }
  const dataset = { type: 'dataset', config: { dataset: 'orders' } }
  assert.deepEqual(await ran({ name: 'orders in', source, destination: dataset }), rows)
  const copy = { connection: 'shop', config: { table: 'copy', mode: 'merge', key: ['id'] } }
  assert.deepEqual(await ran({ name: 'orders out', source: dataset, destination: copy }), rows)
  const { rows: found } = await client.query(
    `select count(*) as all, count(*) filter (where o.amount = c.amount and o.note is not distinct from c.note and o.at = c.at) as equal
       from "Shop data".orders o join "Shop data".copy c using (id)`,
  )
  assert.deepEqual(found, [{ all: '1001', equal: '1001' }])
  assert.equal((await call('GET', `${path}/shop`)).body.usedBy.length, 2)
})

test('a wrong password, an unknown user, an unknown database and a host that is down are told apart', async () => {
  const wrong = await diagnosis({ password: 'not the password' })
  assert.equal(wrong.kind, 'credentials', JSON.stringify(wrong))
  assert.doesNotMatch(JSON.stringify(wrong), /not the password/)
  assert.equal((await diagnosis({ user: 'nobody_at_all' })).kind, 'credentials')
  const database = await diagnosis({ database: 'not_there' })
  assert.equal(database.kind, 'not_found')
  assert.match(database.detail, /no database "not_there"/)
  const down = await diagnosis({ port: 1 })
  assert.equal(down.kind, 'transient')
  assert.match(down.detail, /:1" cannot be reached/)
})

test('the kept password is not sent to another server, user or database, and is kept when only the schema changes', async () => {
  const kept = { ...settings, password: '***' }
  for (const changed of [{ host: 'localhost' }, { port: 1 }, { user: 'postgres' }, { database: 'x' }]) {
    for (const [method, at] of [
      ['POST', `${path}/shop/check`],
      ['PUT', `${path}/shop`],
    ] as const) {
      const { status, body } = await call(method, at, { settings: { ...kept, ...changed } })
      const problems = (body.problems ?? []).map(({ at, code }: { at: string; code: string }) => `${at} ${code}`)
      assert.deepEqual([status, problems], [422, ['settings.password secret_needed']], JSON.stringify(changed))
    }
  }
  const moved = await call('PUT', `${path}/shop`, { settings: { ...kept, schema: 'public' } })
  assert.equal(moved.status, 200, JSON.stringify(moved.body))
  assert.equal((await call('POST', `${path}/shop/check`)).body.ok, true)
})

test('no answer and no row of the metadata holds the password', async () => {
  await call('GET', path)
  await call('GET', `${path}/shop/versions`)
  await call('GET', '/api/v1/audit?limit=200')
  assert.ok(answers.length > 20)
  assert.doesNotMatch(JSON.stringify(answers), /hunter2/)
  for (const table of [
    'connectors.connection',
    'pipelines.definition',
    'pipelines.run',
    'kernel.definition_version',
    'kernel.audit',
    'kernel.event',
  ]) {
    const { rows } = await house.ports.metadata.system.query(`select * from ${table}`)
    assert.doesNotMatch(JSON.stringify(rows), /hunter2/, table)
  }
})
