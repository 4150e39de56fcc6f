import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { datasetEvents, datasets, rowsLoaded, systemReader, type Datasets } from '#modules/datasets'
import { defineContract } from '#kernel/contract'
import { defineModule } from '#kernel/module'
import { openHouse, type House } from '#modules/streams/house-fixture'

let house: House
let face: Datasets
let used = false
const heard: string[] = []
/** Says that it uses the dataset "gone" while `used` is true. */
const userModule = defineModule({
  name: 'user',
  about: 'Uses a dataset.',
  needs: {},
  permissions: {},
  contract: defineContract('user', {}),
  listens: [{ event: datasetEvents.changed, from: 'now' }],
  start: async () => ({
    face: {},
    handlers: {},
    on: { 'datasets.changed': ({ payload }) => void heard.push(`${payload.name} ${payload.change}`) },
    references: async (_, { kind, id }) =>
      used && kind === 'dataset' && id === 'gone' ? [{ kind: 'metric', id: 'G', name: 'G' }] : [],
  }),
})
before(async () => {
  house = await openHouse([userModule])
  face = house.running.face(datasets)
})
after(async () => {
  await house.close()
})

const column = (name: string, type: string, more: object = {}) => ({ name, type, ...more })
const rowsOf = async (name: string, query = '') =>
  (await house.call('GET', `/api/v1/datasets/${name}/rows${query}`)).body

test('a dataset is declared, read, extended, and refuses what would lose data', async () => {
  const spec = {
    name: 'items',
    columns: [column('id', 'text', { nullable: false }), column('price', 'decimal(12, 2)'), column('day', 'date')],
  }
  const made = await house.call('POST', '/api/v1/datasets', spec)
  assert.equal(made.status, 201)
  assert.deepEqual(
    [made.body.kind, made.body.rows, made.body.freshness, made.body.columns[1]],
    ['events', 0, null, { name: 'price', type: 'decimal(12,2)', nullable: true, tags: [] }],
  )
  assert.equal((await house.call('POST', '/api/v1/datasets', spec)).status, 409)
  const wider = {
    ...spec,
    columns: [...spec.columns.slice(0, 2), { ...spec.columns[2], tags: ['time'] }, column('stock', 'integer')],
  }
  const changed = await house.call('PUT', '/api/v1/datasets/items', wider)
  assert.deepEqual(
    [changed.status, changed.body.version, changed.body.columns.length, changed.body.columns[2].tags],
    [200, 2, 4, ['time']],
  )
  const same = await house.call('PUT', '/api/v1/datasets/items', changed.body)
  assert.deepEqual([same.status, same.body.columns], [200, changed.body.columns])
  const lossy = {
    name: 'items',
    kind: 'table',
    key: ['id'],
    columns: [column('id', 'integer'), column('more', 'text', { nullable: false })],
  }
  const refused = await house.call('PUT', '/api/v1/datasets/items', lossy)
  assert.equal(refused.status, 409)
  assert.deepEqual(refused.body.problems.map((problem: { code: string }) => problem.code).toSorted(), [
    'column_removed',
    'column_removed',
    'column_removed',
    'fixed',
    'fixed',
    'not_nullable',
    'type_changed',
  ])
  const sent = await house.call('POST', '/api/v1/streams/items/events', [
    { id: 'a', price: '12.50', day: '2026-01-31', stock: 5 },
    { price: 1 },
  ])
  assert.deepEqual([sent.body.accepted, sent.body.rejected], [1, 1])
  assert.match(sent.body.problems[0].message, /column "id" is required/)
})

test('the names of the views for metrics are refused, as a dataset and as a stream', async () => {
  const spec = { name: 'kpi_values_day', columns: [column('id', 'text')] }
  const declared = await house.call('POST', '/api/v1/datasets', spec)
  assert.deepEqual([declared.status, declared.body.code], [409, 'datasets.reserved'])
  const sent = await house.call('POST', '/api/v1/streams/kpi_values_minute/events', [{ id: 'a' }])
  assert.deepEqual([sent.status, sent.body.code], [409, 'datasets.reserved'])
})

test('others hear when a dataset is made, gets other columns and is removed, in this order', async () => {
  const spec = { name: 'telling', columns: [column('id', 'text')] }
  await house.call('POST', '/api/v1/datasets', spec)
  await house.call('PUT', '/api/v1/datasets/telling', { ...spec, columns: [...spec.columns, column('more', 'text')] })
  assert.equal((await house.call('DELETE', '/api/v1/datasets/telling')).status, 204)
  const own = (): string[] => heard.filter((event) => event.startsWith('telling '))
  while (own().length < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.deepEqual(own(), ['telling created', 'telling columns', 'telling removed'])
})

test('every problem of a definition is named', async () => {
  const answer = await house.call('POST', '/api/v1/datasets', {
    name: '1st',
    kind: 'table',
    columns: [column('a', 'colour'), column('a', 'text'), column('_position', 'text')],
    extra: 1,
  })
  assert.equal(answer.status, 422)
  assert.ok(answer.body.problems.length >= 3, JSON.stringify(answer.body.problems))
  const columns = [column('a', 'text')]
  const twice = await house.call('POST', '/api/v1/datasets', { name: 't', kind: 'table', key: ['a', 'a'], columns })
  assert.deepEqual(
    twice.body.problems.map((problem: { at: string; message: string }) => `${problem.at} ${problem.message}`),
    ['key[1] the key names "a" twice'],
  )
})

test('rows come page by page, filtered in either form', async () => {
  await house.call(
    'POST',
    '/api/v1/streams/pages/events',
    Array.from({ length: 25 }, (_, n) => ({ n, kind: n % 2 === 0 ? 'even' : 'odd' })),
  )
  const seen: number[] = []
  for (let query = '?limit=10'; ;) {
    const { items, next } = await rowsOf('pages', query)
    seen.push(...items.map((row: { n: number }) => row.n))
    if (next === null) break
    query = `?limit=10&cursor=${next}`
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 25 }, (_, n) => n),
  )
  const latest = await rowsOf('pages', '?limit=2&order=desc')
  const before = await rowsOf('pages', `?limit=2&order=desc&cursor=${latest.next}`)
  assert.deepEqual(
    [...latest.items, ...before.items].map((row: { n: number }) => row.n),
    [24, 23, 22, 21],
  )
  const filter = encodeURIComponent("kind = 'odd' and n > 20")
  assert.deepEqual(
    (await rowsOf('pages', `?filter=${filter}`)).items.map((row: { n: number }) => row.n),
    [21, 23],
  )
  const object = encodeURIComponent(JSON.stringify({ field: 'n', operator: 'in', value: [3, 4] }))
  assert.deepEqual((await rowsOf('pages', `?filter=${object}`)).items.length, 2)
  const unknown = await house.call('GET', `/api/v1/datasets/pages/rows?filter=${encodeURIComponent('colour = 1')}`)
  assert.equal(unknown.status, 422)
  assert.match(JSON.stringify(unknown.body), /colour/)
  assert.equal(unknown.body.problems[0].at, 'query.filter:0')
  assert.equal((await house.call('GET', '/api/v1/datasets/pages/rows?cursor=rubbish')).status, 422)
})

test('rows are sorted by any column, page by page, each once, empty values last', async () => {
  const regions = ['north', 'south', 'east', null]
  const body = Array.from({ length: 25 }, (_, n) => ({
    n,
    region: regions[n % 4],
    amount: n % 5 === 0 ? null : (n * 7) % 11,
    at: new Date(1.7e12 + ((n * 13) % 25) * 1000).toISOString(),
    open: n % 3 === 0,
  }))
  await house.call('POST', '/api/v1/streams/sorted/events', body)
  for (const sort of ['region', 'amount', 'at', 'open', 'n', '_position', '_ingested_at'])
    for (const order of ['asc', 'desc']) {
      const seen: Record<string, any>[] = [] // `any`: rows
      let cursor = ''
      do {
        const page = await rowsOf('sorted', `?sort=${sort}&order=${order}&limit=4${cursor}`)
        seen.push(...page.items)
        cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`
      } while (cursor !== '')
      assert.equal(new Set(seen.map((row) => row['_position'])).size, 25, `${sort} ${order}`)
      assert.equal(seen.length, 25, `${sort} ${order}`)
      const filled = seen.map((row) => row[sort]).filter((value) => value !== null)
      const values = filled.map((value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value))
      const expected = values.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0))
      assert.deepEqual(values, order === 'asc' ? expected : expected.toReversed(), `${sort} ${order}`)
      assert.ok(
        seen.slice(filled.length).every((row) => row[sort] === null),
        `${sort} ${order}`,
      )
    }
  const some = await rowsOf(
    'sorted',
    `?sort=amount&order=desc&limit=2&filter=${encodeURIComponent("region = 'north'")}`,
  )
  assert.deepEqual([some.items.length, some.items[0].region], [2, 'north'])
  assert.equal((await house.call('GET', '/api/v1/datasets/sorted/rows?sort=nothing')).body.code, 'datasets.bad_sort')
})

test('a table takes the latest row of each key, once per block', async () => {
  const spec = {
    name: 'stock',
    kind: 'table' as const,
    key: ['sku', 'at'],
    columns: [column('sku', 'text'), column('at', 'timestamp'), column('left', 'integer'), column('extra', 'json')],
  }
  assert.equal((await house.call('POST', '/api/v1/datasets', spec)).status, 201)
  let loads = 0
  const listening = await house.ports.bus.subscribe(rowsLoaded, () => void (loads += 1))
  const select =
    "SELECT toString(number % 3) AS sku, toDateTime64('2026-01-01 00:00:00', 6, 'UTC') AS at, number AS left, '{\"a\":1}' AS extra FROM numbers({n:UInt64})"
  await face.load('default', 'stock', { blockId: 'one', mode: 'merge', select, parameters: { n: 3 } })
  await face.load('default', 'stock', {
    blockId: 'two',
    mode: 'merge',
    select: select.replace('number AS left', 'number + 10 AS left'),
    parameters: { n: 2 },
  })
  await face.load('default', 'stock', { blockId: 'one', mode: 'merge', select, parameters: { n: 3 } })
  const { items } = await rowsOf('stock')
  assert.deepEqual(
    items.map((row: { sku: string; left: string }) => `${row.sku}:${row.left}`),
    ['0:10', '1:11', '2:2'],
  )
  assert.deepEqual(items[0].extra, { a: 1 })
  const first = await rowsOf('stock', '?limit=2')
  assert.deepEqual(
    (await rowsOf('stock', `?limit=2&cursor=${first.next}`)).items.map((row: { sku: string }) => row.sku),
    ['2'],
  )
  await face.load('default', 'stock', { blockId: 'three', mode: 'overwrite', select, parameters: { n: 1 } })
  await face.load('default', 'stock', { blockId: 'two', mode: 'merge', select, parameters: { n: 3 } })
  await listening.close()
  assert.equal((await rowsOf('stock')).items.length, 1)
  assert.equal(loads, 3)
  const { body } = await house.call('GET', '/api/v1/datasets/stock')
  assert.deepEqual([body.rows, body.kind, body.key], [1, 'table', ['sku', 'at']])
  assert.match(body.freshness, /Z$/)
  await assert.rejects(
    face.load('default', 'stock', {
      blockId: 'bad',
      mode: 'merge',
      select: 'SELECT NULL AS sku, NULL AS at, NULL AS left, NULL AS extra',
    }),
    /do not fit/,
  )
  await assert.rejects(
    face.load('default', 'stock', { blockId: 'short', mode: 'merge', select: "SELECT 'x' AS sku" }),
    /do not fit/,
  )
  assert.equal((await rowsOf('stock')).items.length, 1)
  assert.equal((await house.call('POST', '/api/v1/streams/stock/events', [{ sku: 'x' }])).status, 409)
})

test('of the rows of a load with one key the last stays, however many there are', async () => {
  const columns = [column('sku', 'integer'), column('left', 'integer')]
  const spec = { name: 'repeated', kind: 'table' as const, key: ['sku'], columns }
  assert.equal((await house.call('POST', '/api/v1/datasets', spec)).status, 201)
  const select = 'SELECT number % 7 AS sku, number AS left FROM numbers_mt(3000000)'
  for (const mode of ['overwrite', 'merge'] as const) {
    await face.load('default', 'repeated', { blockId: mode, mode, select })
    const { items } = await rowsOf('repeated')
    assert.deepEqual(
      items.map((row: { left: string }) => Number(row.left)).toSorted((a: number, b: number) => a - b),
      Array.from({ length: 7 }, (_, back) => 3_000_000 - 7 + back),
    )
  }
})

test('a profile says how full each column is and what it holds', async () => {
  await house.call(
    'POST',
    '/api/v1/streams/profiled/events',
    Array.from({ length: 100 }, (_, n) => ({
      n,
      region: n % 4 === 0 ? null : `r${n % 3}`,
      at: new Date(1.7e12 + n * 1000).toISOString(),
    })),
  )
  const { status, body } = await house.call('GET', '/api/v1/datasets/profiled/profile')
  assert.equal(status, 200)
  const [n, region, at] = body.columns
  assert.deepEqual([body.rows, n.filled, n.distinct, n.min, n.max], [100, 1, 100, '0', '99'])
  assert.ok(n.histogram.length > 1 && at.histogram.length > 1)
  assert.equal(
    n.histogram.reduce((sum: number, bar: { count: number }) => sum + bar.count, 0),
    100,
  )
  assert.equal(region.filled, 0.75)
  assert.deepEqual(region.top.map((one: { value: string }) => one.value).toSorted(), ['r0', 'r1', 'r2'])
  assert.equal(
    (
      await house.call('POST', '/api/v1/datasets', {
        name: 'bare',
        columns: [column('a', 'text'), column('b', 'integer'), column('c', 'json')],
      })
    ).status,
    201,
  )
  assert.equal((await house.call('GET', '/api/v1/datasets/bare/profile')).body.rows, 0)
})

test('a dataset in use stays; a removed one is gone with its rows, and its name is free', async () => {
  await house.call('POST', '/api/v1/streams/gone/events', [{ n: 1 }, { n: 'x' }])
  used = true
  const kept = await house.call('DELETE', '/api/v1/datasets/gone')
  assert.equal(kept.status, 409)
  assert.match(kept.body.detail, /metric "G"/)
  used = false
  assert.equal((await house.call('DELETE', '/api/v1/datasets/gone')).status, 204)
  assert.equal((await house.call('GET', '/api/v1/datasets/gone')).status, 404)
  assert.equal((await house.call('POST', '/api/v1/streams/gone/events', [{ other: 'x' }])).body.position, '1')
  assert.deepEqual((await house.call('GET', '/api/v1/datasets/gone/quarantine')).body.items, [])
})

test('a load of two million rows is one block: all at once, in order, never half', async () => {
  await face.create(
    'default',
    {
      name: 'big',
      kind: 'events',
      columns: [
        { name: 'n', type: 'integer', nullable: true, tags: [] },
        { name: 'text', type: 'string', nullable: true, tags: [] },
      ],
    },
    { kind: 'pipeline' },
  )
  await house.call('POST', '/api/v1/streams/big/events', [{ n: -1 }])
  const count = 2_000_000
  const load = face.append('default', 'big', {
    id: 'big',
    select: `SELECT number AS n, toString(number) AS text FROM numbers(${count})`,
    count,
  })
  const beside = house.call('POST', '/api/v1/streams/big/events', [{ n: -2 }])
  assert.equal((await load).rows, count)
  assert.equal((await beside).status, 202)
  const { from: rows } = await face.readable(systemReader('test', 'default'), 'big')
  const [found] = await house.ports.warehouse.rows(
    `SELECT toUInt32(count()) AS rows, toUInt32(max(_position)) AS last, toUInt32(uniqExact(_position)) AS positions FROM ${rows}`,
  )
  assert.deepEqual(found, { rows: count + 2, last: count + 2, positions: count + 2 })
})
