import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stalePages } from './reference.ts'

test('the reference says what the code declares (npm run reference writes it anew)', async () => {
  assert.deepEqual(await stalePages(), [])
})
