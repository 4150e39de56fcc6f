import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { parseExact } from '#core/exact-json'
import { jsonTexts } from '#core/json-text-fixture'
import { assertProperty } from '#tests/long-form'
import { openHouse, type House } from './house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(async () => {
  await house.close()
})

const send = (stream: string, body: string, type = 'application/x-ndjson') =>
  house.call('POST', `/api/v1/streams/${stream}/events`, body, { 'content-type': type })

/** The answer as it was written: parsing it would lose digits. */
async function column(path: string): Promise<string[]> {
  const response = await fetch(house.running.url + path)
  const { items } = parseExact(await response.text()) as { items: { j: unknown }[] }
  return items.map((row) => JSON.stringify(row.j))
}

async function declare(name: string): Promise<void> {
  const columns = [
    { name: 'n', type: 'integer' },
    { name: 'j', type: 'json' },
  ]
  assert.equal((await house.call('POST', '/api/v1/datasets', { name, columns })).status, 201)
}

const scalars = ['1', '"1"', '"true"', 'true', 'false', '9007199254740993', '"[1]"', '""', '-0', '1e400', '1.10', '"nan"', '"null"', '0', '"{\\"a\\":1}"'] // prettier-ignore

test('scalars in a json column come back as they were sent, in rows and in events', async () => {
  await declare('scalars')
  const body = scalars.map((value, n) => `{"n":${n},"j":${value}}`).join('\n')
  assert.deepEqual((await send('scalars', body)).body.accepted, scalars.length)
  assert.deepEqual(await column('/api/v1/datasets/scalars/rows'), scalars)
  assert.deepEqual(await column('/api/v1/streams/scalars/events?after=0'), scalars)
})

test('they also do when a bad row beside them has the block looked at row by row, and in a JSON array', async () => {
  await declare('mixed')
  const rows = scalars.map((value, n) => `{"n":${n},"j":${value}}`)
  const { body } = await send('mixed', [...rows, '{"n":"x","j":1}', String.raw`{"n":1,"j":{"a":"\ud800"}}`].join('\n'))
  assert.deepEqual([body.accepted, body.rejected], [scalars.length, 2])
  assert.deepEqual(await column('/api/v1/datasets/mixed/rows'), scalars)
  await declare('listed')
  assert.equal((await send('listed', `[${rows.join(',')}]`, 'application/json')).body.accepted, scalars.length)
  assert.deepEqual(await column('/api/v1/datasets/listed/rows'), scalars)
})

test('of a name that an object holds twice the last value counts', async () => {
  await declare('twice')
  await send('twice', '{"n":1,"j":{"a":1,"a":2}}')
  assert.deepEqual(await column('/api/v1/datasets/twice/rows'), ['{"a":2}'])
})

test('names that are written with escapes are kept, after rows with other names at the same place', async () => {
  await declare('escaped')
  const values = [
    String.raw`{"a":1,"\\":2}`,
    String.raw`{"a":1,"\u0000":2}`,
    String.raw`{"a":1,"\n":2}`,
    String.raw`{"a":1,"\"":2}`,
  ]
  const rows = values.map((value, n) => `{"n":${n},"j":${value}}`)
  assert.equal((await send('escaped', rows.join('\n'))).body.accepted, values.length)
  assert.equal((await send('escaped', `[${rows.join(',')}]`, 'application/json')).body.accepted, values.length)
  assert.equal((await send('escaped', [...rows, '{"n":"x"}'].join('\n'))).body.rejected, 1)
  const texts = [values, values, values].flat()
  assert.deepEqual(await column('/api/v1/streams/escaped/events?after=0'), texts)
  assert.deepEqual((await column('/api/v1/datasets/escaped/rows')).toSorted(), texts.toSorted())
})

test('what earlier versions stored without quotes is read as text', async () => {
  await declare('earlier')
  await send('earlier', '{"n":0,"j":1}\n{"n":1,"j":2}')
  const { database, table } = await house.ports.warehouse
    .rows<{ database: string; table: string }>(
      `SELECT database, name AS table FROM system.tables WHERE name = 'earlier' AND database LIKE 'ws_%'`,
    )
    .then(([found]) => found!)
  await house.ports.warehouse.command(
    `ALTER TABLE ${database}.${table} UPDATE j = 'bare text' WHERE n = 1 SETTINGS mutations_sync = 1`,
  )
  assert.deepEqual(await column('/api/v1/datasets/earlier/rows'), ['1', '"bare text"'])
  assert.deepEqual(await column('/api/v1/streams/earlier/events?after=0'), ['1', '"bare text"'])
})

test('any JSON value comes back as it was sent', async () => {
  await declare('anything')
  let position = 0
  await assertProperty(
    fc.asyncProperty(fc.array(jsonTexts, { minLength: 1, maxLength: 20 }), async (values) => {
      const body = values.map((each, n) => `{ "j" : ${each} ,"n":${n}}`).join('\n')
      const sent = await send('anything', body)
      const after = position
      // Before the assertions: a case that fails must not leave its rows to the next, or shrinking leads astray.
      position = Number(sent.body.position ?? position)
      assert.equal(sent.body.accepted, values.length, JSON.stringify(sent.body))
      assert.deepEqual(await column(`/api/v1/streams/anything/events?after=${after}&limit=100`), values)
    }),
    { short: 30, long: 2_000 },
  )
  const deep = `${'['.repeat(1_000)}1${']'.repeat(1_000)}`
  await send('anything', `{"n":1,"j":${deep}}`)
  assert.deepEqual(await column(`/api/v1/streams/anything/events?after=${position}`), [deep])
  assert.equal((await send('anything', `{"n":1,"j":[${deep}]}`)).status, 422)
})
