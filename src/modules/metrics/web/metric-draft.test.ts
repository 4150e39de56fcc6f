import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MetricDefinition } from '#core/metric'
import { blankDraft, codeFor, definitionOf, draftOf, ontoDataset, timeColumns } from './metric-draft.ts'

const orders = {
  name: 'orders',
  kind: 'events',
  columns: [
    { name: 'amount', type: 'decimal(18,2)' },
    { name: 'ordered_at', type: 'timestamp' },
  ],
}

test('a code follows from the name', () => {
  assert.equal(codeFor('Net revenue'), 'NET.REVENUE')
  assert.equal(codeFor('95th percentile, à la carte'), 'TH.PERCENTILE.A.LA.CARTE')
  assert.equal(codeFor(''), '')
})

test('the time of a row is a time column, or when it came', () => {
  assert.deepEqual(timeColumns(orders), ['ordered_at', '_ingested_at'])
  assert.deepEqual(timeColumns({ kind: 'events', columns: [] }), ['_ingested_at'])
  assert.deepEqual(timeColumns({ ...orders, kind: 'table' }), ['ordered_at'])
})

test('what was not filled in is not in the definition', () => {
  const draft = { ...blankDraft(orders), name: ' Orders ', code: 'ORDERS' }
  assert.deepEqual(definitionOf(draft), {
    code: 'ORDERS',
    name: 'Orders',
    dataset: 'orders',
    time: 'ordered_at',
    measure: { type: 'count' },
  })
})

const whole = {
  code: 'WHOLE',
  name: 'Whole',
  description: 'Everything a definition can say',
  dataset: 'orders',
  time: 'ordered_at',
  filter: { and: [{ field: 'amount', operator: 'gt', value: 10 }] },
  dimensions: ['region'],
  unit: 'EUR',
  direction: 'up',
  target: { hour: 0.5, month: 10_000 },
  lateness: '1h',
}
const paid = "status = 'paid'"
const measures = [
  { type: 'count' },
  { type: 'sum', expression: 'amount * 2' },
  { type: 'percentile', expression: 'amount', p: 99.5 },
  { type: 'ratio', numerator: { type: 'sum', expression: '100', filter: paid }, denominator: { type: 'count' } },
  { type: 'ratio', numerator: { type: 'sum', expression: '100' }, denominator: { type: 'count' } },
  {
    type: 'ratio',
    numerator: { type: 'percentile', expression: 'amount', p: 50, filter: { field: 'a', operator: 'eq', value: 1 } },
    denominator: { type: 'distinct', expression: 'customer', filter: paid },
  },
]
for (const measure of measures) {
  test(`the form gives back what it was given: ${JSON.stringify(measure)}`, () => {
    const metric = MetricDefinition.parse({ ...whole, measure })
    assert.deepEqual(MetricDefinition.parse(definitionOf(draftOf(metric))), metric)
  })
}

test('a share of rows is shown as one', () => {
  const metric = MetricDefinition.parse({ ...whole, measure: measures[3] })
  const { type, filter } = draftOf(metric).measure
  assert.deepEqual([type, filter], ['share', paid])
})

test('over another dataset a draft keeps what has its column there', () => {
  const draft = { ...blankDraft(orders), name: 'Sales', dimensions: ['region', 'shop'] }
  const visits = { name: 'visits', kind: 'events', columns: [{ name: 'shop', type: 'string' }] }
  const { name, dataset, time, dimensions } = ontoDataset(draft, visits)
  assert.deepEqual(
    { name, dataset, time, dimensions },
    {
      name: 'Sales',
      dataset: 'visits',
      time: '_ingested_at',
      dimensions: ['shop'],
    },
  )
})

test('what is no number goes to the server as it is, which names its place', () => {
  const draft = { ...blankDraft(orders), targets: { day: 'many', week: ' ' } }
  assert.deepEqual(definitionOf(draft).target, { day: 'many' })
})

test('another dataset brings its own time: no column of the one before, and not the arrival where rows say when they happened', () => {
  const arrived = { ...blankDraft({ name: 'logs', kind: 'events', columns: [] }), name: 'Lines' }
  assert.equal(arrived.time, '_ingested_at')
  assert.equal(ontoDataset(arrived, orders).time, 'ordered_at')
  const stock = { name: 'stock', kind: 'table', columns: [{ name: 'counted_on', type: 'date' }] }
  assert.equal(ontoDataset(arrived, stock).time, 'counted_on')
  assert.equal(ontoDataset(blankDraft(orders), { ...stock, columns: [] }).time, '')
})
