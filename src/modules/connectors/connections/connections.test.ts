import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { z } from 'zod'
import type { ObjectRef } from '#core/object-ref'
import { defineContract } from '#kernel/contract'
import { defineModule } from '#kernel/module'
import { defineConnector, defineFailures, secretText } from '#sdk'
import { vendorConnector } from '#sdk/vendor-connector-fixture'
import { openHouse, type House } from '#tests/house'
import datasetsModule from '#modules/datasets/module'
import identityModule from '#modules/identity/module'
import streamsModule from '#modules/streams/module'
import { connectorsModule } from '../module.ts'

const failures = defineFailures('vendor', {
  refused: {
    kind: 'invalid',
    failure: 'credentials',
    title: 'The vendor refuses the token',
    says: (p: { place: string }) => `"${p.place}" does not accept the token.`,
    remedy: 'Enter the token again.',
  },
})
const token = () => secretText({ title: 'Token', description: 'For the server.' })
const { connector: today, reached } = vendorConnector({
  connection: z.strictObject({
    host: z.string(),
    region: z.string().default('eu').meta({ safe: true }),
    auth: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('none') }),
      z.strictObject({ type: z.literal('key'), key: token() }),
    ]),
    headers: z.array(z.strictObject({ name: z.string(), value: token() })).default([]),
  }),
  check: async (connection) => {
    reached.push(connection)
    const { host, auth } = connection as { host: string; auth: { key?: string } }
    if (auth.key === 'wrong-key') throw failures.refused({ place: host })
    return `"${host}" accepts the token.`
  },
  streams: async () => [
    {
      name: 'sales.orders',
      bareName: 'orders',
      config: { table: 'orders' },
      columns: [{ name: 'id', type: 'integer', nullable: false }],
      primaryKey: ['id'],
      cursors: ['id'],
      modes: ['full', 'incremental'],
    },
    { name: 'sales.people', config: { table: 'people' }, primaryKey: [], cursors: [], modes: ['full'] },
  ],
  batches: [
    { rows: Array.from({ length: 150 }, (_, id) => ({ id, name: `n${id}`, tags: ['a'] })) },
    { ndjson: `{"id":9007199254740993,"name":null}\n`.repeat(150) },
  ],
})
const vendor: typeof today = {
  ...today,
  connection: {
    ...today.connection!,
    upgrade: (given) =>
      String(given['host']).startsWith('old:') ? { ...given, host: String(given['host']).slice(4) } : given,
  },
}

const plain = defineConnector({
  type: 'plain',
  title: 'Plain',
  category: 'files',
  about: 'Has no server.',
  proven: 'this test',
  source: {
    settings: z.strictObject({ path: z.string() }),
    reads: 'batches',
    modes: ['full'],
    load: () => Promise.reject(new Error('not read here')),
  },
})

let house: House
let uses: { kind: string; id: string; name: string }[] = []
const usingModule = defineModule({
  name: 'using',
  about: 'Uses connections.',
  needs: {},
  permissions: {},
  contract: defineContract('using', {}),
  start: async () => ({
    face: {},
    handlers: {},
    references: async (_: string, { kind, id }: ObjectRef) => (kind === 'connection' && id === 'bad' ? uses : []),
  }),
})
before(async () => {
  house = await openHouse({
    modules: (home) => [
      identityModule,
      datasetsModule,
      streamsModule,
      connectorsModule({ connectors: [vendor, plain], home, files: [join(home, 'files')] }),
      usingModule,
    ],
  })
})
after(() => house.close())

const settings = {
  host: 'a.example',
  auth: { type: 'key', key: 'hunter2-key' },
  headers: [{ name: 'x-one', value: 'hunter2-header' }],
}
const hidden = { ...settings, auth: { type: 'key', key: '***' }, headers: [{ name: 'x-one', value: '***' }] }
const path = '/api/v1/connections'
const make = (name: string, more: object = {}) =>
  house.call('POST', path, { name, type: 'vendor', settings: { ...settings, ...more } })
const problemsOf = (answer: { body: { problems: { at: string; code: string }[] } }) =>
  answer.body.problems.map(({ at, code }) => `${at} ${code}`)
const stored = async () =>
  JSON.stringify([
    (await house.ports.metadata.system.query('select * from connectors.connection')).rows,
    (await house.ports.metadata.system.query('select * from kernel.definition_version')).rows,
    (await house.ports.metadata.system.query('select * from kernel.audit')).rows,
    (await house.ports.metadata.system.query('select * from kernel.event')).rows,
  ])

test('a connection is made, shown without secrets, listed in pages, and used with them', async () => {
  const made = await make('shop')
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.deepEqual(
    [made.body.name, made.body.type, made.body.settings, made.body.version],
    ['shop', 'vendor', hidden, 1],
  )
  assert.deepEqual((await house.call('GET', `${path}/shop`)).body, made.body)
  await make('second one')
  const first = await house.call('GET', `${path}?limit=1`)
  const rest = await house.call('GET', `${path}?limit=1&cursor=${first.body.next}`)
  assert.deepEqual(
    [first, rest].map(({ body }) => body.items[0].name),
    ['second one', 'shop'],
  )
  assert.equal(rest.body.next, null)
  const check = await house.call('POST', `${path}/shop/check`)
  assert.deepEqual([check.status, check.body], [200, { ok: true, summary: '"a.example" accepts the token.' }])
  assert.deepEqual(reached.at(-1), { ...settings, region: 'eu' })
  assert.doesNotMatch(await stored(), /hunter2/)
})

test('a name that is taken, an unknown connector, one without connections and wrong settings are refused with their place', async () => {
  assert.equal((await make('shop')).status, 409)
  const of = (body: object) => house.call('POST', path, { name: 'other', settings: {}, ...body })
  assert.deepEqual(problemsOf(await of({ type: 'vendr' })), ['type unknown_connector'])
  assert.deepEqual(problemsOf(await of({ type: 'plain' })), ['type unknown_connector'])
  const wrong = await of({ type: 'vendor', settings: { ...settings, hots: 'x', headers: [{ name: 'a', value: 5 }] } })
  assert.equal(wrong.status, 422)
  assert.deepEqual(problemsOf(wrong).toSorted(), [
    'settings.headers[0].value wrong_type',
    'settings.hots unknown_field',
  ])
  assert.equal((await house.call('POST', path, { type: 'vendor', settings, name: 'a/b' })).status, 422)
  assert.equal((await house.call('POST', path, { type: 'vendor', settings, name: 'x', extra: 1 })).status, 422)
  assert.equal((await house.call('GET', `${path}/nobody`)).status, 404)
})

test('secrets are kept while what decides where they go is unchanged, and are never sent elsewhere', async () => {
  const put = (given: object, more: object = {}) => house.call('PUT', `${path}/shop`, { settings: given, ...more })
  const shown = (await house.call('GET', `${path}/shop`)).body
  const same = await house.call('PUT', `${path}/shop`, shown)
  assert.deepEqual([same.status, same.body.version], [200, 2])
  assert.equal((await house.call('PUT', `${path}/shop`, shown)).body.code, 'kernel.staleVersion')
  assert.equal((await put({ ...hidden, region: 'us', auth: { type: 'key' } })).status, 200)
  await house.call('POST', `${path}/shop/check`)
  assert.deepEqual(reached.at(-1), { ...settings, region: 'us' })

  const moved = await put({ ...hidden, host: 'b.example' })
  assert.equal(moved.status, 422)
  assert.deepEqual(problemsOf(moved), ['settings.auth.key secret_needed', 'settings.headers[0].value secret_needed'])
  const renamed = await put(hidden, { name: 'else' })
  assert.deepEqual([renamed.body.code, ...problemsOf(renamed)], ['connectors.connection_fixed', 'name fixed'])
  assert.deepEqual(problemsOf(await put(hidden, { type: 'plain' })), ['type fixed'])

  assert.equal((await put({ ...hidden, host: 'b.example', auth: { type: 'none' }, headers: [] })).status, 200)
  await house.call('POST', `${path}/shop/check`)
  assert.deepEqual(reached.at(-1), { host: 'b.example', region: 'eu', auth: { type: 'none' }, headers: [] })
  assert.equal((await put({ ...hidden, host: 'b.example', headers: [] })).status, 422)
  assert.equal((await put({ ...settings, host: 'b.example', auth: { type: 'key', key: null } })).status, 422)
})

test('earlier versions are listed with what changed and restored; a secret that belongs to others is asked for', async () => {
  const { body } = await house.call('GET', `${path}/shop/versions`)
  assert.deepEqual(
    body.items.map(({ version }: { version: number }) => version),
    [4, 3, 2, 1],
  )
  assert.ok(body.items[0].changes.some(({ at }: { at: string }) => at === 'settings.host'))
  assert.doesNotMatch(JSON.stringify(body), /hunter2/)
  const needed = await house.call('POST', `${path}/shop/versions/2/restore`)
  assert.deepEqual(problemsOf(needed), ['settings.auth.key secret_needed', 'settings.headers[0].value secret_needed'])
  for (const { message } of needed.body.problems)
    assert.match(message, /change the connection to the settings of version 2 and enter the secret there\.$/)
  const stale = await house.call('POST', `${path}/shop/versions/2/restore?current=3`)
  assert.deepEqual([stale.status, stale.body.code], [409, 'kernel.staleVersion'])
  const restored = await house.call('POST', `${path}/shop/versions/4/restore?current=4`)
  assert.equal(restored.body.version, 5)
})

test('a check that fails is answered with its kind, what happened and what to do', async () => {
  await make('bad', { auth: { type: 'key', key: 'wrong-key' } })
  const { status, body } = await house.call('POST', `${path}/bad/check`)
  assert.equal(status, 200)
  assert.deepEqual(body, {
    ok: false,
    summary: 'The vendor refuses the token',
    diagnosis: {
      kind: 'credentials',
      detail: '"a.example" does not accept the token.',
      remedy: 'Enter the token again.',
    },
  })
})

test('settings are tested before they are saved, with kept secrets only where they were entered for', async () => {
  const check = (given: object) => house.call('POST', `${path}/second%20one/check`, { settings: given })
  assert.deepEqual((await check({ ...hidden, region: 'us' })).body, {
    ok: true,
    summary: '"a.example" accepts the token.',
  })
  assert.deepEqual(reached.at(-1), { ...settings, region: 'us' })
  assert.equal((await check({ ...hidden, host: 'b.example' })).status, 422)
  const wrong = { ...settings, auth: { type: 'key', key: 'wrong-key' } }
  const unsaved = { as: 'connection', config: wrong }
  const { body } = await house.call('POST', '/api/v1/connectors/vendor/check', unsaved)
  assert.deepEqual([body.ok, body.kind, body.remedy], [false, 'credentials', 'Enter the token again.'])
  assert.deepEqual(body.diagnosis, {
    kind: 'credentials',
    detail: '"a.example" does not accept the token.',
    remedy: 'Enter the token again.',
  })
})

test('streams are listed with keys, cursors and modes, and previewed', async () => {
  const streams = await house.call('GET', `${path}/second%20one/streams?limit=1`)
  assert.deepEqual(streams.body.items, [
    {
      name: 'sales.orders',
      columns: [{ name: 'id', type: 'integer', nullable: false }],
      primaryKey: ['id'],
      cursors: ['id'],
      modes: ['full', 'incremental'],
    },
  ])
  const next = await house.call('GET', `${path}/second%20one/streams?cursor=${streams.body.next}`)
  assert.deepEqual(
    next.body.items.map(({ name }: { name: string }) => name),
    ['sales.people'],
  )

  const preview = (body: object) => house.call('POST', `${path}/second%20one/preview`, body)
  const few = await preview({ stream: 'sales.orders' })
  assert.equal(few.body.rows.length, 20)
  assert.deepEqual(few.body.rows[1], { id: 1, name: 'n1', tags: ['a'] })
  assert.deepEqual(few.body.columns, [
    { name: 'id', type: 'integer', nullable: false },
    { name: 'name', type: 'string', nullable: false },
    { name: 'tags', type: 'json', nullable: false },
  ])
  assert.deepEqual(reached.at(-1), { ...settings, region: 'eu', table: 'orders' })
  const many = await preview({ stream: 'orders', limit: 200 })
  assert.equal(many.body.rows.length, 200)
  assert.deepEqual(many.body.columns[1], { name: 'name', type: 'string', nullable: true })
  assert.equal((await preview({ stream: 'sales.orders', limit: 201 })).status, 422)
  const unknown = await preview({ stream: 'sales.order' })
  assert.equal(unknown.status, 422)
  assert.deepEqual(problemsOf(unknown), ['stream unknown_stream'])
})

test('a connection that something uses is not deleted, and its users are named; another goes with its secrets', async () => {
  uses = [{ kind: 'pipeline', id: '1', name: 'Nightly' }]
  assert.deepEqual((await house.call('GET', `${path}/bad`)).body.usedBy, uses)
  const refused = await house.call('DELETE', `${path}/bad`)
  assert.equal(refused.status, 409)
  assert.match(refused.body.detail, /pipeline "Nightly"/)
  uses = []
  assert.equal((await house.call('DELETE', `${path}/bad`)).status, 204)
  assert.equal((await house.call('GET', `${path}/bad`)).status, 404)
  assert.equal((await house.call('DELETE', `${path}/bad`)).status, 404)
})

test('a URL with a user name or a password is refused with its place, and the answer does not quote it', async () => {
  for (const host of ['https://ann:hunter2@a.example/', 'https://hunter2@a.example', 'ftp://ann:hunter2@[x'])
    for (const answer of [
      await make('in url', { host }),
      await house.call('PUT', `${path}/shop`, { settings: { ...settings, host } }),
      await house.call('POST', '/api/v1/connectors/vendor/check', { as: 'connection', config: { ...settings, host } }),
    ]) {
      assert.equal(answer.status, 422)
      assert.match(problemsOf(answer).join(), /^(settings|config)\.host secret_in_url$/)
      assert.match(answer.body.problems[0].message, /"auth\.key", "headers\[\]\.value"/)
      assert.doesNotMatch(JSON.stringify(answer.body), /hunter2/)
    }
})

test('secrets that lie in clear because they became secrets later are sealed at the start, in the history too', async () => {
  await make('older')
  const { system } = house.ports.metadata
  const clear = { auth: settings.auth, host: 'old:a.example', headers: settings.headers }
  await system.query(`update connectors.connection set settings = $1::json, secrets = '{}' where name = 'older'`, [
    JSON.stringify(clear),
  ])
  await system.query(`update kernel.definition_version set definition = $1::json where id = 'older'`, [
    JSON.stringify({ name: 'older', type: 'vendor', settings: clear }),
  ])
  await system.query('delete from connectors.step')
  assert.match(await stored(), /hunter2/)
  await house.restart()
  assert.doesNotMatch(await stored(), /hunter2/)
  const { body } = await house.call('GET', `${path}/older`)
  assert.deepEqual([body.settings, body.version], [{ ...hidden, host: 'a.example' }, 1])
  await house.call('POST', `${path}/older/check`)
  assert.deepEqual(reached.at(-1), { ...settings, region: 'eu' })
  const { rows } = await house.ports.metadata.system.query('select * from connectors.connection')
  await house.restart()
  const { rows: again } = await house.ports.metadata.system.query('select * from connectors.connection')
  assert.deepEqual(again, rows)
})

test('another workspace sees, tests and changes none of them', async () => {
  const other = { authorization: 'Bearer other' }
  for (const [method, at] of [
    ['GET', `${path}/shop`],
    ['DELETE', `${path}/shop`],
    ['POST', `${path}/shop/check`],
    ['GET', `${path}/shop/streams`],
  ] as const)
    assert.equal((await house.call(method, at, undefined, other)).status, 404, `${method} ${at}`)
  assert.deepEqual((await house.call('GET', path, undefined, other)).body.items, [])
})

test('every change is in the audit trail with its subject and what changed, and published to other modules', async () => {
  const { rows } = await house.ports.metadata.system.query<{ action: string; subject: unknown }>(
    `select action, subject from kernel.audit where action like 'connectors.connection%' order by sequence`,
  )
  assert.ok(rows.some(({ action }) => action === 'connectors.connectionRemove'))
  const { rows: events } = await house.ports.metadata.system.query<{ payload: { change: string } }>(
    `select payload from kernel.event where name = 'connectors.connectionChanged'`,
  )
  assert.deepEqual([...new Set(events.map(({ payload }) => payload.change))].toSorted(), [
    'changed',
    'created',
    'deleted',
  ])
})
