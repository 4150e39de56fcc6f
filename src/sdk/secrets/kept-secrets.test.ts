import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { secretText } from '../settings.ts'
import { keepSecrets } from './kept-secrets.ts'
import { takeSecrets } from './secret-values.ts'

const token = () => secretText({ title: 'Token', description: 'For the server.' })
const settings = z.object({
  host: z.string(),
  port: z.number().default(5432),
  table: z.string().optional().meta({ safe: true }),
  paging: z.object({ size: z.number() }).optional().meta({ safe: true }),
  password: token().optional(),
  auth: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('none') }),
      z.strictObject({ type: z.literal('key'), key: token(), header: z.string().default('x-key') }),
    ])
    .optional(),
  headers: z.array(z.object({ name: z.string(), value: token() })).optional(),
  client: z.object({ secret: token() }).optional(),
})

const before = {
  host: 'a',
  table: 't',
  password: 'p1',
  auth: { type: 'key', key: 'k1' },
  headers: [
    { name: 'x', value: 'h1' },
    { name: 'y', value: 'h2' },
  ],
  client: { secret: 'c1' },
}
const { value: shown, secrets } = takeSecrets(settings, before)
const kept = { settings: shown, places: secrets.keys().toArray(), open: (place: string) => secrets.get(place) }
const change = (given: unknown) => keepSecrets({ schema: settings, given, kept })
const needed = (given: unknown) =>
  change(given)
    .problems.map(({ at, code }) => `${at} ${code}`)
    .toSorted()

const all = ['auth.key', 'client.secret', 'headers[0].value', 'headers[1].value', 'password'].map(
  (at) => `${at} secret_needed`,
)

test('settings that come back as they were shown keep every secret', () => {
  assert.deepEqual(change(shown), { settings: before, problems: [] })
})

test('an absent secret is kept, with the object that held only it; null removes one', () => {
  const { password: _, client: __, ...rest } = shown as typeof before
  assert.deepEqual(change({ ...rest, auth: { type: 'key' } }), { settings: before, problems: [] })
  const { password: ___, ...without } = before
  assert.deepEqual(change({ ...(shown as object), password: null }), { settings: without, problems: [] })
})

test('a name that is left out of a record is removed with its secret; a record that is left out keeps its secrets', () => {
  const schema = z.object({ host: z.string(), headers: z.record(z.string(), token()).default({}) })
  const keep = (given: unknown) =>
    keepSecrets({
      schema,
      given,
      kept: {
        settings: { host: 'a', headers: { 'x-a': '***', 'x-b': '***' } },
        places: ['headers.x-a', 'headers.x-b'],
        open: (place) => `secret of ${place}`,
      },
    })
  const both = { 'x-a': 'secret of headers.x-a', 'x-b': 'secret of headers.x-b' }
  assert.deepEqual(keep({ host: 'a' }), { settings: { host: 'a', headers: both }, problems: [] })
  assert.deepEqual(keep({ host: 'a', headers: { 'x-a': '***' } }), {
    settings: { host: 'a', headers: { 'x-a': both['x-a'] } },
    problems: [],
  })
  assert.deepEqual(keep({ host: 'a', headers: { 'x-a': '***', 'x-b': null, 'x-c': 'new' } }), {
    settings: { host: 'a', headers: { 'x-a': both['x-a'], 'x-c': 'new' } },
    problems: [],
  })
  assert.deepEqual(
    keep({ host: 'b', headers: { 'x-a': '***' } }).problems.map(({ at }) => at),
    ['headers.x-a'],
  )
})

test('a new secret takes the place of the kept one', () => {
  assert.deepEqual(change({ ...(shown as object), password: 'p2' }).settings, { ...before, password: 'p2' })
})

test('settings that are safe change without a loss, also as a whole, and a default may be written out', () => {
  const given = { ...(shown as object), table: 'u', paging: { size: 9 }, port: 5432 }
  assert.deepEqual(change(given), {
    settings: { ...before, table: 'u', paging: { size: 9 }, port: 5432 },
    problems: [],
  })
  const { table: _, ...gone } = shown as typeof before
  assert.deepEqual(change(gone).problems, [])
})

test('any other change drops every secret, at its place', () => {
  const given = shown as typeof before
  assert.deepEqual(needed({ ...given, host: 'b' }), all)
  assert.deepEqual(needed({ ...given, port: 5433 }), all)
  assert.deepEqual(needed({ ...given, auth: { ...given.auth, header: 'authorization' } }), all)
  assert.deepEqual(needed({ ...given, headers: [{ name: 'z', value: '***' }, given.headers[1]] }), all)
  assert.deepEqual(needed({ ...given, unknown: 1 }), all)
})

test('items that are removed or exchanged never hand their secret to another', () => {
  const given = shown as typeof before
  assert.deepEqual(
    needed({ ...given, headers: [given.headers[1]] }),
    all.filter((each) => !each.startsWith('headers[1]')),
  )
  assert.deepEqual(needed({ ...given, headers: given.headers.toReversed() }), all)
})

test('a secret that the chosen branch does not have is dropped without a word', () => {
  const given = { ...(shown as object), auth: { type: 'none' }, password: 'p2', client: null, headers: [] }
  assert.deepEqual(needed(given), ['client.secret secret_needed'])
  assert.deepEqual(
    change({ host: 'b', password: null, client: { secret: null }, headers: [], auth: { type: 'none' } }),
    {
      settings: { host: 'b', client: {}, headers: [], auth: { type: 'none' } },
      problems: [],
    },
  )
})

test('a hidden secret of which none is kept is asked for, and is never the secret itself', () => {
  const { problems } = keepSecrets({ schema: settings, given: { host: 'a', password: '***' } })
  assert.deepEqual(problems, [
    { at: 'password', code: 'secret_needed', message: 'Enter the secret "password" again: none is kept.' },
  ])
})

test('a field of a union may change safely only when every branch that knows it says so', () => {
  const of = (second: z.ZodType) =>
    z.object({
      one: z.union([
        z.object({ limit: z.number().meta({ safe: true }), key: token() }),
        z.object({ limit: second, key: token() }),
      ]),
    })
  const changed = (second: z.ZodType) =>
    keepSecrets({
      schema: of(second),
      given: { one: { limit: 2, key: '***' } },
      kept: { settings: { one: { limit: 1, key: '***' } }, places: ['one.key'], open: () => 's' },
    }).problems.length
  assert.equal(changed(z.number().meta({ safe: true })), 0)
  assert.equal(changed(z.number()), 1)
})
