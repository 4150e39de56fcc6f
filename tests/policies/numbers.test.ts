/** Every way to the numbers of metrics, and pipelines, with a policy given in code. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { openPolicyHouse, type PolicyHouse } from './policy-house-fixture.ts'

let house: PolicyHouse
const regions = ['north', 'south', 'west']
const row = (index: number, at: string) => ({
  at,
  region: regions[index % 3],
  customer: `c${index % 5}`,
  amount: index + 1,
})
const rows = Array.from({ length: 30 }, (_, index) =>
  row(index, `2026-11-0${1 + (index % 4)}T0${index % 10}:15:00.000Z`),
)

before(async () => {
  house = await openPolicyHouse(['boss', 'north', 'south', 'alsoNorth', 'masked', 'customer'], {
    viewer: ['metrics.read'],
  })
  const columns = [
    { name: 'at', type: 'timestamp' },
    { name: 'region', type: 'string' },
    { name: 'customer', type: 'string' },
    { name: 'amount', type: 'integer' },
  ]
  await house.call('boss', 'POST', '/api/v1/datasets', { name: 'orders', columns })
  await house.ingest('orders', rows)
  const metric = async (code: string, more: object) => {
    const body = { code, name: code, dataset: 'orders', time: 'at', ...more }
    const { status, body: answer } = await house.call('boss', 'POST', '/api/v1/metrics', body)
    assert.equal(status, 201, JSON.stringify(answer))
  }
  const sum = { type: 'sum', expression: 'amount' }
  await metric('BY.REGION', { measure: sum, dimensions: ['region'] })
  await metric('PLAIN', { measure: sum })
  await metric('PEOPLE', { measure: { type: 'distinct', expression: 'customer' }, dimensions: ['region'] })
  await metric('BY.CUSTOMER', { measure: { type: 'count' }, dimensions: ['customer'] })
  await house.until(async () => {
    const { body } = await house.call('boss', 'GET', '/api/v1/metrics')
    return body.items.every(({ state }: { state: string }) => state === 'current')
  })
})
after(() => house.close())

const key = (name: string): string => `key:${house.ids.get(name)}`
beforeEach(() =>
  house.policies({
    orders: {
      rows: [
        { for: [key('north'), key('alsoNorth'), key('viewer')], filter: "region = 'north'" },
        { for: [key('south')], filter: "region = 'south'" },
        { for: [key('customer')], filter: "customer = 'c1'" },
        { for: [key('boss'), key('masked')], filter: 'true' },
      ],
      masks: [
        { column: 'amount', how: 'generalise', except: ['boss', 'north', 'south', 'alsoNorth', 'customer'].map(key) },
        { column: 'customer', how: 'redact', except: ['boss', 'north', 'south', 'alsoNorth', 'customer'].map(key) },
      ],
    },
  }),
)

interface Seen {
  readonly amount: number
  readonly customer: string
  readonly region: string
  readonly at: string
}

/** The rows of a reader as the policy has them, worked out by hand. */
function seen(as: string): Seen[] {
  const first = (amount: number): number => (amount < 10 ? 0 : Math.floor(amount / 10) * 10)
  return rows
    .map((each) => ({ ...each, region: each.region! }))
    .filter(({ region, customer }) => (regions.includes(as) ? region === as : as !== 'customer' || customer === 'c1'))
    .filter(({ region }) => as !== 'alsoNorth' || region === 'north')
    .map((each) => (as === 'masked' ? { ...each, amount: first(each.amount), customer: '***' } : each))
}
const total = (all: readonly Seen[]): number => all.reduce((sum, { amount }) => sum + amount, 0)
const everybody = ['boss', 'north', 'south', 'alsoNorth', 'masked', 'customer']
const range = 'from=2026-11-01&to=2026-11-05'

async function values(as: string, code: string, query: string): Promise<any[]> {
  const { status, body } = await house.call(as, 'GET', `/api/v1/metrics/${code}/values?${query}`)
  assert.equal(status, 200, `${as} ${code} ${query}: ${JSON.stringify(body)}`)
  return body.points
}
const sumOf = (points: readonly { value: number | null }[]): number =>
  points.reduce((sum, { value }) => sum + (value ?? 0), 0)

test('values are of the rows and values of the reader, from cells and from raw rows', async () => {
  for (const as of everybody) {
    const mine = seen(as)
    for (const code of ['BY.REGION', 'PLAIN'])
      for (const period of ['day', 'hour', 'minute', 'month'])
        assert.equal(sumOf(await values(as, code, `period=${period}&${range}`)), total(mine), `${as} ${code} ${period}`)
    const day = await values(as, 'PEOPLE', 'period=month&from=2026-11-01&to=2026-12-01')
    assert.equal(day[0]?.value, new Set(mine.map(({ customer }) => customer)).size, as)
    const one = await values(as, 'PLAIN', 'period=month&from=2026-11-01&to=2026-12-01')
    assert.equal(one[0]?.dataPoints, mine.length, as)
  }
})

test('groups and filters of a question see what the reader sees', async () => {
  for (const as of everybody) {
    const mine = seen(as)
    const month = 'period=month&from=2026-11-01&to=2026-12-01'
    for (const name of ['region', 'customer'] as const) {
      const points = await values(as, 'BY.REGION', `${month}&by=${name}`)
      const found = Object.fromEntries(points.map(({ dims, value }) => [dims[name], value]))
      const wanted = Object.fromEntries(
        [...Map.groupBy(mine, (each) => each[name])].map(([group, all]) => [group, total(all)]),
      )
      assert.deepEqual(found, wanted, `${as} by ${name}`)
    }
    const filter = encodeURIComponent("customer = 'c1'")
    const filtered = await values(as, 'BY.CUSTOMER', `${month}&filter=${filter}`)
    assert.equal(filtered[0]?.value ?? 0, mine.filter(({ customer }) => customer === 'c1').length, as)
  }
})

test('whoever may not read the rows groups and filters by dimensions only, on every way, within row filters and masks', async () => {
  const month = 'period=month&from=2026-11-01&to=2026-12-01'
  const refusals = [
    ['by', 'by=customer'],
    ['by', 'by=region,nothing'],
    ['filter', `filter=${encodeURIComponent("region = 'north' and customer = 'c1'")}`],
    ['filter', `filter=${encodeURIComponent('{"field":"amount","operator":"gt","value":10}')}`],
  ] as const
  for (const [at, query] of refusals) {
    const { status, body } = await house.call('viewer', 'GET', `/api/v1/metrics/BY.REGION/values?${month}&${query}`)
    assert.deepEqual([status, body.code, body.problems[0].at], [403, 'kernel.forbidden', at], query)
    assert.match(
      body.problems[0].message,
      /^The metric "BY.REGION" has no dimension "\w+"\. Its dimensions are "region"\./,
    )
  }
  for (const [at, query] of [
    ['by', 'by=regoin'],
    ['filter', `filter=${encodeURIComponent("regions = 'north'")}`],
  ]) {
    const { status, body } = await house.call('viewer', 'GET', `/api/v1/metrics/BY.REGION/values?${month}&${query}`)
    const [{ at: place, suggestion, message }] = body.problems
    assert.deepEqual([status, body.code, place, suggestion], [422, 'metrics.bad_question', at, 'region'])
    assert.match(message, /has no dimension "\w+"\. Did you mean "region"\?/)
  }
  const kpi = { code: 'PLAIN', period: 'month', from: '2026-11-01', to: '2026-12-01', by: ['region'] }
  assert.equal((await house.call('viewer', 'POST', '/query/kpi', kpi)).status, 403)
  const isNorth = encodeURIComponent("region = 'north'")
  for (const query of ['by=region', `filter=${isNorth}`, '']) {
    const points = await values('viewer', 'BY.REGION', `${month}&${query}`)
    const generalised = seen('north').map(({ amount }) => (amount < 10 ? 0 : Math.floor(amount / 10) * 10))
    assert.equal(
      sumOf(points),
      generalised.reduce((sum, amount) => sum + amount, 0),
      query,
    )
  }
  const masked = await values('viewer', 'BY.CUSTOMER', `${month}&by=customer`)
  assert.deepEqual(
    masked.map(({ dims, value }) => [dims.customer, value]),
    [['***', seen('north').length]],
  )
  house.policies({})
  const path = '/ws/kpi/BY.REGION?period=year&by=customer'
  const [boss, viewer] = [house.watch('boss', path), house.watch('viewer', path)]
  try {
    await house.until(() => boss.frames.length > 0 && viewer.frames.length > 0)
    assert.equal(boss.frames[0].type, 'snapshot')
    assert.deepEqual([viewer.frames[0].type, viewer.frames[0].code], ['error', 'kernel.forbidden'])
  } finally {
    boss.close()
    viewer.close()
  }
})

test('a comparison and the extent of a metric tell of the rows of the reader only', async () => {
  for (const as of everybody) {
    const of = (day: string) => total(seen(as).filter(({ at }) => at.startsWith(day)))
    const points = await values(as, 'BY.REGION', 'period=day&from=2026-11-02&to=2026-11-03&compare=previous&fill=zero')
    assert.deepEqual([points[0].value, points[0].compare.value], [of('2026-11-02'), of('2026-11-01')], as)
    const { body } = await house.call(as, 'POST', '/query/kpi', {
      code: 'PLAIN',
      period: 'day',
      from: '2026-11-01',
      to: '2026-11-05',
    })
    assert.equal(sumOf(body.points), total(seen(as)), as)
  }
  house.policies({ orders: { rows: [{ for: ['everyone'], filter: "at < '2026-11-01T00:00:00Z'" }] } })
  for (const code of ['BY.REGION', 'PLAIN']) {
    const { body } = await house.call(
      'north',
      'GET',
      `/api/v1/metrics/${code}/values?period=day&${range}&compare=previous`,
    )
    assert.deepEqual([body.points, body.extent], [[], undefined])
  }
})

test('two readers who watch one metric see different numbers, and share a publisher only with equal rights', async () => {
  const path = '/ws/kpi/BY.REGION?period=year'
  const watched = ['boss', 'north', 'alsoNorth', 'south'].map((as) => ({ as, socket: house.watch(as, path) }))
  try {
    const year = '2026-01-01T00:00:00.000Z'
    await house.until(() => watched.every(({ socket }) => socket.values().has(year)))
    const now = () => watched.map(({ socket }) => socket.values().get(year))
    assert.deepEqual(
      now(),
      watched.map(({ as }) => total(seen(as))),
    )
    const epochs = watched.map(({ socket }) => socket.frames.find(({ type }) => type === 'snapshot').epoch)
    assert.equal(new Set(epochs).size, 3, 'north and alsoNorth share a publisher, the others have their own')
    assert.equal(epochs[1], epochs[2])
    const late = { ...row(0, '2026-11-03T12:00:00.000Z'), amount: 1000 }
    await house.ingest('orders', [late])
    rows.push(late)
    await house.until(() => watched[1]!.socket.values().get(year) === total(seen('north')))
    await house.until(() => watched[0]!.socket.values().get(year) === total(seen('boss')))
    assert.equal(now()[3], total(seen('south')))
  } finally {
    for (const { socket } of watched) socket.close()
  }
})

test('server-sent events and dashboards show what the caller may see', async () => {
  const tiles = [
    { metric: 'BY.REGION', title: 'Revenue', period: 'year' },
    { metric: 'PLAIN', title: 'Plain', period: 'year' },
  ]
  const made = await house.call('boss', 'POST', '/api/v1/dashboards', { name: 'All', tiles })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const watched = ['boss', 'south', 'customer'].map((as) => ({
    as,
    socket: house.watch(as, `/ws/dashboard/${made.body.id}`),
  }))
  try {
    for (const { as, socket } of watched) {
      await house.until(() => (socket.frames.find(({ type }) => type === 'snapshot')?.points.length ?? 0) >= 2)
      for (const { value } of socket.frames.find(({ type }) => type === 'snapshot').points)
        assert.equal(value, total(seen(as)), as)
    }
  } finally {
    for (const { socket } of watched) socket.close()
  }
  for (const as of ['boss', 'south', 'customer']) {
    const text = await house.firstEvent(as, '/api/v1/metrics/BY.REGION/live?period=year')
    assert.equal(text.points[0].value, total(seen(as)), as)
  }
})

const definition = (name: string, transformations: object[] = [], dataset = `out-${name}`) => ({
  name,
  type: 'batch',
  source: { type: 'dataset', config: { dataset: 'orders' } },
  transformations,
  destination: { type: 'dataset', config: { dataset } },
})

test('a preview reads with the rights of whoever asks, also through a SQL step', async () => {
  for (const as of ['boss', 'south', 'masked']) {
    const { status, body } = await house.call(as, 'POST', '/api/v1/pipelines/preview?rows=100', definition('looked'))
    assert.equal(status, 200, JSON.stringify(body))
    const amounts = body.steps[0].rows.map(({ amount }: { amount: string | number }) => Number(amount))
    assert.equal(
      amounts.reduce((sum: number, each: number) => sum + each, 0),
      total(seen(as)),
      as,
    )
    const joined = {
      type: 'sql',
      config: {
        sql: 'SELECT toInt64(sum(amount)) AS total, toInt64((SELECT sum(amount) FROM orders)) AS again FROM input',
      },
    }
    const step = await house.call(as, 'POST', '/api/v1/pipelines/preview?rows=100', definition('looked', [joined]))
    const [last] = step.body.steps.at(-1).rows
    assert.deepEqual([Number(last?.total), Number(last?.again)], [total(seen(as)), total(seen(as))], as)
  }
  const view = { type: 'sql', config: { sql: 'SELECT code FROM kpi_values_day' } }
  const refused = await house.call('south', 'POST', '/api/v1/pipelines/preview', definition('viewed', [view]))
  assert.match(JSON.stringify(refused.body), /restricted_view/)
})

test('a run reads with the rights of the owner, whoever starts it', async () => {
  for (const source of ['dataset', 'stream'] as const)
    for (const as of ['boss', 'south']) {
      const name = `${source}-${as}`
      const config = source === 'dataset' ? { dataset: 'orders' } : { stream: 'orders' }
      const given = { ...definition(name), source: { type: source, config } }
      const made = await house.call(as, 'POST', '/api/v1/pipelines', given)
      assert.equal(made.status, 201, JSON.stringify(made.body))
      const { body: run } = await house.call('boss', 'POST', `/api/v1/pipelines/${made.body.id}/run?wait=60s`)
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
      const { body } = await house.call('boss', 'GET', `/api/v1/datasets/out-${name}/rows?limit=100`)
      const loaded = body.items.reduce((sum: number, { amount }: { amount: string }) => sum + Number(amount), 0)
      assert.equal(loaded, total(seen(as)), name)
    }
  const { body: pipelines } = await house.call('boss', 'GET', '/api/v1/pipelines')
  const { id } = pipelines.items[0]
  const refused = await house.call('south', 'GET', `/api/v1/pipelines/${id}/quarantine`)
  assert.deepEqual([refused.status, refused.body.code], [403, 'pipelines.restricted'])
})
