/**
 * For tests: one random story. Rows come in random order and blocks, many late; some are folded, in
 * random ranges, some not; then random questions in random zones, held against the plain reading.
 */
import assert from 'node:assert/strict'
import { warehousePositions as positions } from '#adapters/log-warehouse'
import { scopeOf } from '#core/expression'
import { MetricDefinition, type Measure } from '#core/metric'
import { findZone, localDay, periodNames, periodOf, startOfLocalDay } from '#core/period'
import { answer, type AnswerSource } from '../questions/answer.ts'
import { readExtent, type Extent } from '../questions/extent.ts'
import { createCellsSql } from './cells.ts'
import { compileMetric } from '../definition/compile.ts'
import { foldRange, readReach } from './fold-insert.ts'
import type { ValuesQuestion } from '../index.ts'
import { naive, type Naive, type PlainRow } from './naive-fixture.ts'
import { randomSource, type Random } from '#tests/random'
import { assertComparisons } from './comparison-fixture.ts'
import { assertValue } from './verdict-fixture.ts'
import { fromOf, type WarehouseFixture } from '../warehouse-fixture.ts'

const scenes: readonly [string, string][] = [
  ['UTC', '2026-02-28'],
  ['Asia/Kolkata', '2026-11-20'],
  ['Asia/Kathmandu', '1985-12-31'],
  ['Asia/Kathmandu', '2026-07-01'],
  ['Australia/Lord_Howe', '2026-04-04'],
  ['Australia/Lord_Howe', '2026-10-03'],
  ['America/St_Johns', '2006-10-29'],
  ['America/St_Johns', '2026-03-08'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-11-01'],
  ['America/New_York', '2026-03-08'],
  ['Pacific/Chatham', '2026-04-04'],
  ['Pacific/Apia', '2011-12-30'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['Africa/Monrovia', '1972-01-07'],
  ['Africa/Casablanca', '2026-02-15'],
  ['Asia/Pyongyang', '2018-05-04'],
  ['Europe/London', '1969-12-31'],
]
const columns = [
  { name: 'at', type: 'timestamp' },
  { name: 'due', type: 'date' },
  { name: 'amount', type: 'decimal(12,2)' },
  { name: 'big', type: 'decimal(38,10)' },
  { name: 'units', type: 'integer' },
  { name: 'weight', type: 'number' },
  { name: 'region', type: 'string' },
  { name: 'channel', type: 'string', nullable: false },
  { name: 'vip', type: 'boolean' },
  { name: 'n', type: 'integer' },
  { name: 'start', type: 'string' },
] as const
const measures: readonly Measure[] = [
  { type: 'count' },
  { type: 'sum', expression: 'amount' },
  { type: 'sum', expression: 'big' },
  { type: 'sum', expression: 'units * n' },
  { type: 'sum', expression: 'weight' },
  { type: 'avg', expression: 'amount * units' },
  { type: 'avg', expression: 'weight' },
  { type: 'min', expression: 'amount' },
  { type: 'max', expression: 'big' },
  { type: 'min', expression: 'units' },
  { type: 'max', expression: 'weight' },
  { type: 'distinct', expression: 'region' },
  { type: 'distinct', expression: 'units' },
  { type: 'distinct', expression: 'weight' },
  { type: 'percentile', expression: 'amount', p: 95 },
  { type: 'percentile', expression: 'weight', p: 50 },
  { type: 'percentile', expression: 'units', p: 0 },
  { type: 'percentile', expression: 'weight', p: 100 },
  { type: 'ratio', numerator: { type: 'count', filter: "region = 'north'" }, denominator: { type: 'count' } },
  {
    type: 'ratio',
    numerator: { type: 'sum', expression: 'amount', filter: 'vip' },
    denominator: { type: 'sum', expression: 'units' },
  },
]
const filters = [
  "region = 'north'",
  "channel != 'web' and region is not null",
  { field: 'region', operator: 'in', value: ['north', 'south'] },
  'vip',
  'amount > 0',
  'n between 0 and 5',
  { not: { field: 'channel', operator: 'eq', value: 'shop' } },
]
const dimensions = ['region', 'channel', 'vip', 'n', 'start', 'due']

/** Answers how many points were compared. */
export async function playStory(
  fixture: WarehouseFixture,
  seed: number,
  { metrics = 4, questions = 6, maxRows = 250 } = {},
): Promise<number> {
  const random = randomSource(seed)
  const { warehouse, database } = fixture
  const dataset = await fixture.makeDataset({ name: `story_${seed}`, columns })
  const [zone, date] = random.of(scenes)
  const rows = randomRows(random, random.whole(20, maxRows), Date.parse(date))
  for (let done = 0; done < rows.length;) {
    const size = random.whole(1, 120)
    await fixture.append(dataset, rows.slice(done, done + size), BigInt(done))
    done += size
  }
  const plain = naive(rows, scopeOf(dataset.columns))
  let compared = 0
  for (let count = 0; count < metrics; count++) {
    const definition = MetricDefinition.parse({
      code: `S${seed}.${count}`,
      name: 'story',
      dataset: dataset.name,
      time: random.chance(0.15) ? 'due' : 'at',
      measure: random.of(measures),
      ...(random.chance(0.5) && { filter: random.of(filters) }),
      dimensions: random.some(dimensions),
    })
    const result = compileMetric(definition, dataset, fromOf(dataset, database))
    assert.ok('metric' in result, JSON.stringify(result))
    const cells = { database, table: `cells_${seed}_${count}` }
    await warehouse.command(createCellsSql(result.metric, cells, positions.sql))
    const all = positions.decode(String(rows.length))
    let [reach, folded] = [positions.start, positions.start]
    const stop = random.chance(0.3) ? positions.decode(String(random.whole(0, rows.length))) : all
    while (!positions.covers(folded, stop)) {
      const to = positions.advance(folded, stop, random.whole(1, 150))
      const queryId = crypto.randomUUID()
      const target = { metric: result.metric, cells, positions: positions.sql }
      if (await foldRange(warehouse, target, { from: folded, to, reach, attempt: 0 }, { queryId, lane: 'ingest' }))
        reach = to
      if (random.chance(0.2)) {
        const again = await foldRange(
          warehouse,
          target,
          { from: positions.start, to, reach: positions.decode(`${reach}1`), attempt: 0 },
          { queryId, lane: 'ingest' },
        )
        assert.equal(again, false, 'a fold that continues from another position adds nothing')
      }
      folded = to
    }
    assert.equal(await readReach(warehouse, cells, positions), reach)
    for (let asked = 0; asked < questions; asked++) {
      const question = randomQuestion(random, definition, zone, Date.parse(date))
      const source: AnswerSource = {
        warehouse,
        metric: result.metric,
        positions,
        upto: all,
        now: Date.now(),
        cells: {
          table: cells,
          ...(random.chance(0.2) ? { reach: positions.start, folded: positions.start } : { reach, folded }),
        },
      }
      const { points } = await answer(source, question)
      const wanted = plain.points(definition, question)
      const context = JSON.stringify({ seed, definition, question })
      assert.equal(points.length, wanted.length, `as many points: ${context}`)
      const byKey = new Map(wanted.map((point) => [JSON.stringify([point.start, point.groups]), point]))
      for (const point of points) {
        const groups = (question.by ?? []).map((name) => point.dims?.[name] ?? null)
        const match = byKey.get(JSON.stringify([Date.parse(point.start), groups]))
        assert.ok(match, `a point of its own: ${JSON.stringify(point)} ${context}`)
        assert.equal(point.dataPoints, match.rows.length, context)
        try {
          assertValue(point, definition.measure, match.rows, plain)
        } catch (error) {
          throw new Error(`${(error as Error).message}: ${JSON.stringify(point)} ${context}`, { cause: error })
        }
        compared++
      }
      if (random.chance(0.3)) {
        const at = random.whole(-50, 50) * 3_600_000 + Date.parse(date)
        assert.deepEqual(
          await readExtent({ ...source, now: at }, findZone(zone)!),
          plainExtent(plain, definition, at, zone),
          context,
        )
      }
      if (random.chance(0.6)) {
        const now = Math.floor(question.from + random.next() * (question.to - question.from))
        compared += await assertComparisons({ ...source, now }, question, plain)
      }
    }
    await warehouse.command(`DROP TABLE ${database}.${cells.table}`)
  }
  await warehouse.command(`DROP TABLE ${database}.${dataset.name}`)
  return compared
}

/** What `readExtent` should say, from the rows as they are. */
function plainExtent(plain: Naive, definition: MetricDefinition, now: number, zoneName: string): Extent | undefined {
  const zone = findZone(zoneName)!
  const everything = { from: Date.parse('1900-01-01'), to: Date.parse('2100-01-01') }
  const points = plain.points(definition, { code: definition.code, period: 'year', zone: zoneName, ...everything })
  const byDate = definition.time === 'due'
  const times = points
    .flatMap(({ rows }) => rows)
    .map((row) => {
      const at = String(row[definition.time])
      return byDate ? startOfLocalDay(at, zone) : Math.floor(Date.parse(at) / 60_000) * 60_000
    })
    .toSorted((a, b) => a - b)
  const today = byDate ? startOfLocalDay(localDay(now, zone), zone) : now
  const [past, ahead] = [times.filter((at) => at <= today), times.filter((at) => at > today)]
  if (times.length === 0) return undefined
  return {
    first: times[0]!,
    last: past.at(-1),
    ahead: ahead.length === 0 ? undefined : { rows: ahead.length, last: ahead.at(-1)! },
  }
}

function randomRows(random: Random, count: number, around: number): PlainRow[] {
  const hours = random.of([3, 30, 30, 300, 9000])
  return Array.from({ length: count }, () => {
    const at = around + Math.floor((random.next() - 0.5) * 2 * hours * 3_600_000)
    const micros = String(random.whole(0, 999)).padStart(3, '0')
    const maybe = <T>(value: T): T | null => (random.chance(0.12) ? null : value)
    return {
      at: maybe(
        new Date(random.chance(0.1) ? Math.floor(at / 900_000) * 900_000 : at).toISOString().replace('Z', `${micros}Z`),
      ),
      due: maybe(new Date(at).toISOString().slice(0, 10)),
      amount: maybe((random.whole(-100_000, 1_000_000) / 100).toFixed(2)),
      big: maybe(
        `${random.whole(-9, 9)}${String(random.whole(0, 2 ** 40)).padStart(14, '7')}.${String(random.whole(0, 2 ** 33)).padStart(10, '0')}`.replace(
          '-0',
          '-1',
        ),
      ),
      units: maybe(
        random.chance(0.05) ? String(2n ** 62n - BigInt(random.whole(0, 9))) : String(random.whole(-20, 20)),
      ),
      weight: maybe(
        random.chance(0.1)
          ? random.of([0, -0, 1e-9, 1e15, -1e15, 3])
          : (random.next() - 0.3) * 10 ** random.whole(-3, 6),
      ),
      region: maybe(random.of(['north', 'south', 'west', '', "o'neil"])),
      channel: random.of(['web', 'shop', 'phone']),
      vip: maybe(random.chance(0.3)),
      n: maybe(String(random.whole(0, 9))),
      start: maybe(random.of(['a', 'b'])),
    }
  })
}

function randomQuestion(random: Random, definition: MetricDefinition, zone: string, around: number): ValuesQuestion {
  const byDate = definition.time === 'due'
  const asked = random.chance(0.8) ? zone : random.of(scenes)[0]
  const period = byDate ? random.of(periodNames.slice(2)) : random.of(periodNames)
  const far = period === 'minute' ? 40 : random.of([10, 100, 9000])
  let [from, to] = [
    around - random.whole(1, far) * 3_600_000 + random.whole(0, 3_599_999),
    around + random.whole(1, far) * 3_600_000,
  ]
  if (random.chance(0.5)) from = periodOf(from, period, findZone(asked)!).start
  if (random.chance(0.3)) to = periodOf(to, period, findZone(asked)!).end
  const inside = random.chance(0.7)
  return {
    code: definition.code,
    period,
    from,
    to,
    zone: asked,
    by: random.some(inside ? definition.dimensions : ['region', 'channel', 'n']),
    ...(random.chance(0.4) && {
      filter: inside && definition.dimensions.includes('region') ? "region = 'north'" : random.of(filters),
    }),
  }
}
