import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modeOf, modesFor } from './load-modes.ts'

test('without a word a batch replaces, with a key it merges, and a streaming pipeline appends', () => {
  const destination = (config: Record<string, unknown>) => ({ type: 'dataset', config })
  assert.equal(modeOf({ type: 'batch', destination: destination({}) }), 'overwrite')
  assert.equal(modeOf({ type: 'batch', destination: destination({ key: ['id'] }) }), 'merge')
  assert.equal(modeOf({ type: 'streaming', destination: destination({ key: ['id'] }) }), 'append')
  assert.equal(modeOf({ type: 'batch', destination: destination({ mode: 'append', key: ['id'] }) }), 'append')
  assert.deepEqual(
    modesFor('streaming').map(({ mode }) => mode),
    ['append', 'merge'],
  )
})
