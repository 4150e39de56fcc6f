import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { secretText } from '../settings.ts'
import { schemaFaults } from './schema-faults.ts'

const token = () => secretText({ title: 'Token', description: 'For the server.' })
const endless = (): z.ZodType => z.lazy(() => z.object({ inner: endless() }))
const cyclic: z.ZodType = z.lazy(() => z.object({ inner: cyclic.optional(), token: token() }))

test('every schema that settings can have is understood', () => {
  const schema = z.object({
    text: z.string(),
    count: z.coerce.number(),
    flag: z.stringbool(),
    big: z.bigint(),
    day: z.iso.date(),
    when: z.coerce.date(),
    one: z.enum(['a']),
    is: z.literal(1),
    any: z.any(),
    json: z.json(),
    custom: z.custom<string>(),
    nothing: z.undefined().optional(),
    cyclic,
    both: z.union([z.string(), z.nan()]),
    template: z.templateLiteral(['a', z.number()]),
  })
  assert.deepEqual(schemaFaults(schema), [])
})

const refused: readonly [what: string, schema: unknown, at: string, because: RegExp][] = [
  ['a promise', z.object({ a: z.object({ later: z.promise(token()) }) }), 'a.later', /"promise"/],
  ['a function', z.object({ list: z.array(z.function()) }), 'list[]', /"function"/],
  ['a symbol', z.object({ s: z.symbol() }), 's', /"symbol"/],
  ['a file', z.object({ upload: z.file() }), 'upload', /"file"/],
  ['secrets as keys', z.object({ by: z.record(token(), z.string()) }), 'by', /keys/],
  ['a secret only in a check', z.object({ a: z.looseObject({}).check(z.property('token', token())) }), 'a', /check/],
  ['schemas without end', z.object({ a: endless() }), 'a' + '.inner'.repeat(25), /deeply/],
  ['a secret as a whole', token(), '', /whole/],
  ['fields arranged anew by code', z.preprocess((value) => value, z.object({ token: token() })), '', /whole/],
  [
    'a kind of schema that is not known',
    z.object({ a: { _zod: { def: { type: 'novel' } } } as never }),
    'a',
    /"novel"/,
  ],
  ['something else', { token: String }, '', /zod 4/],
]
for (const [what, schema, at, because] of refused)
  test(`settings with ${what} are refused, with their place`, () => {
    const [fault] = schemaFaults(schema)
    assert.equal(fault?.at, at)
    assert.match(fault?.because ?? '', because)
  })
