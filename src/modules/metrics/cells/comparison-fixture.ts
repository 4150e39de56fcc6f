/** For tests: what points are compared with, held against the plain reading. */
import assert from 'node:assert/strict'
import { findZone, periodOf, previousPeriod, localDay } from '#core/period'
import { answer, type AnswerSource } from '../questions/answer.ts'
import type { ValuesQuestion } from '../index.ts'
import { instantOf, type Naive } from './naive-fixture.ts'
import { assertValue } from './verdict-fixture.ts'

const day = 86_400_000

/** Answers how many comparisons were looked at. */
export async function assertComparisons(source: AnswerSource, question: ValuesQuestion, plain: Naive): Promise<number> {
  const { definition, byDate } = source.metric
  const { now } = source
  const zone = findZone(question.zone ?? 'UTC')!
  const step = question.period === 'minute' ? 1000 : 60_000
  const { points } = await answer(source, { ...question, compare: 'previous' })
  for (const point of points) {
    const { compare } = point
    const context = JSON.stringify({ definition, question, now: new Date(now).toISOString(), point })
    assert.ok(compare, context)
    const current = { start: Date.parse(point.start), end: Date.parse(point.end) }
    const earlier = previousPeriod(current, question.period, zone)
    // By date the days of the calendar count: Apia had no 30 December 2011, so its days are more than what passed.
    const calendarDay = (instant: number): number => Date.parse(localDay(instant, zone))
    const passed = byDate
      ? calendarDay(now) - calendarDay(current.start) + 1
      : Math.floor((now - current.start) / step) * step
    const open = current.start <= now && now < current.end
    const [start, end] = [Date.parse(compare.start), Date.parse(compare.end)]
    assert.equal(start, earlier.start, context)
    if (!open) assert.equal(end, earlier.end, context)
    else if (byDate) assert.ok(end === earlier.end || Math.abs(end - start - passed) <= 1.2 * day, context)
    else assert.equal(end, Math.min(earlier.end, start + passed), context)
    assert.equal(compare.elapsed, end < earlier.end ? true : undefined, context)

    const groups = (question.by ?? []).map((name) => point.dims?.[name] ?? null)
    const rows = plain
      .points(definition, { ...question, from: start, to: earlier.end })
      .filter((one) => one.start === periodOf(start, question.period, zone).start)
      .filter((one) => JSON.stringify(one.groups) === JSON.stringify(groups))
      .flatMap((one) => one.rows)
      .filter((row) => instantOf(String(row[definition.time]), zone) < end)
    assert.equal(compare.dataPoints, rows.length, context)
    if (rows.length > 0) assertValue(compare, definition.measure, rows, plain)
    else assert.equal(compare.value, null, context)
  }
  return points.length
}
