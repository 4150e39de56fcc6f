import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { nearest } from './nearest.ts'
import { check } from './problems.ts'

const Measure = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sum'), expression: z.string() }),
  z.strictObject({ type: z.literal('count') }),
])
const Definition = z.strictObject({
  code: z.string().min(2),
  measure: Measure,
  parts: z.array(z.union([z.string(), z.strictObject({ amount: z.number() })])).optional(),
  labels: z.record(z.string(), z.strictObject({ text: z.string() })).optional(),
})
const at = (input: unknown) =>
  check(Definition, input).problems.map(({ at: place, code, suggestion }) =>
    [place, code, suggestion].filter(Boolean).join(' '),
  )

test('a value that holds has no problems and is parsed', () => {
  assert.deepEqual(check(z.object({ n: z.coerce.number() }), { n: '4' }), { value: { n: 4 }, problems: [] })
})

test('inside a union the fields of the branch that was chosen are known', () => {
  assert.deepEqual(at({ code: 'ab', measure: { type: 'sum', expresion: 'x' } }), [
    'measure.expression missing',
    'measure.expresion unknown_field expression',
  ])
  assert.deepEqual(at({ code: 'ab', measure: { type: 'summ' } }), ['measure.type not_allowed sum'])
})

test('of the branches of a union the one that got furthest is explained', () => {
  assert.deepEqual(at({ code: 'ab', measure: { type: 'count' }, parts: [1, { amount: 'x' }] }), [
    'parts[0] wrong_type',
    'parts[1].amount wrong_type',
  ])
})

test('fields of records are known too', () => {
  assert.deepEqual(at({ code: 'ab', measure: { type: 'count' }, labels: { de: { texxt: 'x' } } }), [
    'labels.de.text missing',
    'labels.de.texxt unknown_field text',
  ])
})

test('the author’s own sentence and code are kept', () => {
  const schema = z.string().superRefine((value, context) =>
    context.addIssue({
      code: 'custom',
      message: `No "${value}" here.`,
      params: { code: 'unknown_column', suggestion: 'amount' },
    }),
  )
  assert.deepEqual(check(schema, 'amont', 'filter').problems, [
    { at: 'filter', code: 'unknown_column', message: 'No "amont" here.', suggestion: 'amount' },
  ])
  assert.equal(check(z.number('Say how many.'), 'x').problems[0]?.message, 'Say how many.')
})

test('hostile depth is a problem, not a fault', () => {
  const Nested: z.ZodType = z.lazy(() => z.array(Nested))
  let value: unknown = []
  for (let i = 0; i < 50_000; i++) value = [value]
  assert.equal(check(Nested, value).problems[0]?.code, 'too_deep')
})

test('problems are bounded', () => {
  assert.equal(
    check(
      z.array(z.string()),
      Array.from({ length: 5_000 }, () => 1),
    ).problems.length,
    100,
  )
})

test('only a close word is suggested', () => {
  assert.equal(nearest('ammount', ['amount', 'account']), 'amount')
  assert.equal(nearest('statsu', ['status']), 'status')
  assert.equal(nearest('zebra', ['amount', 'status']), undefined)
})
