import assert from 'node:assert/strict'
import { test } from 'node:test'
import { availableMemory } from './available-memory.ts'

test('the limit of the container counts where there is one, else the memory of the machine', () => {
  assert.equal(availableMemory(2 ** 30, 2 ** 34), 2 ** 30)
  assert.equal(availableMemory(0, 2 ** 34), 2 ** 34)
  // Without a limit Linux says a number beyond any machine.
  assert.equal(availableMemory(2 ** 63, 2 ** 34), 2 ** 34)
  assert.ok(availableMemory() > 0)
})
