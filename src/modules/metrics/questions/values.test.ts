import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isMillraceError } from '#core/errors'
import { DatasetSpec } from '#core/dataset'
import { systemReader } from '#modules/datasets'
import { moduleFixture, type ModuleFixture } from '../module-fixture.ts'

const readerOf = (workspace: string) => systemReader('test', workspace)

let house: ModuleFixture
before(async () => {
  house = await moduleFixture()
})
after(() => house.close())

const minute = 60_000
const hour = 60 * minute
const iso = (instant: number) => new Date(instant).toISOString()
const wholeMinute = (instant: number) => Math.floor(instant / minute) * minute

async function metricOver(name: string, more: object = {}): Promise<(rows: readonly object[]) => Promise<void>> {
  const columns = [
    { name: 'at', type: 'timestamp' },
    { name: 'day', type: 'date' },
    { name: 'amount', type: 'number' },
  ]
  await house.datasets.create('test', DatasetSpec.parse({ name, columns }), { kind: 'declared' })
  const measure = { type: 'sum', expression: 'amount' }
  await house.metrics.create('test', { code: name.toUpperCase(), name, dataset: name, time: 'at', measure, ...more })
  return (rows) => house.ingest(name, rows)
}
const ask = (name: string, more: object) =>
  house.metrics.values(readerOf('test'), {
    code: name.toUpperCase(),
    period: 'hour',
    from: Date.now() - hour,
    to: Date.now() + 1,
    extent: true,
    ...more,
  })

test('an answer says from when to when there are rows, and how many are dated ahead of now', async () => {
  const ingest = await metricOver('ahead')
  assert.equal((await ask('ahead', {})).extent, undefined)
  const now = Date.now()
  await ingest([
    { at: iso(now - 3 * hour), amount: 1 },
    { at: iso(now - 2 * minute), amount: 1 },
  ])
  const past = { first: iso(wholeMinute(now - 3 * hour)), last: iso(wholeMinute(now - 2 * minute)) }
  assert.deepEqual((await ask('ahead', {})).extent, past)
  await ingest([
    { at: iso(now + 2 * hour), amount: 77 },
    { at: '2030-01-01T00:00:30Z', amount: 5 },
  ])
  const ahead = { rows: 2, last: '2030-01-01T00:00:00.000Z' }
  for (let asked = 0; asked < 5; asked++) {
    assert.deepEqual((await ask('ahead', {})).extent, { ...past, ahead })
    await house.ports.clock.sleep(60) // folded meanwhile, or not: the answer is the same
  }
  await ingest([{ at: iso(now - 30 * 24 * hour), amount: 1 }])
  assert.deepEqual((await ask('ahead', {})).extent, { ...past, first: iso(wholeMinute(now - 30 * 24 * hour)), ahead })
})

test('rows that are all dated ahead have no last one', async () => {
  const ingest = await metricOver('future')
  await ingest([{ at: '2035-05-05T05:05:05Z', amount: 1 }])
  const only = '2035-05-05T05:05:00.000Z'
  assert.deepEqual((await ask('future', {})).extent, { first: only, last: null, ahead: { rows: 1, last: only } })
})

test('rows that the filter of the metric leaves out are not in its extent', async () => {
  const ingest = await metricOver('filtered', { filter: 'amount > 0' })
  await ingest([
    { at: '2026-01-01T00:00:00Z', amount: -1 },
    { at: '2026-01-02T00:00:00Z', amount: 1 },
    { at: '2040-01-02T00:00:00Z', amount: -1 },
  ])
  const only = '2026-01-02T00:00:00.000Z'
  assert.deepEqual((await ask('filtered', {})).extent, { first: only, last: only })
})

test('a date is ahead when its day has not begun in the zone', async () => {
  const ingest = await metricOver('dated', { time: 'day' })
  const day = (offset: number) => iso(Date.now() + offset * 24 * hour).slice(0, 10)
  await ingest([
    { day: day(-3), amount: 1 },
    { day: day(2), amount: 1 },
  ])
  const { extent } = await ask('dated', { period: 'day', zone: 'UTC' })
  assert.deepEqual(extent, {
    first: `${day(-3)}T00:00:00.000Z`,
    last: `${day(-3)}T00:00:00.000Z`,
    ahead: { rows: 1, last: `${day(2)}T00:00:00.000Z` },
  })
})

test('the rows of a table are looked at as they are now', async () => {
  const columns = [
    { name: 'id', type: 'string', nullable: false },
    { name: 'at', type: 'timestamp' },
    { name: 'amount', type: 'number' },
  ]
  await house.datasets.create('test', DatasetSpec.parse({ name: 'stock', kind: 'table', key: ['id'], columns }), {
    kind: 'declared',
  })
  const measure = { type: 'max', expression: 'amount' }
  await house.metrics.create('test', { code: 'STOCK', name: 'Stock', dataset: 'stock', time: 'at', measure })
  assert.equal((await ask('stock', {})).extent, undefined)
  const insert = (id: string, at: string) =>
    house.ports.warehouse.command(`INSERT INTO ws_test.stock (id, at, amount) VALUES ('${id}', '${at}', 1)`)
  await insert('a', '2026-01-01 10:00:00')
  await insert('b', '2040-01-01 10:00:00')
  assert.deepEqual((await ask('stock', {})).extent, {
    first: '2026-01-01T10:00:00.000Z',
    last: '2026-01-01T10:00:00.000Z',
    ahead: { rows: 1, last: '2040-01-01T10:00:00.000Z' },
  })
})

test('a base that began before there were rows is marked, one that had none is empty', async () => {
  const ingest = await metricOver('young')
  await ingest([
    { at: '2026-11-19T14:10:20Z', amount: 10 },
    { at: '2026-11-20T01:00:00Z', amount: 20 },
    { at: '2026-11-21T01:00:00Z', amount: 30 },
  ])
  const from = Date.parse('2026-11-19')
  const { points, extent } = await ask('young', {
    period: 'day',
    from,
    to: from + 72 * hour,
    compare: 'previous',
    extent: false,
  })
  assert.equal(extent?.first, '2026-11-19T14:10:00.000Z')
  assert.deepEqual(
    points.map(({ value, compare }) => [value, compare?.value, compare?.partial]),
    [
      [10, null, undefined],
      [20, 10, true],
      [30, 20, undefined],
    ],
  )
})

test('each period is compared with the one at the same place of another range', async () => {
  const ingest = await metricOver('weeks')
  const days = ['2026-11-02', '2026-11-03', '2026-11-09', '2026-11-10']
  await ingest(days.map((day, index) => ({ at: `${day}T12:00:00Z`, amount: 10 ** index })))
  const week = { from: Date.parse('2026-11-02'), to: Date.parse('2026-11-05') }
  const { points } = await ask('weeks', {
    period: 'day',
    from: Date.parse('2026-11-09'),
    to: Date.parse('2026-11-12'),
    fill: 'zero',
    compare: week,
  })
  assert.deepEqual(
    points.map(({ value, compare }) => [value, compare?.start.slice(0, 10), compare?.value]),
    [
      [100, '2026-11-02', 1],
      [1000, '2026-11-03', 10],
      [0, '2026-11-04', 0],
    ],
  )
})

test('an open period is compared with as much of the one a week before as has passed', async () => {
  const ingest = await metricOver('open')
  const now = Date.now()
  const start = Math.floor(now / (24 * hour)) * 24 * hour
  const before = start - 7 * 24 * hour
  await ingest([
    { at: iso(before), amount: 1 },
    { at: iso(before + (now - start) + 2 * minute), amount: 50 },
    { at: iso(start), amount: 3 },
  ])
  const { points } = await ask('open', {
    period: 'day',
    from: start,
    to: start + 24 * hour,
    compare: { from: before, to: before + 24 * hour },
  })
  // In the last two minutes of a day all of the earlier one has passed, or nothing in its first.
  if (now - start < 2 * minute || now - start > 24 * hour - 4 * minute) return
  assert.deepEqual([points[0]?.value, points[0]?.compare?.value, points[0]?.compare?.elapsed], [3, 1, true])
})

test('a percentile is never outside of its values, and its answers say that they are approximate', async () => {
  const measure = (p: number) => ({ type: 'percentile', expression: 'amount', p })
  const ingest = await metricOver('p100', { measure: measure(100) })
  for (const [code, p] of [
    ['P0', 0],
    ['P99', 99],
  ] as const)
    await house.metrics.create('test', { code, name: code, dataset: 'p100', time: 'at', measure: measure(p) })
  await ingest([1e10, 3, -7.25e-9].map((amount) => ({ at: '2026-11-20T10:00:00Z', amount })))
  const day = { period: 'day', from: Date.parse('2026-11-20'), to: Date.parse('2026-11-21') }
  const shown = async (code: string) => {
    const { points, approximate } = await ask(code, day)
    return [points[0]?.value, approximate]
  }
  assert.deepEqual(await shown('p100'), [1e10, undefined])
  assert.deepEqual(await shown('p0'), [-7.25e-9, undefined])
  const [estimate, approximate] = await shown('p99')
  assert.ok(Math.abs(Number(estimate) / 3 - 1) <= 0.01, String(estimate))
  assert.deepEqual(approximate, { relativeError: 0.01 })
  const ratio = {
    type: 'ratio',
    numerator: { type: 'percentile', expression: 'amount', p: 50 },
    denominator: { type: 'count' },
  }
  await house.metrics.create('test', { code: 'PR', name: 'PR', dataset: 'p100', time: 'at', measure: ratio })
  assert.deepEqual((await ask('pr', day)).approximate, { relativeError: 0.01 })
  await house.metrics.create('test', {
    code: 'PS',
    name: 'PS',
    dataset: 'p100',
    time: 'at',
    measure: { type: 'count' },
  })
  assert.equal((await ask('ps', day)).approximate, undefined)
})

test('cells of a version that kept fewer states are made anew', async () => {
  const ingest = await metricOver('kept', { measure: { type: 'percentile', expression: 'amount', p: 99 } })
  await ingest([{ at: '2026-11-20T10:00:00Z', amount: 1e10 }])
  const { ports } = house
  const tables = await ports.warehouse.rows<{ table: string }>(
    "SELECT table FROM system.columns WHERE database = 'ws_test__system' AND table LIKE 'cells_%' AND name = 'l0'",
  )
  for (const { table } of tables)
    await ports.warehouse.command(`ALTER TABLE ws_test__system.${table} DROP COLUMN l0, DROP COLUMN h0`)
  assert.ok(tables.length > 0)
  await house.restart()
  const day = { period: 'day', from: Date.parse('2026-11-20'), to: Date.parse('2026-11-21') }
  assert.equal((await ask('kept', day)).points[0]?.value, 1e10)
  await house.ingest('kept', [{ at: '2026-11-20T10:00:00Z', amount: 1e10 }])
  const [point] = (await ask('kept', day)).points
  assert.deepEqual([point?.value, point?.dataPoints], [1e10, 2])
})

test('a sum of no rows is null, and zero as the numerator of a ratio; other parts without rows leave no ratio', async () => {
  const part = (type: string) => ({ type, expression: 'amount', filter: 'amount > 1000' })
  const all = { type: 'count' }
  const ingest = await metricOver('nothing', { measure: { type: 'sum', expression: 'amount' }, filter: 'day is null' })
  await ingest([{ at: '2026-11-20T10:00:00Z', amount: 1 }, { at: '2026-11-20T10:00:00Z' }])
  const measures = {
    sum: { type: 'ratio', numerator: part('sum'), denominator: all },
    count: { type: 'ratio', numerator: { type: 'count', filter: 'amount > 1000' }, denominator: all },
    avg: { type: 'ratio', numerator: part('avg'), denominator: all },
    max: { type: 'ratio', numerator: part('max'), denominator: all },
    under: { type: 'ratio', numerator: all, denominator: part('sum') },
    alone: { type: 'sum', expression: 'if(amount > 1000, amount, null)' },
  }
  const values: Record<string, number | null | undefined> = {}
  for (const [name, measure] of Object.entries(measures)) {
    await house.metrics.create('test', { code: `N.${name}`, name, dataset: 'nothing', time: 'at', measure })
    const { points } = await house.metrics.values(readerOf('test'), {
      code: `N.${name}`,
      period: 'day',
      from: Date.parse('2026-11-20'),
      to: Date.parse('2026-11-21'),
    })
    values[name] = points[0]?.value
  }
  assert.deepEqual(values, { sum: 0, count: 0, avg: null, max: null, under: null, alone: null })
})

test('periods past the year 9999 are refused, with their place', async () => {
  await metricOver('years')
  const refused = async (more: object): Promise<string[]> => {
    const error: unknown = await ask('years', { period: 'year', fill: 'null', ...more }).then(
      () => assert.fail('it should have been refused'),
      (reason: unknown) => reason,
    )
    assert.ok(isMillraceError(error) && error.status === 422, String(error))
    return error.problems.map(({ at, code }) => `${at} ${code}`)
  }
  const [from, to] = [Date.parse('9990-01-01'), Date.parse('9999-06-01')]
  assert.deepEqual(await refused({ from, to }), ['to out_of_range'])
  assert.deepEqual(await refused({ from: Date.parse('0000-01-01') - 1, to }), ['from out_of_range', 'to out_of_range'])
  assert.deepEqual(await refused({ compare: { from, to } }), ['compare out_of_range'])
  const { points } = await ask('years', { period: 'year', fill: 'null', from, to: Date.parse('9999-01-01') })
  assert.equal(points.at(-1)?.end, '9999-01-01T00:00:00.000Z')
})

test("an hour that the clock of St John's went through twice is two hours, both of the day that had begun", async () => {
  const ingest = await metricOver('twice')
  // At 00:01 of 7 November 2010 the clock went back to 23:01 of the evening before.
  const times = ['02:29', '02:30', '02:31', '03:29', '03:30'].map((time) => `2010-11-07T${time}:30Z`)
  await ingest(times.map((at, index) => ({ at, amount: 10 ** index })))
  const zone = 'America/St_Johns'
  const range = { zone, from: Date.parse('2010-11-07T02:00Z'), to: Date.parse('2010-11-07T04:00Z') }
  const shown = async (period: 'hour' | 'day') =>
    (await ask('twice', { ...range, period })).points.map(({ start, end, value }) => [
      start.slice(8, 16),
      end.slice(8, 16),
      value,
    ])
  assert.deepEqual(await shown('hour'), [
    ['07T01:30', '07T02:30', 1],
    ['07T02:30', '07T02:31', 10],
    ['07T02:31', '07T03:30', 1100],
    ['07T03:30', '07T04:30', 10_000],
  ])
  assert.deepEqual(await shown('day'), [
    ['06T02:30', '07T02:30', 1],
    ['07T02:30', '08T03:30', 11_110],
  ])
})
