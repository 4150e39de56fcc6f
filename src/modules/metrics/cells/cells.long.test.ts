import assert from 'node:assert/strict'
import { test } from 'node:test'
import { playStory } from './cells-fixture.ts'
import { seed } from '#tests/long-form'
import { warehouseFixture } from '../warehouse-fixture.ts'

const wanted = Number(process.env['MILLRACE_TEST_CELL_COMPARISONS'] ?? 100_000)

test(`${wanted} values from cells are what a plain reading of the rows gives (seed ${seed})`, async () => {
  const fixture = await warehouseFixture()
  try {
    let compared = 0
    for (let stories = 1; compared < wanted; stories++) {
      compared += await playStory(fixture, seed + stories, { metrics: 6, questions: 10, maxRows: 1_200 })
      console.error(`  ${compared} of ${wanted} values compared, ${stories} stories`)
    }
    assert.ok(compared >= wanted)
  } finally {
    await fixture.close()
  }
})
