import assert from 'node:assert/strict'
import { test } from 'node:test'
import { correctedRow, editableRow } from './corrected-row.ts'

test('a row of CSV is corrected as its columns, one of JSON as it is, and other text as it came', () => {
  assert.equal(editableRow({ row: 'x,Di', record: { id: 'x', name: 'Di' } }), '{\n  "id": "x",\n  "name": "Di"\n}')
  assert.equal(editableRow({ row: '{"id":1}' }), '{\n  "id": 1\n}')
  assert.equal(editableRow({ row: '{"id":' }), '{"id":')
  for (const text of ['x,Di', '[1]', '7', 'null', '']) assert.equal(correctedRow(text), undefined)
})

test('an integer with more digits than a number of JavaScript keeps them as text', () => {
  assert.deepEqual(correctedRow('{"id": 9007199254740993, "n": -7, "p": 1.5}'), {
    id: '9007199254740993',
    n: -7,
    p: 1.5,
  })
})
