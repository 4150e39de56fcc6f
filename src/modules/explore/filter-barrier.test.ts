import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { filterBarrier } from './bounds.ts'
import { exploreFixture, type ExploreFixture } from './explore-fixture.ts'

let fixture: ExploreFixture
before(async () => {
  fixture = await exploreFixture()
})
after(() => fixture.close())

test('conditions of people stay above a row filter whatever columns they read', async () => {
  const { warehouse } = fixture
  await warehouse.command(
    'CREATE TABLE ws_a.wide (region String, note String, _position UInt64) ENGINE = MergeTree ORDER BY _position',
  )
  await warehouse.command(
    "INSERT INTO ws_a.wide SELECT ['north', 'south'][number % 2 + 1], repeat('x', 1000), number + 1 FROM numbers(20000)",
  )
  const readable =
    "(SELECT stored._position AS _position FROM ws_a.wide AS stored WHERE ifNull(stored.note = repeat('x', 1000) AND stored.region = 'north', 0))"
  const sql = `SELECT toInt32(count()) AS n FROM ${readable} WHERE throwIf(_position = 2) = 0`
  // The engine would read the smallest column first: position 2 is of the south.
  await assert.rejects(warehouse.rows(sql), /throwIf/)
  assert.deepEqual(await warehouse.rows(sql, { settings: filterBarrier }), [{ n: 10_000 }])
})
