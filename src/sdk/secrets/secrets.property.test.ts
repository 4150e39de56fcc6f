import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { assertProperty } from '#tests/long-form'
import { secretText } from '../settings.ts'
import { keepSecrets } from './kept-secrets.ts'
import { schemaFaults } from './schema-faults.ts'
import { fillSecrets, takeSecrets } from './secret-values.ts'

/** A schema with a value that fits. Texts of secrets begin with `S3CRET`, all others with `open`. */
interface Case {
  readonly schema: z.ZodType
  readonly value: unknown
}

const token = (): z.ZodType => secretText({ title: 'Token', description: 'For the server.' })
const number = fc.nat({ max: 1_000_000_000 })
const leaves: fc.Arbitrary<Case> = fc.oneof(
  number.map((n) => ({ schema: token(), value: `S3CRET${n}` })),
  number.map((n) => ({
    schema: z.object({ deep: z.array(z.string()) }).meta({ writeOnly: true }),
    value: { deep: [`S3CRET${n}`] },
  })),
  number.map((n) => ({ schema: z.string(), value: `open${n}` })),
  number.map((n) => ({ schema: z.number(), value: n })),
  fc.constant({ schema: z.boolean(), value: true }),
)

const wrappers: readonly ((schema: z.ZodType) => z.ZodType)[] = [
  (schema) => schema.optional(),
  (schema) => schema.nullable(),
  (schema) => schema.default(null),
  (schema) => schema.prefault(null),
  (schema) => schema.readonly(),
  (schema) => schema.catch(null),
  (schema) => z.nonoptional(schema),
  (schema) => schema.refine(() => true),
  (schema) => schema.describe('described anew'),
  (schema) => schema.meta({ title: 'Other' }),
  (schema) => z.lazy(() => schema),
  (schema) => schema.transform((value) => JSON.stringify(value)),
  (schema) => schema.pipe(z.any()),
  (schema) => z.any().pipe(schema),
  (schema) => z.preprocess((value) => value, schema),
  (schema) => z.codec(z.any(), schema, { decode: (value) => value as never, encode: (value) => value }),
  (schema) => z.union([schema, z.strictObject({ never: z.literal('here') })]),
  (schema) => z.union([z.undefined(), schema]),
  (schema) => z.intersection(schema, z.any()),
]

const name = fc.constantFrom('a', 'b', 'c', 'odd name', 'with.dot', '0', 'toString', 'q"uote')
const { whole } = fc.letrec<{ whole: Case }>((tie) => ({
  whole: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    leaves,
    wrapped(tie('whole')),
    container(tie('whole')),
  ),
}))

function wrapped(inner: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  return fc
    .tuple(fc.constantFrom(...wrappers), inner)
    .map(([wrap, { schema, value }]) => ({ schema: wrap(schema), value }))
}

function container(inner: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  const fields = fc.dictionary(name, inner, { minKeys: 1, maxKeys: 3 })
  const shapeOf = (cases: Record<string, Case>) =>
    Object.fromEntries(Object.entries(cases).map(([key, { schema }]) => [key, schema]))
  const valueOf = (cases: Record<string, Case>) =>
    Object.fromEntries(Object.entries(cases).map(([key, { value }]) => [key, value]))
  return fc.oneof(
    fields.map((cases) => ({ schema: z.strictObject(shapeOf(cases)), value: valueOf(cases) })),
    fc.tuple(fields, inner).map(([cases, { schema, value }]) => ({
      schema: z.object(shapeOf(cases)).catchall(schema),
      value: { ...valueOf(cases), further: value },
    })),
    inner.map(({ schema, value }) => ({ schema: z.array(schema), value: [value, value] })),
    fc.array(inner, { minLength: 1, maxLength: 3 }).map((cases) => ({
      schema: z.tuple(cases.map(({ schema }) => schema) as [z.ZodType], cases[0]!.schema),
      value: [...cases.map(({ value }) => value), cases[0]!.value],
    })),
    fc
      .tuple(name, inner)
      .map(([key, { schema, value }]) => ({ schema: z.record(z.string(), schema), value: { [key]: value } })),
    fc.tuple(fields, fields).map(([one, other]) => ({
      schema: z.discriminatedUnion('type', [
        z.object({ ...shapeOf(one), type: z.literal('one') }),
        z.object({ ...shapeOf(other), type: z.literal('other') }),
      ]),
      value: { ...valueOf(other), type: 'other' },
    })),
    fc.tuple(fields, fields).map(([one, other]) => ({
      schema: z.union([z.object(shapeOf(one)), z.object(shapeOf(other))]),
      value: valueOf(other),
    })),
    fc.tuple(fields, fields).map(([one, other]) => ({
      schema: z.intersection(z.looseObject(shapeOf({ ...other, ...one })), z.looseObject(shapeOf(other))),
      value: valueOf({ ...one, ...other }),
    })),
  )
}

const runs = { short: 1_000, long: 20_000 }
const settings = whole.map(({ schema, value }) => ({
  schema: z.object({ setting: schema }),
  value: { setting: value },
}))

test('of any settings no secret is left in what is stored, and filling gives back exactly what was given', () => {
  return assertProperty(
    fc.property(settings, ({ schema, value }) => {
      fc.pre(schemaFaults(schema).length === 0)
      const { value: stored, secrets } = takeSecrets(schema, value)
      assert.ok(!JSON.stringify(stored).includes('S3CRET'), JSON.stringify(stored))
      assert.deepEqual(
        fillSecrets(stored, (place) => secrets.get(place)),
        value,
      )
      assert.deepEqual(takeSecrets(schema, stored), { value: stored, secrets: new Map() })
    }),
    runs,
  )
})

test('any settings that come back as shown keep their secrets; with a field more none is kept', () => {
  return assertProperty(
    fc.property(settings, ({ schema, value }) => {
      fc.pre(schemaFaults(schema).length === 0)
      const { value: stored, secrets } = takeSecrets(schema, value)
      const kept = { settings: stored, places: secrets.keys().toArray(), open: (place: string) => secrets.get(place) }
      assert.deepEqual(keepSecrets({ schema, given: stored, kept }), { settings: value, problems: [] })
      const other = keepSecrets({ schema, given: { ...(stored as object), host: 'other' }, kept })
      assert.ok(!JSON.stringify(other.settings).includes('S3CRET'))
      assert.deepEqual(other.problems.map(({ at }) => at).toSorted(), secrets.keys().toArray().toSorted())
    }),
    runs,
  )
})
