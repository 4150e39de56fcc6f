import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countText } from './count-text.ts'

test('one is written in the singular, any other count in the plural', () => {
  assert.deepEqual(
    [0, 0.5, 1, 2].map((count) => countText(count, 'second')),
    ['0 seconds', '0.5 seconds', '1 second', '2 seconds'],
  )
  assert.equal(countText(2, 'query', 'queries'), '2 queries')
})
