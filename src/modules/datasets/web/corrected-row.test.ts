import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseExact } from '#core/exact-json'
import { jsonTexts } from '#core/json-text-fixture'
import { correctedRow, editableRow } from './corrected-row.ts'
import { parse, stringify } from './digits.ts'

test('a row of CSV is corrected as its columns, one of JSON as it is, and other text as it came', () => {
  assert.equal(editableRow({ row: 'x,Di', record: { id: 'x', name: 'Di' } }), '{\n  "id": "x",\n  "name": "Di"\n}')
  assert.equal(editableRow({ row: '{"id":1}' }), '{\n  "id": 1\n}')
  assert.equal(editableRow({ row: '{"id":' }), '{"id":')
  const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
  assert.equal(editableRow({ row: deep }), deep)
  for (const text of ['x,Di', '[1]', '7', '9007199254740993', 'null', '']) assert.equal(correctedRow(text), undefined)
})

test('values that are not edited are shown and sent as they came, whatever they are', () => {
  const row = '{"price":1234567.12345678901,"doc":{"id":9007199254740993,"p":1.10},"n":-7}'
  const shown = editableRow({ row })
  assert.match(shown, /"price": 1234567\.12345678901,\n {2}"doc": \{\n {4}"id": 9007199254740993,/)
  assert.equal(stringify(correctedRow(shown)), row)
  assert.equal(stringify(correctedRow(shown.replace('-7', '8'))), row.replace('-7', '8'))
  assert.equal(editableRow({ row: 'a;b', record: { ...correctedRow(row) } }), shown)
  fc.assert(
    fc.property(jsonTexts, (value) => {
      const text = `{"a":${value}}`
      const edited = editableRow({ row: text })
      assert.equal(edited, JSON.stringify(parseExact(text), null, 2))
      assert.equal(stringify(correctedRow(edited)), JSON.stringify(parseExact(text)))
    }),
  )
})

test('a name with an escape stays itself behind a row whose name begins as it is written', () => {
  parse('{"a":1,"\\\\":2}')
  assert.deepEqual(Object.keys(correctedRow('{"a":1,"\\n":2}') ?? {}), ['a', '\n'])
})
