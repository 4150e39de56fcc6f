import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonParse } from './json-parse.ts'
import { lineCrossings } from './line-rules.ts'
import { readSource } from './source.ts'

test('JSON is parsed by the core only', () => {
  const text = '// Unlike JSON.parse.\nexport const value = JSON.parse(text)\n'
  const lines = (path: string): number[] => lineCrossings([jsonParse], readSource(path, text)).map(({ line }) => line)
  assert.deepEqual(lines('src/modules/a/new.ts'), [2])
  assert.deepEqual(lines('connectors/one/more.ts'), [2])
  assert.deepEqual(lines('src/core/new.ts'), [])
  assert.deepEqual(lines('src/modules/a/new.test.ts'), [])
})
