import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chosenColumns, withColumns } from './column-choice.ts'

const filter = { type: 'filter', config: { field: 'a', operator: 'eq', value: 1 } }
const all = ['id', 'name', 'note']

test('choosing columns makes a first step that selects them, and choosing all removes it', () => {
  const some = withColumns([filter], ['note', 'id'], all)
  assert.deepEqual(some, [{ type: 'map', config: { select: ['id', 'note'] } }, filter])
  assert.deepEqual(chosenColumns(some), ['id', 'note'])
  assert.deepEqual(withColumns(some, ['name'], all)[0], { type: 'map', config: { select: ['name'] } })
  assert.deepEqual(withColumns(some, all, all), [filter])
})

test('a map that does more than select stays as it is', () => {
  const map = { type: 'map', config: { select: ['id'], rename: { id: 'key' } } }
  assert.equal(chosenColumns([map]), undefined)
  assert.deepEqual(withColumns([map], ['id'], all), [{ type: 'map', config: { select: ['id'] } }, map])
})
