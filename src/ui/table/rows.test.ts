import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asTsv, compareCells, nextSort, shownRows, type Column } from './rows.ts'

interface Row {
  readonly name: string
  readonly size: number | null
}
const columns: Column<Row>[] = [
  { id: 'name', title: 'Name', value: (row) => row.name },
  { id: 'size', title: 'Size', value: (row) => row.size },
]
const rows: Row[] = [
  { name: 'orders 10', size: 3 },
  { name: 'orders 9', size: null },
  { name: 'Customers', size: 12 },
]
const names = (shown: readonly Row[]) => shown.map(({ name }) => name)

test('names sort as people count, not letter by letter', () => {
  assert.deepEqual(names(shownRows(rows, columns, '', { column: 'name', down: false })), [
    'Customers',
    'orders 9',
    'orders 10',
  ])
})

test('empty values come last, whichever way the column is sorted', () => {
  assert.deepEqual(names(shownRows(rows, columns, '', { column: 'size', down: false })), [
    'orders 10',
    'Customers',
    'orders 9',
  ])
  assert.deepEqual(names(shownRows(rows, columns, '', { column: 'size', down: true })), [
    'Customers',
    'orders 10',
    'orders 9',
  ])
  assert.equal(compareCells(null, ''), 0)
})

test('every word of the filter must be somewhere in the row', () => {
  assert.deepEqual(names(shownRows(rows, columns, 'orders 3', undefined)), ['orders 10'])
  assert.deepEqual(names(shownRows(rows, columns, 'CUST', undefined)), ['Customers'])
})

test('a column sorts up, then down, then not at all', () => {
  const up = nextSort(undefined, 'name')
  assert.deepEqual(up, { column: 'name', down: false })
  assert.deepEqual(nextSort(up, 'name'), { column: 'name', down: true })
  assert.equal(nextSort({ column: 'name', down: true }, 'name'), undefined)
})

test('copied rows keep tabs, quotes and line ends inside their cells', () => {
  assert.equal(asTsv([{ name: 'a\t"b"\nc', size: 1 }], columns), 'Name\tSize\n"a\t""b""\nc"\t1')
})
