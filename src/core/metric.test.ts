import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latenessMs, MetricDefinition } from './metric.ts'

const revenue = {
  code: 'SAL.REV',
  name: 'Net revenue',
  dataset: 'orders',
  time: 'ordered_at',
  measure: { type: 'sum', expression: 'amount' },
}
const said = (input: unknown) =>
  (MetricDefinition.safeParse(input).error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`)

test('the smallest definition is enough, with no dimensions and no lateness', () => {
  assert.deepEqual(MetricDefinition.parse(revenue), { ...revenue, dimensions: [], lateness: '0s' })
})

test('the parts of a ratio have filters of their own and are no ratios themselves', () => {
  const ratio = { type: 'ratio', numerator: { type: 'count', filter: 'amount > 10' }, denominator: { type: 'count' } }
  assert.deepEqual(said({ ...revenue, measure: ratio }), [])
  assert.equal(said({ ...revenue, measure: { ...ratio, denominator: ratio } }).length, 1)
})

test('a measure that is not built yet is refused by its name', () => {
  const [problem] = said({ ...revenue, measure: { type: 'balance', expression: 'stock', over: 'last' } })
  assert.match(problem!, /^measure\.type: Measures of type "balance" are not there yet/)
})

test('all problems come at once: unknown fields, twins among dimensions, a percentile beyond 100', () => {
  assert.equal(
    said({ ...revenue, colour: 'red', lateness: 'soon', measure: { type: 'percentile', expression: 'amount', p: 101 } })
      .length,
    3,
  )
  assert.deepEqual(said({ ...revenue, dimensions: ['region', 'region'] }), [
    'dimensions.1: The dimension "region" is there twice.',
  ])
})

test('lateness is read in seconds, minutes, hours and days', () => {
  assert.deepEqual(['90s', '15m', '1h', '2d'].map(latenessMs), [90_000, 900_000, 3_600_000, 172_800_000])
})
