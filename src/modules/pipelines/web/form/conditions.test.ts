import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { filterOperators, readFilter } from '#core/filter'
import {
  carriedValue,
  conditionsOf,
  configOf,
  operators,
  operatorWord,
  takesOf,
  typedList,
  typedValue,
  valueText,
} from './conditions.ts'

test('every operator of filters has words, and takes what the filter takes', () => {
  assert.deepEqual(operators.map(({ value }) => value).toSorted(), Object.keys(filterOperators).toSorted())
  const takes = { value: 'value', text: 'value', list: 'list', pair: 'pair', nothing: 'nothing' } as const
  for (const [operator, shape] of Object.entries(filterOperators))
    assert.equal(takesOf(operator), takes[shape], operator)
  assert.equal(operatorWord('>='), 'is at least')
  assert.equal(operatorWord('like'), 'is like')
})

test('the form gives back the condition it was given, and leaves expressions to the text', () => {
  const one = { field: 'status', operator: 'eq', value: 'active' }
  for (const config of [one, { and: [one, { field: 'a', operator: 'is_null' }] }, { or: [one, one] }])
    assert.deepEqual(configOf(conditionsOf(config)!), config)
  assert.deepEqual(conditionsOf({ field: 'a', operator: '>=', value: 1 })?.comparisons[0]?.operator, 'gte')
  assert.deepEqual(conditionsOf({})?.comparisons, [{ field: '', operator: 'eq' }])
  for (const config of [{ expression: 'a > 1' }, { not: one }, { and: [{ or: [one] }] }, { and: [] }])
    assert.equal(conditionsOf(config), undefined)
})

test('a typed value has the type of its column, and a text stays a text', () => {
  assert.equal(typedValue('12.50', 'decimal(12,2)', 'gte'), 12.5)
  assert.equal(typedValue('007', 'string', 'eq'), '007')
  assert.equal(typedValue('007', undefined, 'eq'), '007')
  assert.equal(typedValue('7', undefined, 'eq'), 7)
  assert.equal(typedValue('7', 'integer', 'contains'), '7')
  assert.equal(typedValue('true', 'boolean', 'eq'), true)
  assert.equal(typedValue('9007199254740993', 'integer', 'eq'), '9007199254740993')
  assert.equal(typedValue('', 'string', 'eq'), undefined)
  assert.deepEqual(typedList('1, 2,', 'integer', 'in'), [1, 2])
  assert.equal(typedList(' , ', 'integer', 'in'), undefined)
})

test('a value carried over to another operator is one the filter reads', () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean())
  const from = fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 4 }))
  fc.assert(
    fc.property(from, fc.constantFrom(...operators), (value, { value: operator }) => {
      const carried = carriedValue(value, operator)
      const config = configOf({ join: 'and', comparisons: [{ field: 'a', operator, value: carried }] })
      assert.ok('expression' in readFilter(config), JSON.stringify(config))
    }),
  )
  assert.equal(valueText([1, 'b']), '1, b')
})
