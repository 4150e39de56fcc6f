import assert from 'node:assert/strict'
import { test } from 'node:test'
import { playStory } from './cells-fixture.ts'
import { warehouseFixture } from '../warehouse-fixture.ts'

const wanted = Number(process.env['MILLRACE_TEST_CELL_COMPARISONS'] ?? 100_000)

test(`${wanted} values from cells are what a plain reading of the rows gives`, async () => {
  const fixture = await warehouseFixture()
  try {
    let compared = 0
    let stories = 0
    for (let seed = 1_000; compared < wanted; seed++) {
      compared += await playStory(fixture, seed, { metrics: 6, questions: 10, maxRows: 1_200 })
      stories++
      console.error(`  ${compared} of ${wanted} values compared, ${stories} stories`)
    }
    assert.ok(compared >= wanted)
  } finally {
    await fixture.close()
  }
})
