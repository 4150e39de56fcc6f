import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, parseBody, stepsOf } from './json-path.ts'

test('numbers keep their digits', () => {
  const parsed = parseBody('{"a":12345678901234567890,"b":1.10,"c":9007199254740991}', 'x')
  assert.equal(JSON.stringify(parsed), '{"a":12345678901234567890,"b":1.10,"c":9007199254740991}')
})

test('paths lead into JSON, never into what JavaScript adds', () => {
  const value = { data: { items: [{ id: 1 }], 'odd name': 2 } }
  assert.deepEqual(at(value, '$.data.items[0].id'), 1)
  assert.deepEqual(at(value, "$.data['odd name']"), 2)
  assert.deepEqual(at(value, '$'), value)
  assert.equal(at(value, '$.data.constructor'), undefined)
  assert.equal(at(value, '$.__proto__.x'), undefined)
  assert.throws(() => stepsOf('$..x'), /not a valid JSON path/)
})

test('what is not JSON is reported with its address', () => {
  assert.throws(
    () => parseBody('<html>', 'https://example.com/x'),
    /The answer of "https:\/\/example.com\/x" is not JSON/,
  )
})
