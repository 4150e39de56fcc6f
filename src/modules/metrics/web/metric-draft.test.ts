import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blankDraft, codeFor, definitionOf, timeColumns } from './metric-draft.ts'

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
  assert.deepEqual(timeColumns(orders.columns), ['ordered_at', '_ingested_at'])
  assert.deepEqual(timeColumns([]), ['_ingested_at'])
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

test('each measure has what it needs', () => {
  const draft = { ...blankDraft(orders), name: 'x', code: 'X', expression: 'amount' }
  assert.deepEqual(definitionOf({ ...draft, measure: 'percentile', p: '99' }).measure, {
    type: 'percentile',
    expression: 'amount',
    p: 99,
  })
  assert.deepEqual(definitionOf({ ...draft, measure: 'sum' }).measure, { type: 'sum', expression: 'amount' })
  assert.equal(definitionOf({ ...draft, measure: 'ratio', ratioFilter: "status = 'x'" }).measure['type'], 'ratio')
})
