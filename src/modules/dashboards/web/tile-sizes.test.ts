import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tileSizes } from './tile-sizes.ts'

const unsaid = (count: number) => tileSizes(Array.from({ length: count }, () => ({})))

test('tiles fill their rows from three tiles on', () => {
  for (let count = 4; count <= 40; count += 1) {
    const total = unsaid(count).reduce((sum, { width, tall }) => sum + (width / 3) * (tall ? 2 : 1), 0)
    assert.equal(total % 4, 0, `${count} tiles take ${total} cells`)
  }
})

test('the first tile leads', () => {
  assert.deepEqual(unsaid(4), [
    { width: 6, tall: true },
    { width: 6, tall: false },
    { width: 3, tall: false },
    { width: 3, tall: false },
  ])
  assert.deepEqual(
    unsaid(2).map(({ width }) => width),
    [6, 6],
  )
})

test('a tile is as wide as it says, and the others are small beside it', () => {
  assert.deepEqual(tileSizes([{ width: 12 }, {}, { width: 4 }, { width: 1 }]), [
    { width: 12, tall: true },
    { width: 3, tall: false },
    { width: 4, tall: false },
    { width: 2, tall: false },
  ])
})
