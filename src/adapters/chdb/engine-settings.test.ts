import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineConfiguration } from './engine-settings.ts'

test('the engine may use 60 % of the memory that is there', () => {
  const gibibyte = 2 ** 30
  assert.match(
    engineConfiguration('disk', gibibyte),
    new RegExp(`<max_server_memory_usage>${Math.floor(gibibyte * 0.6)}</max_server_memory_usage>`),
  )
})
