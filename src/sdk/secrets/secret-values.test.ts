import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { secretText, settingsSchema } from '../settings.ts'
import { fillSecrets, secretPlaces, takeSecrets, withoutSecretTexts } from './secret-values.ts'

const token = () => secretText({ title: 'Token', description: 'For the server.' })
const open = z.string()

interface Tree {
  readonly token?: string | undefined
  readonly children?: readonly Tree[] | undefined
}
const tree: z.ZodType<Tree> = z.lazy(() => z.object({ token: token().optional(), children: z.array(tree).optional() }))

/** One a shape: the schema, a value that fits, and where its secrets are. */
const shapes: readonly [name: string, schema: z.ZodType, value: unknown, places: readonly string[]][] = [
  ['a field', z.object({ token: token(), open }), { token: 's1', open: 'o' }, ['token']],
  ['a nested object', z.object({ auth: z.object({ token: token() }) }), { auth: { token: 's1' } }, ['auth.token']],
  ['an odd field name', z.object({ 'a.b': z.object({ '0': token() }) }), { 'a.b': { '0': 's1' } }, ['["a.b"]["0"]']],
  ['optional', z.object({ token: token().optional() }), { token: 's1' }, ['token']],
  ['exactOptional', z.object({ token: token().exactOptional() }), { token: 's1' }, ['token']],
  ['nullable', z.object({ token: token().nullable() }), { token: 's1' }, ['token']],
  ['nullish', z.object({ token: token().nullish() }), { token: 's1' }, ['token']],
  ['default', z.object({ token: token().default('') }), { token: 's1' }, ['token']],
  ['prefault', z.object({ token: token().prefault('') }), { token: 's1' }, ['token']],
  ['readonly', z.object({ token: token().readonly() }), { token: 's1' }, ['token']],
  ['catch', z.object({ token: token().catch('') }), { token: 's1' }, ['token']],
  ['nonoptional', z.object({ token: z.nonoptional(token().optional()) }), { token: 's1' }, ['token']],
  ['success', z.object({ token: z.success(token()) }), { token: 's1' }, ['token']],
  ['refine', z.object({ token: token().refine(() => true) }), { token: 's1' }, ['token']],
  ['describe', z.object({ token: token().describe('other words') }), { token: 's1' }, ['token']],
  ['meta that does not repeat it', z.object({ token: token().meta({ title: 'Other' }) }), { token: 's1' }, ['token']],
  ['brand', z.object({ token: token().brand('Token') }), { token: 's1' }, ['token']],
  ['writeOnly by hand', z.object({ pin: z.number().meta({ writeOnly: true }) }), { pin: 1234 }, ['pin']],
  [
    'a whole object',
    z.object({ key: z.object({ a: open, b: z.array(open) }).meta({ writeOnly: true }) }),
    { key: { a: 's1', b: ['s2'] } },
    ['key'],
  ],
  ['an array', z.object({ tokens: z.array(token()) }), { tokens: ['s1', 's2'] }, ['tokens[0]', 'tokens[1]']],
  [
    'a list of objects',
    z.object({ headers: z.array(z.object({ name: open, value: token() })) }),
    { headers: [{ name: 'a', value: 's1' }] },
    ['headers[0].value'],
  ],
  ['a tuple', z.object({ pair: z.tuple([open, token()]) }), { pair: ['user', 's1'] }, ['pair[1]']],
  ['the rest of a tuple', z.object({ pair: z.tuple([open], token()) }), { pair: ['u', 's1'] }, ['pair[1]']],
  ['a record', z.object({ headers: z.record(open, token()) }), { headers: { 'x-a': 's1' } }, ['headers.x-a']],
  ['a partial record', z.object({ by: z.partialRecord(z.enum(['a', 'b']), token()) }), { by: { a: 's1' } }, ['by.a']],
  ['catchall', z.object({ open }).catchall(token()), { open: 'o', other: 's1' }, ['other']],
  ['a union', z.object({ key: z.union([z.number(), token()]) }), { key: 's1' }, ['key']],
  ['xor', z.object({ key: z.xor([z.number(), token()]) }), { key: 's1' }, ['key']],
  [
    'a union with an open branch of the same type',
    z.object({ key: z.union([z.string().regex(/^env:/), token()]) }),
    { key: 'env:A' },
    ['key'],
  ],
  [
    'a union of objects',
    z.object({ auth: z.union([z.strictObject({ user: open }), z.strictObject({ token: token() })]) }),
    { auth: { token: 's1' } },
    ['auth.token'],
  ],
  [
    'a discriminated union',
    z.object({
      auth: z.discriminatedUnion('type', [
        z.object({ type: z.literal('none') }),
        z.object({ type: z.literal('basic'), user: open, password: token() }),
      ]),
    }),
    { auth: { type: 'basic', user: 'u', password: 's1' } },
    ['auth.password'],
  ],
  [
    'an intersection',
    z.object({ both: z.intersection(z.object({ a: open }), z.object({ token: token() })) }),
    { both: { a: 'o', token: 's1' } },
    ['both.token'],
  ],
  [
    'an intersection where one side knows the field as open',
    z.object({ both: z.intersection(z.object({ token: open }), z.object({ token: token() })) }),
    { both: { token: 's1' } },
    ['both.token'],
  ],
  ['transform', z.object({ token: token().transform((text) => text.length) }), { token: 's1' }, ['token']],
  [
    'a transformed object',
    z.object({ in: z.object({ token: token() }).transform(String) }),
    { in: { token: 's1' } },
    ['in.token'],
  ],
  ['pipe out of it', z.object({ token: token().pipe(z.string()) }), { token: 's1' }, ['token']],
  ['pipe into it', z.object({ token: z.string().pipe(token()) }), { token: 's1' }, ['token']],
  [
    'pipe into an object with it',
    z.object({ in: z.looseObject({}).pipe(z.object({ token: token() })) }),
    { in: { token: 's1' } },
    ['in.token'],
  ],
  ['preprocess', z.object({ token: z.preprocess(String, token()) }), { token: 's1' }, ['token']],
  [
    'preprocess that makes an object from text',
    z.object({ key: z.preprocess((text) => JSON.parse(String(text)), z.object({ token: token() })) }),
    { key: '{"token":"s1"}' },
    ['key'],
  ],
  [
    'a codec whose output holds it',
    z.object({
      key: z.codec(z.string(), z.object({ token: token() }), {
        decode: (text) => JSON.parse(text),
        encode: (value) => JSON.stringify(value),
      }),
    }),
    { key: '{"token":"s1"}' },
    ['key'],
  ],
  [
    'a list arranged anew before it is checked',
    z.object({
      list: z
        .array(z.string())
        .overwrite((list) => list.toReversed())
        .pipe(z.tuple([open, token()])),
    }),
    { list: ['s1', 'o'] },
    ['list'],
  ],
  [
    'a map made by preprocess',
    z.object({ headers: z.preprocess((given) => new Map(Object.entries(given as object)), z.map(open, token())) }),
    { headers: { a: 's1' } },
    ['headers'],
  ],
  [
    'a set made by preprocess',
    z.object({ set: z.preprocess((list) => new Set(list as []), z.set(token())) }),
    { set: ['s1'] },
    ['set'],
  ],
  [
    'lazy',
    z.object({ later: z.lazy(() => z.object({ token: token() })) }),
    { later: { token: 's1' } },
    ['later.token'],
  ],
  [
    'a recursive schema',
    z.object({ tree }),
    { tree: { token: 's1', children: [{ token: 's2' }, { children: [{ token: 's3' }] }] } },
    ['tree.token', 'tree.children[0].token', 'tree.children[1].children[0].token'],
  ],
  ['a template', z.object({ header: z.templateLiteral(['Bearer ', token()]) }), { header: 'Bearer s1' }, ['header']],
]

for (const [name, schema, value, places] of shapes)
  test(`a secret is taken out of ${name} and put back exactly`, () => {
    assert.ok(schema.safeParse(value).success, 'the example must fit its schema')
    const parted = takeSecrets(schema, value)
    assert.deepEqual([...parted.secrets.keys()], places)
    assert.doesNotMatch(JSON.stringify(parted.value), /s\d|1234/)
    assert.deepEqual(
      fillSecrets(parted.value, (place) => parted.secrets.get(place)),
      value,
    )
    assert.deepEqual(takeSecrets(schema, parted.value), { value: parted.value, secrets: new Map() })
    assert.ok(secretPlaces(schema).length > 0, 'the shape is known to hold a secret')
  })

test('what is no secret stays as it is, also where a branch that cannot match has one', () => {
  const auth = z.discriminatedUnion('type', [
    z.object({ type: z.literal('header'), value: token() }),
    z.object({ type: z.literal('query'), value: open }),
  ])
  const schema = z.object({ auth, key: z.union([token(), z.object({ env: open })]) })
  const value = { auth: { type: 'query', value: 'open' }, key: { env: 'KEY' } }
  assert.deepEqual(takeSecrets(schema, value).value, value)
})

test('where no branch can match, all count', () => {
  const auth = z.discriminatedUnion('type', [z.object({ type: z.literal('a'), token: token() })])
  const { value } = takeSecrets(z.object({ auth }), { auth: { type: 'misspelt', token: 's1' } })
  assert.deepEqual(value, { auth: { type: 'misspelt', token: '***' } })
})

test('an absent, empty or hidden secret is none', () => {
  const schema = z.object({ a: token(), b: token().nullable(), c: token(), d: token().optional() })
  const value = { a: '', b: null, c: '***' }
  assert.deepEqual(takeSecrets(schema, value), { value, secrets: new Map() })
})

test('the places of secrets are listed once, a recursive schema is followed once', () => {
  const schema = z.object({
    tree,
    headers: z.record(open, token()),
    list: z.tuple([token()], z.object({ k: token() })),
  })
  assert.deepEqual(secretPlaces(schema), ['headers.*', 'list[0]', 'list[].k', 'tree.token'])
})

test('the JSON Schema says writeOnly also where later metadata does not repeat it', () => {
  const schema = settingsSchema(
    z.object({ token: token().describe('Other words'), raw: z.preprocess(String, token()) }),
  )
  const properties = schema['properties'] as Record<string, { writeOnly?: boolean }>
  assert.deepEqual([properties['token']?.writeOnly, properties['raw']?.writeOnly], [true, true])
})

test('secrets are struck out of sentences, also where only their beginning is quoted', () => {
  const long = `k${'0123456789'.repeat(10)}`
  assert.equal(withoutSecretTexts(`"${long.slice(0, 60)}…" is no key.`, [long]), '"***…" is no key.')
  assert.equal(withoutSecretTexts('"hunter2" and "hunter22"', ['hunter2', { deep: ['hunter22'] }]), '"***" and "***"')
})
