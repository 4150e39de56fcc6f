import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseKeepingDigits } from '#core/exact-json'
import { showAnswer } from './output.ts'
import { cellText, fields, table } from './table.ts'

test('columns are aligned, numbers to the right', () => {
  assert.equal(
    table(
      ['name', 'rows'],
      [
        ['orders', 12],
        ['x', '3.5'],
      ],
    ),
    ['name    rows', '──────  ────', 'orders    12', 'x        3.5'].join('\n'),
  )
})

test('a table fits the terminal: the widest column gives way', () => {
  const text = table(['id', 'about'], [[1, 'x'.repeat(200)]], 40)
  for (const line of text.split('\n')) assert.ok(line.length <= 40, line)
  assert.match(text, /x…$/)
})

test('data cannot steer the terminal', () => {
  assert.equal(cellText('a\u001b[31mb\nc\u009bd'), 'a [31mb c d')
})

test('one thing shows its fields, what is nested as JSON', () => {
  assert.equal(
    fields({ name: 'x', measure: { type: 'sum' }, unit: null }),
    'name     x\nmeasure  {"type":"sum"}\nunit     ',
  )
})

test('long numbers and decimals of an answer are shown with the digits that the server sent', () => {
  const text = '{"items":[{"id":9007199254740993,"p":1.10},{"id":7,"p":2.5}],"next":null}'
  const printed = (json: boolean) => {
    const lines: string[] = []
    showAnswer(parseKeepingDigits(text), { json, print: (line) => lines.push(line), say: () => {} }, undefined)
    return lines.join('\n')
  }
  assert.equal(printed(true).replaceAll(/\s/g, ''), text)
  assert.deepEqual(printed(false).split('\n').slice(2), ['9007199254740993  1.10', '               7   2.5'])
})
