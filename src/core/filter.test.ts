import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { Filter, readFilter } from './filter.ts'
import { printExpression } from './expression/index.ts'

const printed = (given: unknown): string => {
  const read = readFilter(given)
  assert.ok('expression' in read, JSON.stringify(read))
  return printExpression(read.expression)
}

const problemsOf = (given: unknown): readonly string[] => {
  const read = readFilter(given)
  return 'problems' in read ? read.problems.map(({ at, message }) => `${at} | ${message}`) : []
}

test('the example of the face is true', () => {
  assert.equal(
    printed({ and: [{ field: 'status', operator: 'eq', value: 'active' }, 'amount > 10'] }),
    "(status = 'active') and (amount > 10)",
  )
})

test('each operator of the object form has its expression', () => {
  const one = (operator: string, value?: unknown): string =>
    printed({ field: 'x', operator, ...(value !== undefined && { value }) })
  assert.equal(one('eq', 1), 'x = 1')
  assert.equal(one('ne', true), 'x != true')
  assert.equal(one('gt', 0.1), 'x > 0.1')
  assert.equal(one('gte', '10.50'), "x >= '10.50'")
  assert.equal(one('lt', -1), 'x < -1')
  assert.equal(one('lte', 1e30), 'x <= 1e+30')
  assert.equal(one('in', ['a', "b'"]), "x in ('a', 'b''')")
  assert.equal(one('not_in', [1]), 'x not in (1)')
  assert.equal(one('contains', 'a'), "contains(x, 'a')")
  assert.equal(one('starts_with', 'a'), "starts_with(x, 'a')")
  assert.equal(one('ends_with', 'a'), "ends_with(x, 'a')")
  assert.equal(one('matches', '^a'), "matches(x, '^a')")
  assert.equal(one('like', 'a%'), "x like 'a%'")
  assert.equal(one('between', [1, 2]), 'x between 1 and 2')
  assert.equal(one('is_null'), 'x is null')
  assert.equal(one('is_not_null'), 'x is not null')
  const signs = { '=': '=', '==': '=', '!=': '!=', '<>': '!=', '>': '>', '>=': '>=', '<': '<', '<=': '<=' }
  for (const [sign, operator] of Object.entries(signs)) assert.equal(one(sign, 1), `x ${operator} 1`)
})

test('every problem is named with its place', () => {
  assert.deepEqual(
    problemsOf({ and: ['a >', { field: 'a', operator: 'in', value: [] }, { or: [] }, { not: 'b ==' }] }).map(
      (line) => line.split(' | ')[0],
    ),
    ['and[0]:3', 'and[1].value', 'and[2].or', 'and[3].not:4'],
  )
  assert.match(
    problemsOf({ field: 'a', operator: 'equals', value: 1 })[0]!,
    /^operator \| "equals" is not an operator; use one of eq, /,
  )
  assert.match(problemsOf({ field: 'a', operator: 'eq', value: null })[0]!, /^value \| .*is_null/)
  assert.match(problemsOf({ field: 'a', operator: 'eq', value: 1, values: 2 })[0]!, /values/)
  assert.match(problemsOf({ and: ['true'], or: ['true'] })[0]!, /"and" stands alone/)
  for (const rubbish of [null, 1, [], true]) assert.equal(problemsOf(rubbish).length, 1)
})

test('a filter nested without end is refused, not followed', () => {
  let deep: unknown = 'true'
  for (let level = 0; level < 100_000; level += 1) deep = { not: deep }
  assert.match(problemsOf(deep)[0]!, /nested at most 20/)
})

test('in a definition the form is checked, kept as written, and may be left out', () => {
  const Definition = z.strictObject({ filter: Filter.optional() })
  const given = { filter: { not: { field: 'a', operator: 'eq', value: 1 } } }
  assert.deepEqual(Definition.parse(given), given)
  assert.deepEqual(Definition.parse({}), {})
  const issues = Definition.safeParse({ filter: { and: ['a >'] } }).error!.issues
  assert.deepEqual(
    issues.map((issue) => issue.path),
    [['filter', 'and', 0]],
  )
  assert.match(issues[0]!.message, /^at character 4: /)
})
