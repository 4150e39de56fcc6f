import assert from 'node:assert/strict'
import { test } from 'node:test'
import { raw } from '#sdk'
import { aggregate } from './aggregate.ts'
import { columnOf, engineColumns } from './columns.ts'
import { scan, scanOfStored } from './scan.ts'

const orders = scan({ name: 'orders', from: raw('orders') }, [
  { name: 'region', type: 'String' },
  { name: 'amount', type: 'Nullable(Int64)' },
])

test('rows that were stored on the way come from where they came from before', () => {
  const totals = aggregate(
    orders,
    ['region'],
    [{ name: 'total', measure: { type: 'sum', of: { kind: 'column', at: '', name: 'amount' } } }],
  )
  const stored = scanOfStored(totals, { name: 'stage', from: raw('stage_1') })
  assert.deepEqual(columnOf(stored, 'total').origins, [{ scan: 'orders', column: 'amount' }])
  assert.deepEqual(stored.rowOrigins, [{ scan: 'orders', column: 'region' }])
  assert.deepEqual(engineColumns(stored), engineColumns(totals))
})

test('a condition in SQL beside a source may look at every column of it, unless its origins are given', () => {
  const where = raw('amount > 0')
  const columns = [{ name: 'amount', type: 'Int64' }]
  assert.deepEqual(scan({ name: 'orders', from: raw('orders'), where }, columns).rowOrigins, [
    { scan: 'orders', column: '*' },
  ])
  const whereOrigins = [{ scan: 'orders', column: 'amount' }]
  assert.deepEqual(scan({ name: 'orders', from: raw('orders'), where, whereOrigins }, columns).rowOrigins, whereOrigins)
})
