import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tileSizes } from './tile-sizes.ts'

const cells = { plain: 1, wide: 2, large: 4 }

test('tiles fill their rows from three tiles on', () => {
  for (let count = 4; count <= 40; count += 1) {
    const total = tileSizes(count).reduce((sum, size) => sum + cells[size], 0)
    assert.equal(total % 4, 0, `${count} tiles take ${total} cells`)
  }
})

test('the first tile leads', () => {
  assert.deepEqual(tileSizes(8), ['large', 'wide', 'plain', 'plain', 'plain', 'plain', 'plain', 'plain'])
  assert.deepEqual(tileSizes(2), ['wide', 'wide'])
})
