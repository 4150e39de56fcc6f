import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(async () => {
  await house.close()
})

const customers = 'id,name,status,amount,at\n1,Ann,active,3.5,2026-01-01T10:00:00Z\n2,"Bo, B",gone,4,2026-01-02T00:00:00Z\n3,Cy,active,,2026-01-03T10:00:00Z\n'

const definition = (more: object = {}) => ({
  name: 'Active customers',
  type: 'batch',
  source: { type: 'file', config: { path: 'customers.csv' } },
  destination: { type: 'dataset', config: { dataset: 'customers' } },
  transformations: [{ type: 'filter', config: { field: 'status', operator: 'eq', value: 'active' } }],
  ...more,
})

async function made(more: object = {}): Promise<string> {
  const { status, body } = await house.call('POST', '/api/v1/pipelines', definition(more))
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

async function ran(id: string) {
  const { status, body } = await house.call('POST', `/api/v1/pipelines/${id}/run?wait=60s`)
  assert.equal(status, 200, JSON.stringify(body))
  return body
}

test('a CSV file goes through a filter into a dataset, exactly once per run', async () => {
  await house.file('customers.csv', customers)
  const id = await made()
  const run = await ran(id)
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  assert.deepEqual(run.rows, { read: 3, written: 2, quarantined: 0 })
  assert.deepEqual(run.steps.map((step: { name: string; status: string; rows: number | null }) => [step.name, step.status, step.rows]), [
    ['read file', 'succeeded', 3],
    ['1 filter', 'succeeded', null],
    ['load dataset', 'succeeded', 2],
  ])
  const { body: rows } = await house.call('GET', '/api/v1/datasets/customers/rows')
  assert.deepEqual(rows.items.map((row: { id: string; name: string }) => [row.id, row.name]), [['1', 'Ann'], ['3', 'Cy']])

  const { body: shown } = await house.call('GET', `/api/v1/pipelines/${id}`)
  assert.equal(shown.lastRun.id, run.id)
  assert.equal(shown.status, 'active')
  const { body: history } = await house.call('GET', `/api/v1/pipelines/${id}/runs`)
  assert.equal(history.items.length, 1)
  const { body: logs } = await house.call('GET', `/api/v1/runs/${run.id}/logs`)
  assert.ok(logs.items.some((line: { message: string }) => line.message.includes('INSERT INTO')))
})

test('names are unique, and a definition tells all its problems with their places', async () => {
  const taken = await house.call('POST', '/api/v1/pipelines', definition())
  assert.equal(taken.status, 409)
  assert.equal(taken.body.code, 'pipelines.taken')
  const wrong = await house.call('POST', '/api/v1/pipelines', definition({
    name: 'wrong', colour: 'red', source: { type: 'fil', config: {} }, transformations: [{ type: 'filter', config: { field: 'a', operator: 'equals', value: 1 } }, { type: 'joyn', config: {} }],
    destination: { type: 'dataset', config: { datset: 'x' } }, schedule: 'every day',
  }))
  assert.equal(wrong.status, 422)
  const places = wrong.body.problems.map((problem: { at: string }) => problem.at)
  for (const at of ['colour', 'source.type', 'transformations[0].config.operator', 'transformations[1].type', 'destination.config.dataset', 'schedule']) {
    assert.ok(places.includes(at), `${at} in ${JSON.stringify(wrong.body.problems, null, 1)}`)
  }
})

test('rows are renamed, cast, computed, aggregated and written to a Parquet file by the engine', async () => {
  await house.file('orders.ndjson', ['{"id":1,"region":"north","amount":"12.50","quantity":2}', '{"id":2,"region":"north","amount":"1.25","quantity":4}', '{"id":3,"region":"south","amount":"7","quantity":1}'].join('\n'))
  const id = await made({
    name: 'revenue',
    source: { type: 'file', config: { path: 'orders.ndjson' } },
    transformations: [
      { type: 'map', config: { rename: { quantity: 'pieces' }, cast: { amount: 'decimal(12,2)' }, compute: { total: 'amount * pieces' }, drop: ['id'] } },
      { type: 'filter', config: 'total > 6' },
      { type: 'aggregate', config: { by: ['region'], measures: { orders: { type: 'count' }, revenue: { type: 'sum', expression: 'total' } } } },
      { type: 'sql', config: { sql: 'SELECT region, orders, revenue FROM input ORDER BY region' } },
    ],
    destination: { type: 'file', config: { path: 'out/revenue.ndjson' } },
  })
  const run = await ran(id)
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  const written = await readFile(join(house.home, 'files/out/revenue.ndjson'), 'utf8')
  assert.deepEqual(written.trim().split('\n').map((line) => JSON.parse(line)).map((row) => [row.region, Number(row.orders), Number(row.revenue)]), [['north', 1, 25], ['south', 1, 7]])
  assert.deepEqual(run.rows, { read: 3, written: 2, quarantined: 0 })
})
