import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { MillraceError } from '#core/errors'
import { asking, type Asking } from './ask.ts'
import { blind, bounded, refused } from './attacks-fixture.ts'
import { exploreFixture, type ExploreFixture } from './explore-fixture.ts'
import { queryGuard } from './guard.ts'
import { keptAnswers } from './kept-answers.ts'
import { workspaceTurns } from './turns.ts'
import { systemReader } from '#modules/datasets'
import { virtualColumns } from './virtual-columns.ts'

const readerOf = (workspace: string) => systemReader('test', workspace)

describe('hostile SQL', { timeout: 300_000 }, () => {
  let fixture: ExploreFixture
  let asked: Asking
  /** With a short limit of time, since every question that it gets is to reach a limit. */
  let askedBriefly: Asking
  before(async () => {
    fixture = await exploreFixture()
    const guard = queryGuard({
      warehouse: fixture.warehouse,
      datasets: fixture.datasets,
      views: () => ['kpi_values_day'],
    })
    const askWithin = (seconds: number): Asking =>
      asking({
        warehouse: fixture.warehouse,
        guard,
        kept: keptAnswers(() => performance.now()),
        turns: workspaceTurns(4, 100),
        limits: { seconds, memoryBytes: 300_000_000 },
      })
    asked = askWithin(3)
    askedBriefly = askWithin(1)
  })
  after(() => fixture.close())

  for (const given of refused) {
    test(`is refused: ${given.length > 100 ? `${given.slice(0, 60)}… (${given.length} characters)` : JSON.stringify(given)}`, async () => {
      const out = `${fixture.secretFile}.out`
      const sql = given.replaceAll('@file', fixture.secretFile).replaceAll('@out', out)
      const question = { sql, parameters: { t: 'orders', c: 'id', d: 'ws_b' }, limit: 10 }
      await assert.rejects(asked.answer(readerOf('a'), question, new AbortController().signal), (error) => {
        assert.ok(error instanceof MillraceError, String(error))
        assert.ok(['explore.refused', 'explore.syntax'].includes(error.code), `${error.code}: ${error.message}`)
        assert.ok(!error.message.includes(fixture.secret))
        return true
      })
      assert.equal(existsSync(out), false)
    })
  }

  for (const sql of bounded) {
    test(`is held within bounds: ${sql}`, async () => {
      const began = performance.now()
      await assert.rejects(
        askedBriefly.answer(readerOf('a'), { sql, parameters: {}, limit: 10 }, new AbortController().signal),
        (error) => {
          assert.ok(error instanceof MillraceError, String(error))
          assert.ok(
            ['explore.too_long', 'explore.too_much', 'explore.failed', 'explore.refused'].includes(error.code),
            `${error.code}: ${error.message}`,
          )
          return true
        },
      )
      assert.ok(performance.now() - began < 20_000)
    })
  }

  for (const given of blind) {
    test(`tells nothing: ${given}`, async () => {
      const sql = given.replaceAll('@secret', fixture.secret)
      const answer = await asked
        .answer(readerOf('a'), { sql, parameters: {}, limit: 10 }, new AbortController().signal)
        .catch((error: unknown) => {
          assert.ok(error instanceof MillraceError, String(error))
          return { rows: [] as unknown[][] }
        })
      assert.ok(
        !answer.rows.some((row) => row.some((value) => value === 1 || value === true || value === fixture.secret)),
        JSON.stringify(answer.rows),
      )
    })
  }

  test('a dataset named like another workspace’s table is its own', async () => {
    const answer = await asked.answer(
      readerOf('a'),
      { sql: 'SELECT * FROM `ws_b.orders`', parameters: {}, limit: 10 },
      new AbortController().signal,
    )
    assert.deepEqual(answer.rows, [['mine']])
  })

  test('a parameter is a value, whatever it holds', async () => {
    const hostile = "x' UNION ALL SELECT secret FROM ws_b.orders --"
    const answer = await asked.answer(
      readerOf('a'),
      { sql: 'SELECT {p:String} AS p', parameters: { p: hostile }, limit: 10 },
      new AbortController().signal,
    )
    assert.deepEqual(answer.rows, [[hostile]])
  })

  test('the columns that the engine adds to a table are all known', async () => {
    const engineColumns = await fixture.warehouse.rows<{ name: string; is_virtual: number }>(
      'DESCRIBE TABLE ws_a.orders SETTINGS describe_include_virtual_columns = 1',
    )
    const added = engineColumns.filter((column) => column.is_virtual === 1).map((column) => column.name)
    assert.ok(added.includes('_part'))
    assert.deepEqual(
      added.filter((name) => !virtualColumns.has(name)),
      [],
    )
  })

  test('everything is still there', async () => {
    const answer = await asked.answer(
      readerOf('a'),
      { sql: 'SELECT count() FROM orders', parameters: {}, limit: 10 },
      new AbortController().signal,
    )
    assert.deepEqual(answer.rows, [['1000']])
  })

  // Last: the engine's work continues.
  test('a question that the engine does not stop is answered with 504, and takes no place from others', async () => {
    const sql = "SELECT length(replaceRegexpAll(repeat('a', 400000), repeat('a', 200000), 'x'))"
    const ask = (text: string): ReturnType<Asking['answer']> =>
      asked.answer(readerOf('a'), { sql: text, parameters: {}, limit: 10 }, new AbortController().signal)
    await assert.rejects(
      ask(sql),
      (error) => error instanceof MillraceError && error.code === 'explore.too_long' && error.status === 504,
    )
    assert.deepEqual((await ask('SELECT 1')).rows, [[1]])
  })
})
