import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { columnTypeOf } from '#core/dataset'
import type { Field } from '#core/expression'
import { show } from '#sdk'
import { assertProperty } from '#tests/long-form'
import { compile } from './compile.ts'
import { openEngine } from './engine-fixture.ts'
import { rowsOf } from './oracle-fixture.ts'
import type { Origin, Plan } from './plan.ts'
import { randomPlan, tableColumns } from './random-plan-fixture.ts'
import type { Row, Tables } from './random-plan-fixture.ts'

const engine = openEngine()
after(() => engine.close())

const numbers = fc.array(fc.nat(9_999), { minLength: 40, maxLength: 40 })
const rare = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 4 })
const fields = {
  id: fc.integer({ min: 0, max: 3 }).map(String),
  k: rare(fc.constantFrom('x', 'y', 'Z', '')),
  n: rare(fc.integer({ min: -3, max: 4 }).map(String)),
  d: rare(fc.constantFrom('0.00', '1.50', '-2.25', '10.00')),
  b: rare(fc.boolean()),
  s: rare(fc.constantFrom('1', '2.5', 'x', 'abc', '-7')),
}
const row: fc.Arbitrary<Row> = fc.record(fields)
const tables: fc.Arbitrary<Tables> = fc.record({
  left: fc.array(row, { maxLength: 6 }),
  right: fc.array(row, { maxLength: 5 }),
})

const shown = (plan: Plan): string => show(compile(plan, 'clickhouse'))

test('a compiled plan gives the rows that its operators say', () => {
  const property = fc.property(numbers, tables, (choices, given) => {
    const plan = randomPlan(choices, given)
    const [theirs, ours] = [engine.rows(plan), rowsOf(plan, given)]
    const missing = withoutEqual(ours, theirs)
    const extra = withoutEqual(theirs, ours)
    assert.deepEqual({ missing, extra }, { missing: [], extra: [] }, shown(plan))
  })
  return assertProperty(property, { short: 200, long: 5_000 })
})

test('every column of the answer has the type and nullability that the plan says', () => {
  const property = fc.property(numbers, tables, (choices, given) => {
    const plan = randomPlan(choices, given)
    const types = engine.types(plan)
    assert.deepEqual(
      [...types.keys()],
      plan.columns.map(({ name }) => name),
    )
    for (const { name, type, nullable } of plan.columns) {
      const found = columnTypeOf(types.get(name)!)
      // The engine keeps more digits in a decimal than the plan names, which `fit` casts.
      const kind = (one: string): string => one.replace(/^decimal\(\d+,/, 'decimal(')
      assert.equal(kind(found.type), kind(type), `${name}: ${shown(plan)}`)
      if (!nullable)
        assert.ok(
          engine.rows(plan).every((each) => each[name] !== null),
          `${name}: ${shown(plan)}`,
        )
    }
  })
  return assertProperty(property, { short: 100, long: 1_666 })
})

test('a change of a source column changes no output column that does not come from it', () => {
  const change = fc.record({
    table: fc.constantFrom('left' as const, 'right' as const),
    column: fc.constantFrom(...(Object.keys(fields) as (keyof typeof fields)[])),
    rows: fc.array(row, { minLength: 6, maxLength: 6 }),
  })
  const property = fc.property(numbers, tables, change, (choices, given, { table, column, rows }) => {
    const changed = {
      ...given,
      [table]: given[table].map((each, index) => ({ ...each, [column]: rows[index]![column]! })),
    }
    const plan = randomPlan(choices, given)
    const origin = { scan: table, column }
    if (includesOrigin(plan.rowOrigins, origin)) return
    const names = plan.columns.flatMap(({ name, origins }) => (includesOrigin(origins, origin) ? [] : [name]))
    const seen = (over: Tables): Row[] =>
      engine.rows(randomPlan(choices, over)).map((each) => Object.fromEntries(names.map((name) => [name, each[name]!])))
    const [before, then] = [seen(given), seen(changed)]
    assert.equal(before.length, then.length, shown(plan))
    assert.deepEqual(withoutEqual(before, then), [], `${table}.${column}: ${shown(plan)}`)
  })
  return assertProperty(property, { short: 200, long: 10_000 })
})

test('the tables of these tests have the columns that are changed', () => {
  assert.deepEqual(tableColumns, Object.keys(fields))
})

/** What is left of one list when each row of the other takes away one that is equal to it. */
function withoutEqual(list: readonly Row[], other: readonly Row[]): Row[] {
  const rest = [...list]
  for (const found of other) {
    const at = rest.findIndex((each) => equal(each, found))
    if (at >= 0) rest.splice(at, 1)
  }
  return rest
}

function equal(one: Row, other: Row): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => equalField(one[name], other[name]))
}

function equalField(one: Field | undefined, other: Field | undefined): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return one === other
  return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one))
}

/** Does the list name this column of a scan, or all its columns? */
function includesOrigin(list: readonly Origin[], { scan, column }: Origin): boolean {
  return list.some((origin) => origin.scan === scan && (origin.column === column || origin.column === '*'))
}
