import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openHouse, type House } from './house-fixture.ts'

const ndjson = { 'content-type': 'application/x-ndjson' }
const json = { 'content-type': 'application/json' }
let house: House
before(async () => {
  house = await openHouse()
})
after(async () => {
  await house.close()
})

const send = (stream: string, rows: readonly unknown[] | string, headers: Record<string, string> = {}) =>
  house.call(
    'POST',
    `/api/v1/streams/${stream}/events`,
    typeof rows === 'string' ? rows : rows.map((row) => JSON.stringify(row)).join('\n'),
    { ...ndjson, ...headers },
  )

test('the first events make the stream and its contract', async () => {
  const sent = await send('orders', [
    {
      id: 'a',
      amount: 12.5,
      quantity: 2,
      paid: true,
      at: '2026-01-01T10:00:00+02:00',
      day: '2026-01-01',
      note: null,
      customer: { name: 'Ann', tags: [1, 'x'] },
    },
    { id: 'b', amount: 3, quantity: 1 },
  ])
  assert.deepEqual([sent.status, sent.body], [202, { accepted: 2, rejected: 0, position: '2' }])
  const { body: dataset } = await house.call('GET', '/api/v1/datasets/orders')
  assert.deepEqual(
    dataset.columns.map(
      (column: { name: string; type: string; nullable: boolean }) => `${column.name} ${column.type} ${column.nullable}`,
    ),
    [
      'id string true',
      'amount number true',
      'quantity number true',
      'paid boolean true',
      'at timestamp true',
      'day date true',
      'note string true',
      'customer json true',
    ],
  )
  assert.equal(dataset.kind, 'events')
  assert.equal(dataset.rows, 2)
  assert.ok(dataset.bytes > 0)
  assert.equal(dataset.source.kind, 'inferred')
  assert.match(dataset.freshness, /^20\d\d-\d\d-\d\dT.*Z$/)
  const rows = await house.call('GET', '/api/v1/datasets/orders/rows')
  assert.equal(rows.body.items[0].at, '2026-01-01T08:00:00.000000Z')
  assert.deepEqual(rows.body.items[0].customer, { name: 'Ann', tags: [1, 'x'] })
  assert.equal(rows.body.items[0].quantity, 2)
  assert.equal(rows.body.items[1]._position, '2')
})

test('a number inside JSON keeps its digits', async () => {
  const written = '{"big":9007199254740993,"price":1.10}'
  await send('exact', `{"what":${written}}`, ndjson)
  for (const path of ['/api/v1/datasets/exact/rows', '/api/v1/streams/exact/events']) {
    const answer = await fetch(house.running.url + path)
    assert.ok((await answer.text()).includes(written), path)
  }
})

test('a body of another type is refused before any row is looked at', async () => {
  await send('typed', [{ id: 1 }])
  const refused = await send('typed', 'id\n2', { 'content-type': 'text/csv' })
  assert.deepEqual([refused.status, refused.body.code], [415, 'kernel.unsupportedContent'])
  assert.deepEqual((await house.call('GET', '/api/v1/datasets/typed/quarantine')).body.items, [])
})

test('a row that does not fit goes to quarantine with the reason, and the others are accepted', async () => {
  await send('sensors', [{ id: 1, temperature: 20.5 }])
  const rows: unknown[] = Array.from({ length: 1000 }, (_, index) => ({ id: index, temperature: index / 10 }))
  rows[6] = { id: 6, temperature: 'hot' }
  const sent = await send('sensors', rows)
  assert.equal(sent.status, 202)
  assert.equal(sent.body.accepted, 999)
  assert.equal(sent.body.rejected, 1)
  assert.match(sent.body.problems[0].message, /row 7: column "temperature" needs a number within range and got "hot"/)
  const kept = await house.call('GET', '/api/v1/datasets/sensors/quarantine')
  assert.equal(kept.body.items.length, 1)
  assert.deepEqual(JSON.parse(kept.body.items[0].row), { id: 6, temperature: 'hot' })
  assert.equal(kept.body.items[0].problems[0].at, 'rows.7.temperature')

  const wrong = await house.call('POST', '/api/v1/datasets/sensors/quarantine/replay', {
    rows: [{ id: kept.body.items[0].id }],
  })
  assert.equal(wrong.status, 422)
  const { id } = kept.body.items[0]
  const reason = `row 1 ("${id}"): column "temperature" needs a number within range and got "hot"`
  assert.ok(wrong.body.detail.startsWith(`None of the rows was taken into "sensors": ${reason}.`), wrong.body.detail)
  const replayed = await house.call('POST', '/api/v1/datasets/sensors/quarantine/replay', {
    rows: [{ id: kept.body.items[0].id, row: { id: 6, temperature: 66.6 } }],
  })
  assert.deepEqual([replayed.status, replayed.body], [200, { replayed: 1 }])
  assert.deepEqual((await house.call('GET', '/api/v1/datasets/sensors/quarantine')).body.items, [])
  assert.equal((await house.call('GET', '/api/v1/datasets/sensors')).body.rows, 1001)
})

test('a rejected row that is sent again keeps the digits of its numbers, and is loaded once however often it is named', async () => {
  const columns = ['id integer', 'price decimal(38,11)', 'doc json', '__proto__ string'].map((column) => {
    const [name, type] = column.split(' ')
    return { name, type }
  })
  await house.call('POST', '/api/v1/datasets', { name: 'digits', columns })
  const row =
    '{"id":9007199254740993,"price":1234567.12345678901,"doc":{"id":9007199254740993,"p":1.10},"__proto__":"p"}'
  for (const number of [1, 2, 3, 4]) await send('digits', `{"id":"x${number}"}`)
  const path = '/api/v1/datasets/digits/quarantine'
  const { body: kept } = await house.call('GET', path)
  const [first, second, third, fourth] = kept.items.map(({ id }: { id: string }) => `"id":"${id}"`)
  const replay = (...rows: string[]) => house.call('POST', `${path}/replay`, `{"rows":[${rows.join(',')}]}`, json)

  const price = await replay(`{${first},"row":{"id":1}}`, `{${second},"row":{"id":2,"price":1.234567890123}}`)
  assert.deepEqual(
    [price.status, price.body.problems.map(({ at }: { at: string }) => at)],
    [422, ['rows[1].row.price']],
  )
  assert.match(
    price.body.detail,
    /row 2 \("[^"]+"\): column "price" needs a decimal with 38 digits, 11 after the point and got 1\.234567890123\./,
  )
  const sent = await replay(`{${first},"row":{"id":1}}`, `{${second},"row":{"id":2}}`, `{${first},"row":${row}}`)
  assert.deepEqual([sent.status, sent.body], [200, { replayed: 2 }])
  const rows = await (await fetch(`${house.running.url}/api/v1/datasets/digits/rows`)).text()
  for (const part of [
    '"id":"9007199254740993"',
    '"price":"1234567.12345678901"',
    '"doc":{"id":9007199254740993,"p":1.10}',
    '"__proto__":"p"',
  ])
    assert.ok(rows.includes(part), rows)
  assert.equal((await house.call('GET', '/api/v1/datasets/digits')).body.rows, 2)

  const [one, other] = await Promise.all([
    replay(`{${third},"row":{"id":3}}`),
    replay(`{${third},"row":{"id":3}}`, `{${fourth},"row":{"id":4}}`),
  ])
  assert.deepEqual([one.status, other.status].toSorted(), [200, 404])
  for (const wrong of ['7', '9007199254740993', '[]', 'null'])
    assert.deepEqual(
      (await replay(`{${fourth},"row":${wrong}}`)).body.problems.map(({ at }: { at: string }) => at),
      ['rows[0].row'],
    )
})

test('a first post whose rows are all rejected makes no dataset; its rows wait where they can be seen', async () => {
  const rows = [
    { 'a b': 1, x: 2 },
    { 'a b': 2, x: 'y' },
  ]
  const key = { 'idempotency-key': 'first' }
  for (const attempt of [await send('hopeless', rows, key), await send('hopeless', rows, key)]) {
    assert.equal(attempt.status, 422)
    assert.match(attempt.body.problems[0].message, /"a b"/)
    assert.match(attempt.body.detail, /kept in GET \/api\/v1\/datasets\/hopeless\/quarantine\.$/)
  }
  assert.equal((await house.call('GET', '/api/v1/datasets/hopeless')).status, 404)
  assert.equal((await house.call('GET', '/api/v1/datasets/hopeless/quarantine')).body.items.length, 2)
  const listed = await house.call('GET', '/api/v1/quarantine')
  const [waiting] = listed.body.items.filter((each: { name: string }) => each.name === 'hopeless')
  assert.deepEqual([waiting.exists, waiting.rows], [false, 2])

  assert.equal((await send('hopeless', [{ x: 'fits' }])).status, 202)
  const { body } = await house.call('GET', '/api/v1/datasets/hopeless')
  assert.deepEqual(
    body.columns.map((column: { name: string }) => column.name),
    ['x'],
  )
  assert.equal((await house.call('GET', '/api/v1/datasets/hopeless/quarantine')).body.items.length, 2)
})

test('malformed lines are rejected with their place, blank lines are nothing', async () => {
  const sent = await send('lines', '{"a":1}\n\n{"a":\r\n   \n{"a":2}\n[1]\n')
  assert.deepEqual([sent.status, sent.body.accepted, sent.body.rejected], [202, 2, 2])
  assert.match(sent.body.problems[0].message, /^row 3: is not valid JSON/)
  assert.match(sent.body.problems[1].message, /^row 6: is not a JSON object/)
})

test('a request whose every row is rejected is answered with 422 and all reasons', async () => {
  await send('numbers', [{ n: 1 }])
  const sent = await send('numbers', [{ n: 'x' }, { n: true }, { m: 1 }])
  assert.equal(sent.status, 422)
  assert.equal(sent.body.code, 'streams.all_rejected')
  assert.deepEqual(
    sent.body.problems.map((problem: { code: string }) => problem.code),
    ['wrong_type', 'wrong_type', 'unknown_column'],
  )
  assert.equal((await send('nothing', 'rubbish')).status, 422)
  assert.equal((await send('nothing', '')).status, 422)
})

test('a retry with the same key changes nothing and answers the same, also when rows were rejected', async () => {
  const key = { 'idempotency-key': 'k1' }
  const first = await send('retried', [{ n: 1 }, { n: 2 }], key)
  assert.deepEqual(await send('retried', [{ n: 1 }, { n: 2 }], key), first)
  const half = await send('retried', [{ n: 3 }, { n: 'x' }], { 'idempotency-key': 'k2' })
  assert.deepEqual([half.body.accepted, half.body.rejected, half.body.position], [1, 1, '3'])
  assert.deepEqual(await send('retried', [{ n: 3 }, { n: 'x' }], { 'idempotency-key': 'k2' }), half)
  const none = await send('retried', [{ n: 'x' }], { 'idempotency-key': 'k3' })
  const again = await send('retried', [{ n: 'x' }], { 'idempotency-key': 'k3' })
  assert.deepEqual([none.status, again.status, again.body.problems], [422, 422, none.body.problems])
  assert.equal((await house.call('GET', '/api/v1/datasets/retried')).body.rows, 3)
  assert.equal((await house.call('GET', '/api/v1/datasets/retried/quarantine')).body.items.length, 2)
  const reused = await send('retried', [{ n: 9 }], key)
  assert.deepEqual([reused.status, reused.body.code], [409, 'streams.key_reused'])
})

test('many tries with one key at once are one', async () => {
  await send('crowd', [{ n: 0 }])
  const tries = await Promise.all(
    Array.from({ length: 20 }, () => send('crowd', [{ n: 1 }, { n: 2 }], { 'idempotency-key': 'one' })),
  )
  assert.ok(tries.every(({ status, body }) => status === 202 && body.position === '3'))
  assert.equal((await house.call('GET', '/api/v1/datasets/crowd')).body.rows, 3)
})

test('JSON arrays, single objects and CloudEvents are events too', async () => {
  const post = (body: string, type: string) =>
    house.call('POST', '/api/v1/streams/forms/events', body, { 'content-type': type })
  assert.equal((await post(' [ {"a": 1,\n "b": "x]\\"},{"} ,\n {"a": 2} ]\n', 'application/json')).body.accepted, 2)
  assert.equal((await post('{\n  "a": 3\n}\n', 'application/json')).body.accepted, 1)
  assert.equal((await post('{"a":4}\n{"a":5}', 'application/json; charset=utf-8')).body.accepted, 2)
  assert.equal((await post('[]', 'application/json')).body.accepted, 0)
  const event = (a: number) =>
    JSON.stringify({ specversion: '1.0', id: String(a), source: '/shop', type: 'order', data: { a } })
  assert.equal((await post(event(6), 'application/cloudevents+json')).body.accepted, 1)
  assert.equal(
    (await post(`[${event(7)},${event(8)},{"specversion":"1.0"}]`, 'application/cloudevents-batch+json')).body.accepted,
    2,
  )
  for (const broken of ['[{"a":1},]', '[{"a":1}', '[{"a":1}] x', '[,{"a":1}]', '5'])
    assert.equal((await post(broken, 'application/json')).status, 400, broken)
  const rows = await house.call('GET', '/api/v1/datasets/forms/rows')
  assert.deepEqual(
    rows.body.items.map((row: { a: number }) => row.a),
    [1, 2, 3, 4, 5, 6, 7, 8],
  )
  assert.equal(rows.body.items[0].b, 'x]"},{')
})

test('what is no CloudEvent is rejected as one, and makes no stream', async () => {
  const event = { specversion: '1.0', id: '1', source: '/shop', type: 'order', data: { a: 1 } }
  const post = (stream: string, body: unknown, headers: Record<string, string>) =>
    house.call('POST', `/api/v1/streams/${stream}/events`, JSON.stringify(body), headers)
  const [single, batch] = ['application/cloudevents+json', 'application/cloudevents-batch+json']
  const first = await post('envelopes', { ...event, data: undefined }, { 'content-type': single })
  assert.deepEqual([first.status, first.body.problems[0].at], [422, 'rows.1'])
  assert.match(first.body.problems[0].message, /no JSON object as "data"/)
  assert.equal((await house.call('GET', '/api/v1/datasets/envelopes')).status, 404)
  const mixed = [
    { ...event, type: undefined },
    event,
    { ...event, specversion: '0.3' },
    5,
    { ...event, data_base64: 'e30=' },
  ]
  const second = await post('envelopes', mixed, { 'content-type': batch })
  assert.deepEqual([second.body.accepted, second.body.rejected], [1, 4])
  assert.deepEqual(
    second.body.problems.map((problem: { message: string }) => problem.message),
    [
      'row 1: is not a CloudEvent: "type" needs a text that is not empty',
      'row 3: is not a CloudEvent 1.0: "specversion" is "0.3"',
      'row 4: is not a CloudEvent',
      'row 5: has its data as base64; send a JSON object as "data"',
    ],
  )
  const { columns } = (await house.call('GET', '/api/v1/datasets/envelopes')).body
  assert.deepEqual(
    columns.map((column: { name: string }) => column.name),
    ['a'],
  )
})

test('a CloudEvent may have its attributes in headers', async () => {
  const columns = ['ce_id', 'ce_type', 'name'].map((name) => ({ name, type: 'string' }))
  await house.call('POST', '/api/v1/datasets', { name: 'binary', columns })
  const post = (headers: Record<string, string>) =>
    house.call('POST', '/api/v1/streams/binary/events', '{"name":"Ada"}', { ...json, ...headers })
  const given = { 'ce-specversion': '1.0', 'ce-id': 'Euro%20%E2%82%AC', 'ce-source': '/shop', 'ce-type': 'order' }
  assert.equal((await post(given)).status, 202)
  assert.match((await post({ ...given, 'ce-type': '' })).body.problems[0].message, /"type" needs a text/)
  const [row] = (await house.call('GET', '/api/v1/datasets/binary/rows')).body.items
  assert.deepEqual([row.ce_id, row.ce_type, row.name], ['Euro €', 'order', 'Ada'])
})

test('a stream is replayed from any position, and a reader may wait for the next event', async () => {
  await send(
    'replay',
    Array.from({ length: 5 }, (_, n) => ({ n })),
  )
  const first = await house.call('GET', '/api/v1/streams/replay/events?limit=3')
  assert.deepEqual(
    first.body.items.map((row: { n: number }) => row.n),
    [0, 1, 2],
  )
  const rest = await house.call('GET', `/api/v1/streams/replay/events?limit=3&after=${first.body.next}`)
  assert.deepEqual([rest.body.items.length, rest.body.next], [2, null])
  const waiting = house.call('GET', `/api/v1/streams/replay/events?after=${rest.body.position}&wait=10s`)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await send('replay', [{ n: 5 }])
  assert.deepEqual(
    (await waiting).body.items.map((row: { n: number }) => row.n),
    [5],
  )
  assert.equal((await house.call('GET', '/api/v1/streams/replay/events?after=x')).status, 422)
  assert.equal((await house.call('GET', '/api/v1/streams/none/events')).status, 404)
})

test("workspaces do not see each other's streams", async () => {
  await send('private', [{ n: 1 }], { authorization: 'Bearer other' })
  assert.equal((await house.call('GET', '/api/v1/datasets/private')).status, 404)
  assert.equal(
    (await house.call('GET', '/api/v1/datasets/private', undefined, { authorization: 'Bearer other' })).status,
    200,
  )
})

test('a body beyond the limit is refused before it is read', async () => {
  const response = await send('large', [{ n: 1 }], { 'idempotency-key': 'x'.repeat(300) })
  assert.equal(response.status, 422)
  const body = Buffer.alloc((64 << 20) + 1, 32)
  assert.equal((await house.call('POST', '/api/v1/streams/large/events', body, ndjson)).status, 413)
  assert.equal((await send('large', '{}\n'.repeat(500_001))).status, 413)
  const rubbish = await send('large', 'x\n'.repeat(12_000))
  assert.deepEqual(
    [rubbish.status, (await house.call('GET', '/api/v1/datasets/large/quarantine?limit=1000')).body.items.length],
    [422, 1000],
  )
})

test('wide bodies of rejected rows do not hold up the event loop', async () => {
  await send('slow', [{ n: 1, text: 'x' }])
  const rows = Array.from({ length: 50_000 }, (_, n) => ({ n: n === 49_999 ? 'x' : n, text: 'y'.repeat(50) }))
  const body = rows.map((row) => JSON.stringify(row)).join('\n')
  // The thread's own time: what other processes take does not count.
  const spent = (): number => process.threadCpuUsage().user / 1000
  let longest = 0
  let last = spent()
  const timer = setInterval(() => {
    longest = Math.max(longest, spent() - last)
    last = spent()
  }, 1)
  const sent = await send('slow', body)
  clearInterval(timer)
  assert.equal(sent.body.rejected, 1)
  assert.equal(sent.body.accepted, 49_999)
  assert.ok(longest < 100, `the event loop was held for ${longest} ms`)
})
