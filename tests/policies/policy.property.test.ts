/** Random policies and rows, against a plain reading of the rules: rows, SQL and values of a metric. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { openPolicyHouse, type PolicyHouse } from './policy-house-fixture.ts'

interface Row {
  readonly id: number
  readonly region: string | null
  readonly name: string | null
  readonly amount: number | null
}

const regions = ['north', 'south', 'west']
const names = ['ann', 'bob', 'a long name', 'ünïcödé näme', '']
const makeRow = fc.record({
  region: fc.option(fc.constantFrom(...regions), { freq: 5 }),
  name: fc.option(fc.constantFrom(...names), { freq: 5 }),
  amount: fc.option(fc.integer({ min: -20_000, max: 20_000 }), { freq: 5 }),
})
const rows: readonly Row[] = fc
  .sample(makeRow, { numRuns: 60, seed: 4711 })
  .map((each, index) => ({ id: index + 1, ...each }))

/** A filter and what it means; `undefined` where null makes it unknown. */
interface Rule {
  readonly filter: string
  readonly holds: (row: Row, attribute: (name: string) => unknown) => boolean
}
const filters: readonly Rule[] = [
  ...regions.map((region) => ({ filter: `region = '${region}'`, holds: (row: Row) => row.region === region })),
  { filter: 'amount > 100', holds: ({ amount }) => amount !== null && amount > 100 },
  { filter: 'amount <= 100', holds: ({ amount }) => amount !== null && amount <= 100 },
  { filter: 'name is null', holds: ({ name }) => name === null },
  {
    filter: "name like 'a%' or amount < -5000",
    holds: (row) => row.name?.startsWith('a') === true || (row.amount ?? 0) < -5000,
  },
  { filter: "region = attribute('region')", holds: (row, of) => row.region !== null && row.region === of('region') },
  { filter: "not (region = attribute('gone'))", holds: () => false },
  {
    filter: "region in (attribute('list'), 'west')",
    holds: ({ region }, of) =>
      of('list') !== undefined && region !== null && [...(of('list') as string[]), 'west'].includes(region),
  },
  { filter: 'true', holds: () => true },
  { filter: 'no_such_column = 1', holds: () => false },
]
const masks: Readonly<
  Record<string, { readonly name: (value: string) => string | null; readonly amount: (value: number) => number | null }>
> = {
  null: { name: () => null, amount: () => null },
  redact: { name: () => '***', amount: () => null },
  generalise: {
    name: (value) => `${[...value][0] ?? ''}***`,
    amount: (value) => {
      const digits = String(Math.abs(value))
      return digits.length < 2 ? 0 : Math.sign(value) * Number(digits[0]!.padEnd(digits.length, '0'))
    },
  },
  partial: {
    name: (value) => ([...value].length >= 8 ? `***${[...value].slice(-4).join('')}` : '***'),
    amount: () => null,
  },
}
const strictest = ['null', 'redact', 'generalise', 'partial']
const subjects = ['everyone', 'role:one', 'role:two']
const makePolicy = fc.record({
  rows: fc.array(fc.record({ for: fc.subarray(subjects, { minLength: 1 }), rule: fc.constantFrom(...filters) }), {
    maxLength: 3,
  }),
  masks: fc.array(
    fc.record({
      column: fc.constantFrom('name', 'amount'),
      how: fc.constantFrom(...strictest),
      except: fc.subarray(subjects),
    }),
    { maxLength: 3 },
  ),
  roles: fc.subarray(['one', 'two']),
  attributes: fc.record(
    { region: fc.constantFrom(...regions), list: fc.subarray(regions, { minLength: 1 }) },
    { requiredKeys: [] },
  ),
})
type Policy = typeof makePolicy extends fc.Arbitrary<infer P> ? P : never

function plainly({ rows: rules, masks: given, roles, attributes }: Policy): Row[] {
  const isOne = (of: readonly string[]): boolean =>
    of.some((each) => each === 'everyone' || roles.some((role) => each === `role:${role}`))
  const attribute = (name: string): unknown => (attributes as Record<string, unknown>)[name]
  const howOf = (column: string): string | undefined =>
    strictest.find((how) => given.some((mask) => mask.column === column && mask.how === how && !isOne(mask.except)))
  return rows
    .filter((row) => rules.length === 0 || rules.some((each) => isOne(each.for) && each.rule.holds(row, attribute)))
    .map((row) => {
      const [name, amount] = [howOf('name'), howOf('amount')]
      return {
        ...row,
        name: name === undefined || row.name === null ? row.name : masks[name]!.name(row.name),
        amount: amount === undefined || row.amount === null ? row.amount : masks[amount]!.amount(row.amount),
      }
    })
}

let house: PolicyHouse
before(async () => {
  house = await openPolicyHouse(['reader'])
  const columns = [
    { name: 'id', type: 'integer' },
    { name: 'at', type: 'timestamp' },
    { name: 'region', type: 'string' },
    { name: 'name', type: 'string' },
    { name: 'amount', type: 'integer' },
  ]
  await house.call('reader', 'POST', '/api/v1/datasets', { name: 'things', columns })
  await house.ingest(
    'things',
    rows.map((row) => ({ ...row, at: `2026-11-01T00:${String(row.id % 60).padStart(2, '0')}:00Z` })),
  )
  const metric = { code: 'SUM', name: 'Sum', dataset: 'things', time: 'at', dimensions: ['region', 'name'] }
  const { status, body } = await house.call('reader', 'POST', '/api/v1/metrics', {
    ...metric,
    measure: { type: 'sum', expression: 'amount' },
  })
  assert.equal(status, 201, JSON.stringify(body))
})
after(() => house.close())

test('rows, SQL and values of a metric are what a plain reading of any policy gives', async () => {
  await fc.assert(
    fc.asyncProperty(makePolicy, async (policy) => {
      house.policies(
        {
          things: {
            rows: policy.rows.map(({ for: whom, rule: { filter } }) => ({ for: whom, filter })),
            masks: policy.masks,
          },
        },
        { reader: { roles: policy.roles, attributes: policy.attributes } },
      )
      const wanted = plainly(policy)
      const { body } = await house.call('reader', 'GET', '/api/v1/datasets/things/rows?limit=100')
      assert.deepEqual(
        body.items.map(({ id, region, name, amount }: Record<string, string | null>) => ({
          id: Number(id),
          region,
          name,
          amount: amount === null ? null : Number(amount),
        })),
        wanted,
      )
      const sql =
        'SELECT region, name, toInt32(count()), toInt32(sum(ifNull(amount, 0))) FROM things GROUP BY region, name'
      const asked = await house.call('reader', 'POST', '/query', { sql })
      assert.equal(asked.status, 200, JSON.stringify(asked.body))
      assert.deepEqual(
        new Set(asked.body.rows.map((each: unknown) => JSON.stringify(each))),
        new Set(groups(wanted, ['region', 'name'])),
      )
      for (const by of [['region'], ['name'], ['region', 'name']] as const) {
        const answer = await house.call(
          'reader',
          'GET',
          `/api/v1/metrics/SUM/values?period=year&from=2026-01-01&to=2027-01-01&by=${by.join(',')}`,
        )
        assert.equal(answer.status, 200, JSON.stringify(answer.body))
        const found = answer.body.points.map(({ dims, value, dataPoints }: any) =>
          JSON.stringify([...by.map((name) => dims[name]), dataPoints, value ?? 0]),
        ) // `any`: an answer
        assert.deepEqual(new Set(found), new Set(groups(wanted, by)))
      }
    }),
    { numRuns: 60, seed: 20261128 },
  )
})

function groups(of: readonly Row[], by: readonly ('region' | 'name')[]): string[] {
  return [...Map.groupBy(of, (row) => JSON.stringify(by.map((name) => row[name])))].map(([key, all]) =>
    JSON.stringify([
      ...(JSON.parse(key) as unknown[]),
      all.length,
      all.reduce((sum, { amount }) => sum + (amount ?? 0), 0),
    ]),
  )
}
