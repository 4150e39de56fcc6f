import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemActor } from '#core/actor'
import { isMillraceError } from '#core/errors'
import { DatasetSpec } from '#core/dataset'
import { numbersChanged, readNumbersChanged } from './numbers-changed.ts'
import { systemReader } from '#modules/datasets'
import type { Position } from '#ports/log'
import { moduleFixture, type ModuleFixture } from './module-fixture.ts'

const readerOf = (workspace: string) => systemReader('test', workspace)

let house: ModuleFixture
before(async () => {
  house = await moduleFixture()
})
after(() => house.close())

const columns = [
  { name: 'at', type: 'timestamp' },
  { name: 'amount', type: 'decimal(12,2)' },
  { name: 'region', type: 'string' },
  { name: 'level', type: 'integer', tags: ['balance'] },
]
const orders = (name: string) =>
  house.datasets.create('test', DatasetSpec.parse({ name, columns }), { kind: 'declared' })
const sum = (dataset: string, code: string, more: object = {}) => ({
  code,
  name: code,
  dataset,
  time: 'at',
  measure: { type: 'sum', expression: 'amount' },
  dimensions: ['region'],
  ...more,
})
const rows = (count: number, start = '2026-11-20T10:00:00Z') =>
  Array.from({ length: count }, (_, index) => ({
    at: new Date(Date.parse(start) + index * 60_000).toISOString(),
    amount: '1.10',
    region: index % 2 === 0 ? 'north' : 'south',
  }))
const day = { period: 'day' as const, from: Date.parse('2026-11-20'), to: Date.parse('2026-11-21') }
const totals = async (code: string, more: object = {}) =>
  (await house.metrics.values(readerOf('test'), { code, ...day, ...more })).points.map(({ value, dims }) => [
    value,
    ...Object.values(dims ?? {}),
  ])
const actor = systemActor('test', 'test')
const refused = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => assert.fail('it should have been refused'),
    (reason: unknown) => reason,
  )
  assert.ok(isMillraceError(error), String(error))
  return error
}
const eventually = async (holds: () => Promise<boolean> | boolean) => {
  for (let tries = 0; !(await holds()); tries++) {
    assert.ok(tries < 200, 'it never came about')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

test('rows that were acknowledged before the question are in the answer, folded or not', async () => {
  await orders('fresh')
  await house.metrics.create('test', sum('fresh', 'FRESH'))
  for (let count = 1; count <= 20; count++) {
    await house.ingest('fresh', rows(10))
    assert.deepEqual(await totals('FRESH'), [[count * 11]])
  }
  assert.deepEqual(await totals('FRESH', { by: ['region'] }), [
    [110, 'north'],
    [110, 'south'],
  ])
})

test('a metric over rows that are there already answers at once and is folded in', async () => {
  await orders('old')
  await house.ingest('old', rows(500))
  await house.metrics.create('test', sum('old', 'OLD'))
  assert.deepEqual(await totals('OLD'), [[550]])
  const shown = () => house.handlers.get({ workspace: 'test', params: { code: 'OLD' } } as never) as { state: string }
  await eventually(() => shown().state === 'current')
  assert.deepEqual(await totals('OLD'), [[550]])
})

test('a changed definition counts anew from all rows; a changed name keeps the cells', async () => {
  await orders('changing')
  await house.ingest('changing', rows(10))
  await house.metrics.create('test', sum('changing', 'CHANGING'))
  const replace = (body: object) =>
    house.handlers.replace({ workspace: 'test', actor, params: { code: 'CHANGING' }, body } as never) as Promise<{
      version: number
      name: string
    }>
  const changed = await replace(
    sum('changing', 'CHANGING', { filter: { field: 'region', operator: 'eq', value: 'north' } }),
  )
  assert.equal(changed.version, 2)
  assert.deepEqual(await totals('CHANGING'), [[5.5]])
  const renamed = await replace({ ...changed, name: 'Other' })
  assert.equal(renamed.name, 'Other')
  assert.deepEqual(await totals('CHANGING'), [[5.5]])
})

test('a code is there once, and keeps its code', async () => {
  await orders('twice')
  await house.metrics.create('test', sum('twice', 'TWICE'))
  assert.equal((await refused(house.metrics.create('test', sum('twice', 'TWICE')))).status, 409)
  assert.equal(
    (
      await refused(
        Promise.resolve(
          house.handlers.replace({
            workspace: 'test',
            actor,
            params: { code: 'TWICE' },
            body: sum('twice', 'ONCE'),
          } as never),
        ),
      )
    ).code,
    'metrics.renamed',
  )
  assert.equal((await refused(house.metrics.get('test', 'NOBODY'))).status, 404)
  assert.equal((await refused(house.metrics.values(readerOf('elsewhere'), { code: 'TWICE', ...day }))).status, 404)
})

test('everything wrong with a definition is said at once, each with its place', async () => {
  await orders('strict')
  const wrong = sum('strict', 'WRONG', {
    time: 'att',
    filter: 'amont > 1',
    dimensions: ['regio'],
    measure: {
      type: 'ratio',
      numerator: { type: 'sum', expression: 'level' },
      denominator: { type: 'avg', expression: 'avg(amount)' },
    },
  })
  const { problems } = await refused(house.metrics.create('test', wrong))
  assert.deepEqual(problems.map(({ at, code }) => `${at} ${code}`).sort(), [
    'dimensions[0] unknown_column',
    'filter:0 unknown_column',
    'measure.denominator.expression average_of_averages',
    'measure.numerator.expression sum_of_balances',
    'time unknown_column',
  ])
  assert.deepEqual(
    problems
      .filter(({ suggestion }) => suggestion !== undefined)
      .map(({ suggestion }) => suggestion)
      .sort(),
    ['amount', 'at', 'region'],
  )
  const elsewhere = await refused(house.metrics.create('test', sum('strickt', 'WRONG')))
  assert.equal(elsewhere.problems[0]?.suggestion, 'strict')
  const text = await refused(
    house.metrics.create('test', sum('strict', 'WRONG', { measure: { type: 'sum', expression: 'region' } })),
  )
  assert.match(text.problems[0]!.at, /^measure\.expression/)
  const types = await refused(house.metrics.create('test', sum('strict', 'WRONG', { time: 'level' })))
  assert.match(types.problems[0]!.message, /^The column "level" is an integer;/)
  const unknownField = await refused(house.metrics.create('test', sum('strict', 'WRONG', { dimension: [] })))
  assert.deepEqual(
    [unknownField.problems[0]?.code, unknownField.problems[0]?.suggestion],
    ['unknown_field', 'dimensions'],
  )
})

test('everything wrong with a question is said at once', async () => {
  await orders('asked')
  await house.metrics.create('test', sum('asked', 'ASKED'))
  const { problems, status } = await refused(
    house.metrics.values(readerOf('test'), {
      code: 'ASKED',
      period: 'day',
      from: 1,
      to: 1,
      zone: 'Mars',
      by: ['regiom', 'at'],
      filter: 'nowhere = 1',
    }),
  )
  assert.equal(status, 422)
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['unknown_zone', 'empty_range', 'unknown_column', 'not_a_dimension', 'unknown_column'],
  )
  assert.equal(
    (
      await refused(
        house.metrics.values(readerOf('test'), {
          code: 'ASKED',
          period: 'minute',
          from: 0,
          to: Date.parse('2026-01-01'),
        }),
      )
    ).code,
    'metrics.too_many_points',
  )
})

test('a filter and groups beyond the dimensions are answered from raw rows', async () => {
  await orders('beyond')
  await house.ingest('beyond', [...rows(10), { at: '2026-11-20T12:00:00Z', amount: '5.00', region: null, level: 3 }])
  await house.metrics.create('test', sum('beyond', 'BEYOND'))
  assert.deepEqual(await totals('BEYOND', { filter: 'amount > 2' }), [[5]])
  assert.deepEqual(
    await totals('BEYOND', { by: ['level'] }),
    [
      [11, null],
      [5, '3'],
    ]
      .toSorted((a, b) => String(b[1]).localeCompare(String(a[1])))
      .reverse(),
  )
  assert.deepEqual(await totals('BEYOND', { filter: 'region is null' }), [[5]])
})

test('periods without data are absent, or filled when asked; a comparison brings the period before', async () => {
  await orders('gaps')
  await house.ingest('gaps', [...rows(1, '2026-11-18T10:00:00Z'), ...rows(2)])
  await house.metrics.create('test', sum('gaps', 'GAPS'))
  const ask = async (more: object) =>
    (
      await house.metrics.values(readerOf('test'), {
        code: 'GAPS',
        period: 'day',
        from: Date.parse('2026-11-18'),
        to: Date.parse('2026-11-21'),
        ...more,
      })
    ).points
  assert.deepEqual(
    (await ask({})).map(({ value }) => value),
    [1.1, 2.2],
  )
  assert.deepEqual(
    (await ask({ fill: 'null' })).map(({ value, dataPoints }) => [value, dataPoints]),
    [
      [1.1, 1],
      [null, 0],
      [2.2, 2],
    ],
  )
  assert.deepEqual(
    (await ask({ fill: 'zero', compare: 'previous' })).map(({ value, compare }) => [value, compare?.value]),
    [
      [1.1, 0],
      [0, 1.1],
      [2.2, 0],
    ],
  )
})

test('a dataset stays while a metric counts its rows', async () => {
  await orders('going')
  await house.metrics.create('test', sum('going', 'GOING'))
  const kept = await refused(house.datasets.remove('test', 'going'))
  assert.equal(kept.code, 'datasets.in_use')
  assert.match(kept.message, /metric "GOING"/)
  await house.handlers.remove({ workspace: 'test', params: { code: 'GOING' } } as never)
  await house.datasets.remove('test', 'going')
})

test('a metric whose dataset is missing says so, and leaves the others in peace', async () => {
  await orders('missing')
  await orders('present')
  await house.ingest('present', rows(10))
  await house.metrics.create('test', sum('missing', 'MISSING'))
  await house.metrics.create('test', sum('present', 'PRESENT'))
  await house.ports.metadata.inWorkspace('test').query("delete from datasets.dataset where name = 'missing'")
  await house.restart()
  const gone = await refused(house.metrics.values(readerOf('test'), { code: 'MISSING', ...day }))
  assert.equal(gone.code, 'metrics.dataset_gone')
  assert.deepEqual(await totals('PRESENT'), [[11]])
})

test('the views hold what the cells hold', async () => {
  await orders('viewed')
  await house.metrics.create('test', sum('viewed', 'VIEWED'))
  await house.ingest('viewed', rows(120))
  const read = () =>
    house.ports.warehouse.rows<{ at: string; dims: object; value: number; n: string }>(
      "SELECT toString(period_start) AS at, dims, value, toString(data_points) AS n FROM ws_test.kpi_values_hour WHERE code = 'VIEWED' ORDER BY at, dims['region']",
    )
  await eventually(async () => (await read()).length === 4)
  const [first] = await read()
  assert.deepEqual({ ...first }, { at: '2026-11-20 10:00:00', dims: { region: 'north' }, value: 33, n: '30' })
})

test('a deleted metric takes its cells with it', async () => {
  await orders('leaving')
  await house.metrics.create('test', sum('leaving', 'LEAVING'))
  const tables = async () =>
    (
      await house.ports.warehouse.rows(
        "SELECT name FROM system.tables WHERE database = 'ws_test__system' AND name LIKE 'cells_%'",
      )
    ).length
  const before = await tables()
  await house.handlers.remove({ workspace: 'test', params: { code: 'LEAVING' } } as never)
  assert.equal(await tables(), before - 1)
})

test('after a restart the cells continue from their last position', async () => {
  await orders('restarted')
  await house.metrics.create('test', sum('restarted', 'RESTARTED'))
  await house.ingest('restarted', rows(10))
  await house.restart()
  assert.deepEqual(await totals('RESTARTED'), [[11]])
  await house.ingest('restarted', rows(10))
  assert.deepEqual(await totals('RESTARTED'), [[22]])
})

test('questions asked while the definition changes back and forth are answered by one or the other', async () => {
  await orders('flipping')
  await house.ingest('flipping', rows(10))
  await house.metrics.create('test', sum('flipping', 'FLIPPING'))
  const replace = (more: object) =>
    house.handlers.replace({
      workspace: 'test',
      actor,
      params: { code: 'FLIPPING' },
      body: sum('flipping', 'FLIPPING', more),
    } as never)
  let flipping = true
  const asking = (async () => {
    while (flipping) assert.ok([11, 5.5].includes(Number((await totals('FLIPPING'))[0]?.[0])))
  })()
  for (let turn = 0; turn < 6; turn++) await replace(turn % 2 === 0 ? { filter: "region = 'north'" } : {})
  flipping = false
  await asking
})

test('others hear when a metric is defined, changed and removed, and not when its cells are others', async () => {
  await orders('heard')
  await house.metrics.create('test', sum('heard', 'HEARD'))
  const call = { workspace: 'test', actor: systemActor('test', 'test'), params: { code: 'HEARD' } }
  await house.handlers.replace({ ...call, body: sum('heard', 'HEARD', { filter: "region = 'north'" }) } as never)
  await house.handlers.remove(call as never)
  const { rows: events } = await house.ports.metadata.system.query<{ payload: object }>(
    "select payload from kernel.event where name = 'metrics.changed' and key = 'HEARD' order by seq",
  )
  assert.deepEqual(
    events.map(({ payload }) => payload),
    [
      { code: 'HEARD', change: 'created', version: 1 },
      { code: 'HEARD', change: 'changed', version: 2 },
      { code: 'HEARD', change: 'removed', version: 2 },
    ],
  )
})

test('the minutes that a fold changed are published', async () => {
  await orders('told')
  await house.metrics.create('test', sum('told', 'TOLD'))
  const folds: { from: Position; to: Position }[] = []
  const listening = await house.ports.bus.subscribe(numbersChanged, (message) => {
    const { code, folded } = readNumbersChanged(message)
    if (code === 'TOLD' && folded) folds.push(folded)
  })
  const watching = house.metrics.watch('test', 'TOLD')
  await house.ingest('told', rows(5))
  await eventually(() => folds.at(-1)?.to === '5')
  await house.ingest('told', rows(2, '2026-11-20T10:03:00Z'))
  await eventually(() => folds.at(-1)?.to === '7')
  await listening.close()
  watching.close()
  const minutes = await house.metrics.changedMinutes('test', 'TOLD', house.ports.log.positions.decode('5'), 10)
  assert.deepEqual(
    minutes.map((minute) => new Date(minute).toISOString()),
    ['2026-11-20T10:04:00.000Z', '2026-11-20T10:03:00.000Z'],
  )
})

test('thousands of periods of unequal length are one question', async () => {
  await orders('many')
  await house.ingest('many', rows(60))
  await house.metrics.create('test', sum('many', 'MANY'))
  const ask = async (period: 'hour' | 'day', years: number) => {
    const range = { from: Date.parse('2026-12-01') - years * 31_556_952_000, to: Date.parse('2026-12-01') }
    const { points } = await house.metrics.values(readerOf('test'), {
      code: 'MANY',
      period,
      ...range,
      zone: 'Australia/Lord_Howe',
    })
    return points.map(({ value }) => value)
  }
  assert.deepEqual(await ask('hour', 5), [66])
  assert.deepEqual(await ask('day', 100), [66])
})
