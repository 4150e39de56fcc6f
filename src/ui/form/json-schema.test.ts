import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  controlFor,
  placeOf,
  problemAt,
  problemWithin,
  startingValue,
  titleFor,
  variantName,
  variantOf,
  variantsOf,
  type JsonSchema,
} from './json-schema.ts'

test('each type has its control, and what fits none is written as JSON', () => {
  const kind = (schema: JsonSchema, name = 'x') => controlFor(name, schema).kind
  assert.equal(kind({ type: 'string' }), 'text')
  assert.equal(kind({ type: 'string' }, 'sql'), 'long-text')
  assert.equal(kind({ type: 'string', writeOnly: true }), 'secret')
  assert.equal(kind({ type: ['integer', 'null'] }), 'integer')
  assert.equal(kind({ enum: ['a', 'b'] }), 'choice')
  assert.equal(kind({ anyOf: [{ type: 'boolean' }, { type: 'null' }] }), 'boolean')
  assert.equal(kind({ anyOf: [{ const: 'a' }, { const: 'b' }] }), 'choice')
  assert.equal(kind({ anyOf: [{ type: 'string' }, { type: 'number' }] }), 'json')
  assert.equal(kind({ type: 'object', additionalProperties: { type: 'string' } }), 'map')
  assert.equal(kind({ type: 'array', items: { type: 'string' } }), 'list')
  assert.equal(kind({}), 'json')
})

test('a new thing begins with its defaults and no more', () => {
  const schema: JsonSchema = {
    type: 'object',
    required: ['path', 'columns'],
    properties: {
      path: { type: 'string' },
      format: { type: 'string', default: 'csv' },
      limit: { type: 'integer' },
      columns: { type: 'array', items: { type: 'string' } },
    },
  }
  assert.deepEqual(startingValue(schema), { format: 'csv', columns: [] })
})

test('names read as words', () => {
  assert.equal(titleFor('date_field', {}), 'Date field')
  assert.equal(titleFor('recordsPath', {}), 'Records path')
  assert.equal(titleFor('x', { title: 'Own title' }), 'Own title')
})

test('a problem finds its field however its place is written', () => {
  assert.equal(placeOf('transformations[0].config.field'), 'transformations.0.config.field')
  assert.equal(placeOf('/source/config/path'), 'source.config.path')
  assert.equal(
    problemAt([{ at: 'source.config.path', message: 'is missing', suggestion: 'Give a path.' }], 'source.config.path'),
    'is missing (Give a path.)',
  )
  assert.equal(
    problemAt(
      [{ at: 'measure.expression:0', message: 'did you mean "amount"?', suggestion: 'amount' }],
      'measure.expression',
    ),
    'did you mean "amount"?',
  )
  assert.equal(problemAt([], 'name'), undefined)
})

const condition: JsonSchema = {
  anyOf: [
    { type: 'object', properties: { expression: { type: 'string' } }, required: ['expression'] },
    {
      anyOf: [
        { type: 'string' },
        {
          type: 'object',
          properties: { field: { type: 'string' }, operator: { enum: ['eq'] }, value: {} },
          required: ['field', 'operator'],
        },
      ],
    },
  ],
}

test('a value that may take several forms is written as one of them', () => {
  assert.equal(controlFor('x', condition).kind, 'variants')
  assert.deepEqual(variantsOf(condition).map(variantName), ['Expression', 'Field, operator'])
  assert.equal(variantOf(variantsOf(condition), { field: 'a', operator: 'eq', value: 1 }), variantsOf(condition)[1])
  assert.equal(variantOf(variantsOf(condition), {}), undefined)
})

test('forms are told apart by their type', () => {
  const none: JsonSchema = { type: 'object', properties: { type: { const: 'none' } }, required: ['type'] }
  const page: JsonSchema = {
    type: 'object',
    properties: { type: { const: 'page' }, start: { type: 'integer' } },
    required: ['type'],
  }
  assert.equal(variantOf([none, page], { type: 'page' }), page)
  assert.equal(variantName(page), 'Page')
})

test('a control that holds a whole place tells everything that is wrong within it', () => {
  const problems = [
    { at: 'dimensions[1]', message: 'There is no column "citi".' },
    { at: 'dimensions', message: 'There are too many.' },
    { at: 'dimensionsOf', message: 'Elsewhere.' },
  ]
  assert.equal(problemWithin(problems, 'dimensions'), 'There is no column "citi".; There are too many.')
  assert.equal(problemWithin(problems, 'filter'), undefined)
})

test('what two checks say of one place is said once', () => {
  const problem = { at: 'source.config.host', message: 'Give a host.' }
  assert.equal(problemAt([problem, { ...problem }], 'source.config.host'), 'Give a host.')
})
