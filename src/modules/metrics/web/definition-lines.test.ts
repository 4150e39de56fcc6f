import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MetricDefinition } from '#core/metric'
import { changesBetween } from './definition-lines.ts'
import { definitionOf, draftOf } from './metric-draft.ts'

const share = MetricDefinition.parse({
  code: 'SHARE',
  name: 'Cancelled',
  dataset: 'orders',
  time: 'ordered_at',
  measure: {
    type: 'ratio',
    numerator: { type: 'sum', expression: '100', filter: "status = 'cancelled'" },
    denominator: { type: 'count' },
  },
  target: { day: 5 },
})

test('what was only opened in the form has not changed', () => {
  assert.deepEqual(changesBetween(share, definitionOf(draftOf(share))), [])
})

test('each change is listed with its old value and whether it changes the numbers', () => {
  const draft = draftOf(share)
  const after = definitionOf({
    ...draft,
    unit: '%',
    targets: { day: '4' },
    measure: { ...draft.measure, filter: "status = 'lost'" },
  })
  assert.deepEqual(changesBetween(share, after), [
    {
      title: 'Measure',
      from: "share of rows where status = 'cancelled'",
      to: "share of rows where status = 'lost'",
      counts: true,
    },
    { title: 'Unit', from: 'none', to: '%', counts: false },
    { title: 'Target', from: '5 a day', to: '4 a day', counts: false },
  ])
})
