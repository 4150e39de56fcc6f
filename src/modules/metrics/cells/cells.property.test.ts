import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { playStory } from './cells-fixture.ts'
import { warehouseFixture, type WarehouseFixture } from '../warehouse-fixture.ts'

let fixture: WarehouseFixture
before(async () => {
  fixture = await warehouseFixture()
})
after(() => fixture.close())

test('values from cells are what a plain reading of the rows gives, in every zone, with late rows, filters and groups', async () => {
  let compared = 0
  for (let seed = 1; seed <= 4; seed++) compared += await playStory(fixture, seed)
  assert.ok(compared > 250, `only ${compared} points compared`)
})
