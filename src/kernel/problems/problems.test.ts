import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { defineErrors } from '#core/errors'
import { nearest } from '#core/nearest'
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

test('a bound that is not kept is said in words', () => {
  const says = (schema: z.ZodType, value: unknown) => check(schema, value).problems[0]?.message
  assert.equal(says(z.coerce.number().min(1), '0'), '"0" is too small: it has to be at least 1.')
  assert.equal(says(z.number().lt(5), 5), '5 is too large: it has to be less than 5.')
  assert.equal(says(z.string().min(1), ''), 'This must not be empty.')
  assert.equal(says(z.string().max(2), 'abc'), 'This needs at most 2 characters and has 3.')
  assert.equal(says(z.string().max(1), 'ab'), 'This needs at most 1 character and has 2.')
  assert.equal(says(z.array(z.number()).min(1), []), 'This list needs at least 1 entry and has 0.')
  assert.equal(says(z.array(z.number()).max(2), [1, 2, 3]), 'This list needs at most 2 entries and has 3.')
  assert.equal(says(z.number().min(1, 'Take one.'), 0), 'Take one.')
})

test('a form that is not kept is said with what was given', () => {
  const Lateness = z.string().regex(/^\d+h$/, 'is a number and a unit: "1h"')
  assert.deepEqual(check(Lateness, '1 hour').problems, [
    { at: '', code: 'wrong_form', message: '"1 hour" does not fit: it is a number and a unit: "1h".' },
  ])
  const Free = z.string().refine((name) => name !== '_block', { error: 'is a name Millrace fills itself' })
  assert.equal(check(Free, '_block').problems[0]?.message, '"_block" is a name Millrace fills itself')
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

test('a remedy names the thing by its parameters, and one with another placeholder does not compile', () => {
  const says = (p: { name: string }) => `There is a shelf "${p.name}" already.`
  const entry = { kind: 'conflict', title: 'Taken', says } as const
  const { taken, json } = defineErrors('shelves', {
    taken: { ...entry, remedy: 'Change it with PUT /api/v1/shelves/{name}, or choose another name.' },
    json: { ...entry, remedy: 'Write it as {"name": "a"}, without { or }.' },
  })
  assert.equal(
    taken({ name: 'north/east' }).remedy,
    'Change it with PUT /api/v1/shelves/north%2Feast, or choose another name.',
  )
  assert.equal(json({ name: 'a' }).remedy, 'Write it as {"name": "a"}, without { or }.')
  // @ts-expect-error -- `id` is no parameter
  defineErrors('shelves', { taken: { ...entry, remedy: 'Change it with PUT /api/v1/shelves/{id}.' } })
})
