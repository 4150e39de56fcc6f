import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inferColumns } from './infer.ts'

const types = (...rows: string[]): Record<string, string> =>
  Object.fromEntries(inferColumns(Buffer.from(rows.join('\n'))).map(({ name, type }) => [name, type]))
const many = (count: number, row: (n: number) => string): string[] => Array.from({ length: count }, (_, n) => row(n))

test('each kind of value makes its column', () => {
  assert.deepEqual(types('{"b":1.5,"c":"x","d":true,"e":null,"f":{},"g":[1]}'), {
    b: 'number',
    c: 'string',
    d: 'boolean',
    e: 'string',
    f: 'json',
    g: 'json',
  })
  assert.deepEqual(types('{"a":"2026-01-31"}', '{"a":"2026-01-31T10:00:00Z"}'), { a: 'timestamp' })
  assert.deepEqual(types('{"a":"2026-01-31"}'), { a: 'date' })
  assert.deepEqual(types('{"a":"2026-02-30"}'), { a: 'string' })
  assert.deepEqual(types('{"a":"2026-01-31T10:00:00"}'), { a: 'string' })
})

test('whole numbers are integers when there are many, or when a double would lose digits', () => {
  assert.deepEqual(types('{"a":1}'), { a: 'number' })
  assert.deepEqual(types(...many(100, (n) => `{"a":${n}}`)), { a: 'integer' })
  assert.deepEqual(types(...many(100, (n) => `{"a":${n}}`), '{"a":0.5}'), { a: 'number' })
  assert.deepEqual(types('{"a":9007199254740993}'), { a: 'integer' })
  assert.deepEqual(types('{"a":9223372036854775808}'), { a: 'decimal(38,0)' })
})

test('a few values of another kind do not decide what a column is', () => {
  assert.deepEqual(types(...many(20, (n) => `{"a":${n}.5}`), '{"a":"x"}'), { a: 'number' })
  assert.deepEqual(types(...many(20, () => '{"a":"2026-01-31T10:00:00Z"}'), '{"a":"soon"}'), { a: 'timestamp' })
  assert.deepEqual(types('{"a":"2026-01-31T10:00:00Z"}', '{"a":"soon"}'), { a: 'string' })
  assert.deepEqual(types('{"a":1}', '{"a":"x"}'), { a: 'json' })
})

test('names that cannot be columns make none', () => {
  assert.deepEqual(types('{"_position":1,"a b":2,"ok":"x"}', 'rubbish'), { ok: 'string' })
})
