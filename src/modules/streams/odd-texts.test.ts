/** Rows with the characters that some stores refuse: the engine keeps U+0000, and half of a pair goes to quarantine. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { openHouse, type House } from './house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.close())

const post = (stream: string, ndjson: string) =>
  house.call('POST', `/api/v1/streams/${stream}/events`, ndjson, { 'content-type': 'application/x-ndjson' })

test('a text with U+0000 comes back as it was sent', async () => {
  assert.deepEqual((await post('nul', '{"name":"a\\u0000b","more":{"x":"\\u0000"}}\n')).status, 202)
  const { body } = await house.call('GET', '/api/v1/datasets/nul/rows')
  assert.deepEqual([body.items[0].name, body.items[0].more], ['a\0b', { x: '\0' }])
})

test('half of a surrogate pair in a value or a name is quarantined with its reason, and the other rows are accepted', async () => {
  const rows = ['{"name":"good"}', '{"name":"\\ud800"}', '{"name":"x","\\udc00":1}', '{"name":"x","\\u0000":1}']
  const { status, body } = await post('halves', `${rows.join('\n')}\n`)
  assert.deepEqual([status, body.accepted, body.rejected], [202, 1, 3])
  const kept = await house.call('GET', '/api/v1/datasets/halves/quarantine')
  assert.equal(kept.status, 200)
  assert.deepEqual(kept.body.items.map((item: { row: string }) => item.row).toSorted(), rows.slice(1).toSorted())
})

test('a name that is U+0000 alone is refused at once: the engine quotes it in its message', async () => {
  await post('names', '{"name":"a"}\n')
  const { status, body } = await post('names', '{"\\u0000":1}\n')
  assert.deepEqual([status, body.code], [422, 'streams.all_rejected'])
})

test('whatever a row holds, ingestion answers 202 or 422 and every row is either accepted or in quarantine', async () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\0', '\ud800', '\udc00', '😀', '"', '\\'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
    maxLength: 400,
  })
  const row = fc.dictionary(fc.oneof(fc.constantFrom('name', 'n'), text), fc.oneof(text, fc.integer()), {
    minKeys: 1,
    maxKeys: 12,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
      const ndjson = rows.map((each) => JSON.stringify(each)).join('\n')
      const { status, body } = await post('any', `${ndjson}\n`)
      assert.ok(status === 202 || status === 422, `${status} ${JSON.stringify(body)}`)
      if (status === 202) assert.equal(body.accepted + body.rejected, rows.length)
    }),
    { numRuns: 40 },
  )
})
