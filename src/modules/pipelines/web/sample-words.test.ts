import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesOf, rowsText } from './sample-words.ts'

const sample = (rowCount: number, columns: Record<string, string>, shown = 0) => ({
  rowCount,
  rows: Array.from({ length: shown }, () => ({})),
  columns: Object.entries(columns).map(([name, type]) => ({ name, type, nullable: false })),
})

test('a step tells the rows and columns it took, brought and changed', () => {
  const before = sample(1000, { id: 'string', amount: 'string', status: 'string' })
  assert.deepEqual(changesOf(before, sample(412, { id: 'string', amount: 'number', twice: 'number' })), [
    '588 fewer rows',
    'new: twice',
    'gone: status',
    'amount is number',
  ])
  assert.deepEqual(changesOf(before, { ...before, rowCount: 1001 }), ['1 more row'])
  assert.deepEqual(changesOf(before, before), [])
})

test('rows that are not shown are counted', () => {
  assert.equal(rowsText(sample(1000, {}, 30)), '30 of 1,000 rows')
  assert.equal(rowsText(sample(1, {}, 1)), '1 row')
})
