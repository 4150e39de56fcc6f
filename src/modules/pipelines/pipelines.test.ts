import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { until } from '#tests/house/until'
import { customers, definition, pipelinesOf } from './drive-fixture.ts'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse({ egress: '127.0.0.0/8' })
})
after(async () => {
  await house.close()
})
const { made, ran, count } = pipelinesOf(() => house)

test('a CSV file goes through a filter into a dataset, exactly once per run', async () => {
  await house.file('customers.csv', customers)
  const id = await made()
  const run = await ran(id)
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  assert.deepEqual(run.rows, { read: 3, written: 2, quarantined: 0 })
  assert.deepEqual(
    run.steps.map((step: { name: string; status: string; rows: number | null }) => [step.name, step.status, step.rows]),
    [
      ['read file', 'succeeded', 3],
      ['1 filter', 'succeeded', null],
      ['load dataset', 'succeeded', 2],
    ],
  )
  const { body: rows } = await house.call('GET', '/api/v1/datasets/customers/rows')
  assert.deepEqual(
    rows.items.map((row: { id: string; name: string }) => [row.id, row.name]),
    [
      ['1', 'Ann'],
      ['3', 'Cy'],
    ],
  )

  const { body: shown } = await house.call('GET', `/api/v1/pipelines/${id}`)
  assert.equal(shown.lastRun.id, run.id)
  assert.equal(shown.status, 'active')
  const { body: history } = await house.call('GET', `/api/v1/pipelines/${id}/runs`)
  const unknown = await house.call('GET', `/api/v1/pipelines/${id}/runs?cursor=rubbish`)
  assert.deepEqual([unknown.status, unknown.body.problems[0].code], [422, 'unknown_cursor'])
  assert.equal(history.items.length, 1)
  const { body: logs } = await house.call('GET', `/api/v1/runs/${run.id}/logs`)
  assert.ok(logs.items.some((line: { message: string }) => line.message.includes('INSERT INTO')))
})

test('names are unique, and a definition tells all its problems with their places', async () => {
  const second = await house.call('POST', '/api/v1/pipelines', definition())
  assert.equal(second.status, 409)
  assert.equal(second.body.code, 'pipelines.taken')
  const wrong = await house.call(
    'POST',
    '/api/v1/pipelines',
    definition({
      name: 'wrong',
      colour: 'red',
      source: { type: 'fil', config: {} },
      transformations: [
        { type: 'filter', config: { field: 'a', operator: 'equals', value: 1 } },
        { type: 'joyn', config: {} },
      ],
      destination: { type: 'dataset', config: { datset: 'x' } },
      schedule: 'every day',
    }),
  )
  assert.equal(wrong.status, 422)
  const places = wrong.body.problems.map((problem: { at: string }) => problem.at)
  for (const at of [
    'colour',
    'source.type',
    'transformations[0].config.operator',
    'transformations[1].type',
    'destination.config.dataset',
    'schedule',
  ]) {
    assert.ok(places.includes(at), `${at} in ${JSON.stringify(wrong.body.problems, null, 1)}`)
  }
})

test('rows are renamed, cast, computed, aggregated and written to a Parquet file by the engine', async () => {
  await house.file(
    'orders.ndjson',
    [
      '{"id":1,"region":"north","amount":"12.50","quantity":2}',
      '{"id":2,"region":"north","amount":"1.25","quantity":4}',
      '{"id":3,"region":"south","amount":"7","quantity":1}',
    ].join('\n'),
  )
  const id = await made({
    name: 'revenue',
    source: { type: 'file', config: { path: 'orders.ndjson' } },
    transformations: [
      {
        type: 'map',
        config: {
          rename: { quantity: 'pieces' },
          cast: { amount: 'decimal(12,2)' },
          compute: { total: 'amount * pieces' },
          drop: ['id'],
        },
      },
      { type: 'filter', config: 'total > 6' },
      {
        type: 'aggregate',
        config: {
          by: ['region'],
          measures: { orders: { type: 'count' }, revenue: { type: 'sum', expression: 'total' } },
        },
      },
      { type: 'sql', config: { sql: 'SELECT region, orders, revenue FROM input ORDER BY region' } },
    ],
    destination: { type: 'file', config: { path: 'out/revenue.ndjson' } },
  })
  const run = await ran(id)
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  const written = await readFile(join(house.home, 'files/out/revenue.ndjson'), 'utf8')
  assert.deepEqual(
    written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map((row) => [row.region, Number(row.orders), Number(row.revenue)]),
    [
      ['north', 1, 25],
      ['south', 1, 7],
    ],
  )
  assert.deepEqual(run.rows, { read: 3, written: 2, quarantined: 0 })
})

test('a streaming pipeline is made paused, loads what comes, drains when paused and continues from its position', async () => {
  const send = (from: number, count: number) =>
    house.call(
      'POST',
      '/api/v1/streams/clicks/events',
      Array.from({ length: count }, (_, index) => JSON.stringify({ n: from + index, big: index % 2 === 0 })).join('\n'),
      { 'content-type': 'application/x-ndjson' },
    )
  await send(0, 10)
  const { body: pipeline } = await house.call('POST', '/api/v1/pipelines', {
    name: 'clicks',
    type: 'streaming',
    source: { type: 'stream', config: { stream: 'clicks' } },
    transformations: [{ type: 'filter', config: 'big' }],
    destination: { type: 'dataset', config: { dataset: 'big_clicks' } },
  })
  assert.equal(pipeline.status, 'paused')
  const { body: resumed } = await house.call('POST', `/api/v1/pipelines/${pipeline.id}/resume`)
  assert.equal(resumed.status, 'active')
  await until('5 rows in big_clicks', async () => (await count('big_clicks')) === 5)
  await send(10, 10)
  await until('10 rows in big_clicks', async () => (await count('big_clicks')) === 10)
  await send(20, 100)
  const { body: paused } = await house.call('POST', `/api/v1/pipelines/${pipeline.id}/pause`)
  assert.equal(paused.status, 'paused')
  const run = await until('the run ended', async () => {
    const { body } = await house.call('GET', `/api/v1/pipelines/${pipeline.id}`)
    return body.lastRun.status === 'succeeded' ? body.lastRun : undefined
  })
  assert.deepEqual(run.rows, { read: 120, written: 60, quarantined: 0 })
  assert.equal(await count('big_clicks'), 60)
})

test('a streaming pipeline continues after a restart of the server, and loads nothing twice', async () => {
  const { body: list } = await house.call('GET', '/api/v1/pipelines?name=clicks')
  const [{ id }] = list.items
  const { body: started } = await house.call('POST', `/api/v1/pipelines/${id}/run`)
  await house.call('POST', '/api/v1/streams/clicks/events', '{"n":1000,"big":true}', {
    'content-type': 'application/x-ndjson',
  })
  await until('61 rows in big_clicks', async () => (await count('big_clicks')) === 61)
  await house.restart()
  await house.call('POST', '/api/v1/streams/clicks/events', '{"n":1001,"big":true}', {
    'content-type': 'application/x-ndjson',
  })
  await until('62 rows in big_clicks', async () => (await count('big_clicks')) === 62)
  const { body: run } = await house.call('GET', `/api/v1/runs/${started.runId}`)
  assert.equal(run.status, 'running')
  assert.equal(run.attempt, 2)
  const { body: cancelled } = await house.call('POST', `/api/v1/runs/${started.runId}/cancel`)
  assert.equal(cancelled.status, 'cancelled')
})

test('broken rows go to quarantine by rule, warnings are counted, and "fail" loads nothing', async () => {
  await house.file(
    'people.csv',
    'id,email,age\n1,ann@example.com,30\n2,nobody,31\n3,cy@example.com,200\n3,cy@example.com,40\n,dee@example.com,20\n',
  )
  const quality = [
    { type: 'format', field: 'email', condition: 'valid_email', severity: 'error' },
    { type: 'not_null', field: 'id' },
    { type: 'duplicate', fields: ['id'], severity: 'error' },
    { type: 'range', field: 'age', min: 0, max: 150, severity: 'warn' },
  ]
  const parts = {
    source: { type: 'file', config: { path: 'people.csv' } },
    transformations: [],
    destination: { type: 'dataset', config: { dataset: 'people' } },
  }
  const run = await ran(await made({ ...parts, name: 'people', quality }))
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  assert.deepEqual(run.rows, { read: 5, written: 2, quarantined: 3 })
  const { body: kept } = await house.call('GET', '/api/v1/datasets/people/quarantine')
  assert.equal(kept.items.length, 3)
  assert.ok(kept.items.every((row: { source: string }) => row.source === `run:${run.id}`))
  const failing = await ran(
    await made({
      ...parts,
      name: 'people who fail',
      quality: [{ type: 'range', field: 'age', max: 150, severity: 'fail' }],
    }),
  )
  assert.equal(failing.status, 'failed')
  assert.equal(failing.error.code, 'pipelines.quality')
  assert.equal(await count('people'), 2)
})

test('errors name the thing: a path outside, a missing file, a missing column', async () => {
  const read = async (name: string, path: string, more: object = {}) =>
    ran(
      await made({
        name,
        source: { type: 'file', config: { path, ...more } },
        transformations: [],
        destination: { type: 'dataset', config: { dataset: 'nowhere' } },
      }),
    )
  const outside = await read('outside', '/etc/passwd', { format: 'csv' })
  assert.equal(outside.error.code, 'connectors.outside')
  assert.equal((await read('up', '../admin.token', { format: 'csv' })).error.code, 'connectors.outside')
  const missing = await read('missing', 'nothing.csv')
  assert.equal(missing.error.code, 'connectors.file')
  assert.match(missing.error.detail, /"nothing.csv"/)
  const column = await ran(
    await made({
      name: 'no column',
      transformations: [{ type: 'filter', config: { field: 'statis', operator: 'eq', value: 'x' } }],
    }),
  )
  assert.equal(column.error.code, 'pipelines.step')
  assert.match(JSON.stringify(column.error.problems), /transformations\[0\]/)
  const uncast = await ran(
    await made({ name: 'cast', transformations: [{ type: 'map', config: { cast: { name: 'integer' } } }] }),
  )
  assert.equal(uncast.error.code, 'pipelines.cast', JSON.stringify(uncast.error))
  assert.match(uncast.error.detail, /"name"/)
})

test('a preview shows rows after each step, and validate tells what does not fit', async () => {
  const { status, body } = await house.call('POST', '/api/v1/pipelines/preview?rows=1', {
    source: { type: 'file', config: { path: 'customers.csv' } },
    transformations: [
      { type: 'filter', config: { field: 'status', operator: 'eq', value: 'active' } },
      { type: 'map', config: { compute: { twice: 'amount * 2' }, select: ['id', 'twice'] } },
      { type: 'filter', config: 'nope > 1' },
    ],
  })
  assert.equal(status, 200, JSON.stringify(body))
  assert.deepEqual(
    body.steps.map((step: { name: string; rows: unknown[]; rowCount: number }) => [
      step.name,
      step.rows.length,
      step.rowCount,
    ]),
    [
      ['read file', 1, 3],
      ['1 filter', 1, 2],
      ['2 map', 1, 2],
      ['3 filter', 0, 0],
    ],
  )
  assert.deepEqual(body.steps[2].rows, [{ id: '1', twice: 7 }])
  assert.match(body.steps[3].problems[0].message, /nope/)
  const checked = await house.call(
    'POST',
    '/api/v1/pipelines/validate',
    definition({ transformations: [{ type: 'map', config: { drop: ['sttus'] } }] }),
  )
  assert.deepEqual([checked.status, checked.body.valid], [200, false])
  assert.equal(checked.body.problems[0].at, 'transformations[0].config.drop[0]')
  assert.equal(checked.body.problems[0].suggestion, 'status')
})

test('overwrite and merge fill a table by its key', async () => {
  await house.file('prices.csv', 'sku,price\na,1.5\nb,2\n')
  const table = (name: string, mode: string) => ({
    name,
    source: { type: 'file', config: { path: 'prices.csv' } },
    transformations: [],
    destination: { type: 'dataset', config: { dataset: 'prices', mode, key: ['sku'] } },
  })
  const overwrite = await made(table('prices', 'overwrite'))
  assert.equal((await ran(overwrite)).status, 'succeeded')
  await house.file('prices.csv', 'sku,price\nb,3\nc,4\n')
  const merged = await ran(await made(table('merge prices', 'merge')))
  assert.equal(merged.status, 'succeeded', JSON.stringify(merged.error))
  assert.deepEqual(await prices(), { a: 1.5, b: 3, c: 4 })
  assert.equal((await ran(overwrite)).status, 'succeeded')
  assert.deepEqual(await prices(), { b: 3, c: 4 })
})

test('records come over HTTP page by page, their types inferred from all of them, no digit or date lost', async () => {
  const pages: readonly object[] = [
    {
      data: [
        {
          id: 1,
          price: 1,
          big: 12345678901234567890n,
          at: '2026-01-01T00:00:00Z',
          day: '2026-02-28',
          until: '2026-01-01',
        },
        { id: 2, price: 2.5, more: { a: [1] } },
      ],
      next: '/items?page=2',
    },
    { data: [{ id: 3, price: null, note: 'late column', day: '2026-03-01', until: '9999-12-31' }], next: null },
  ]
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ''}`)
    const page = pages[request.url === '/items?page=2' ? 1 : 0]
    response
      .setHeader('content-type', 'application/json')
      .end(
        JSON.stringify(page, (_key, value: unknown) => (typeof value === 'bigint' ? `#${value}#` : value)).replaceAll(
          /"#(\d+)#"/g,
          '$1',
        ),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const source = {
    type: 'http',
    config: {
      url: `http://127.0.0.1:${port}/items`,
      records: '$.data',
      pagination: { type: 'next' },
      token: 'secret-token',
    },
  }
  const run = await ran(
    await made({
      name: 'items',
      source,
      transformations: [],
      destination: { type: 'dataset', config: { dataset: 'items' } },
    }),
  )
  server.close()
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  assert.deepEqual(asked, ['/items Bearer secret-token', '/items?page=2 Bearer secret-token'])
  assert.deepEqual(run.rows, { read: 3, written: 3, quarantined: 0 })
  const { body } = await house.call('GET', '/api/v1/datasets/items')
  assert.deepEqual(
    body.columns.map((column: { name: string; type: string }) => `${column.name} ${column.type}`),
    ['id integer', 'price number', 'big decimal(38,0)', 'at timestamp', 'day date', 'until string', 'more json', 'note string'], // prettier-ignore
  )
  const { body: rows } = await house.call('GET', '/api/v1/datasets/items/rows')
  const rowOf = (id: string) => rows.items.find((row: { id: string }) => row.id === id)
  assert.equal(rowOf('1').big, '12345678901234567890')
  assert.deepEqual(
    [rowOf('3').day, rowOf('3').until],
    ['2026-03-01', '9999-12-31'],
    'dates of no such column stay text',
  )
})

test('an address that is not allowed is not reached, also not through a redirect', async () => {
  const server = createServer((_request, response) =>
    response.writeHead(302, { location: 'http://10.0.0.1/secret' }).end(),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const checked = await house.call('POST', '/api/v1/connectors/http/check', {
    config: { url: `http://127.0.0.1:${port}/` },
  })
  server.close()
  assert.equal(checked.body.code, 'connectors.forbidden_address', JSON.stringify(checked.body))
  assert.match(checked.body.message, /10\.0\.0\.1/)
})

async function prices(): Promise<object> {
  const { body } = await house.call('GET', '/api/v1/datasets/prices/rows')
  return Object.fromEntries(body.items.map((row: { sku: string; price: number }) => [row.sku, row.price]).sort())
}
