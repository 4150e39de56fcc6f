/** Which secrets of a connection are kept when its settings change, against an oracle that lists what decides where they go. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { isMillraceError } from '#core/errors'
import { passingVault } from '#kernel/vault'
import { defineConnector, secretText } from '#sdk'
import { assertProperty, isLong } from '#tests/long-form'
import { catalogue } from '../catalogue.ts'
import { connectionSettings } from './connection-settings.ts'

const token = () => secretText({ title: 'Token', description: 'For the server.' }).optional()
const vendor = defineConnector({
  type: 'vendor',
  title: 'Vendor',
  category: 'web',
  about: 'Has settings of every shape.',
  proven: 'this test',
  connection: {
    settings: z.strictObject({
      host: z.string(),
      port: z.number().default(443),
      region: z.string().default('eu').meta({ safe: true }),
      labels: z.array(z.string()).optional().meta({ safe: true }),
      auth: z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('none') }),
        z.strictObject({ type: z.literal('key'), key: token() }),
        z.strictObject({ type: z.literal('login'), user: z.string(), password: token() }),
      ]),
      headers: z.array(z.strictObject({ name: z.string(), value: token() })).default([]),
      proxy: z.strictObject({ url: z.string(), secret: token() }).optional(),
    }),
    load: () => Promise.reject(new Error('not read here')),
  },
})
const connections = connectionSettings(catalogue([vendor]), passingVault())
const key = { workspace: 'default', name: 'shop', type: 'vendor' }

interface Settings {
  readonly host: string
  readonly port?: number | undefined
  readonly region?: string | undefined
  readonly labels?: readonly string[] | undefined
  readonly auth: { readonly type: string; readonly user?: string; readonly key?: string; readonly password?: string }
  readonly headers?: readonly { readonly name: string; readonly value?: string }[] | undefined
  readonly proxy?: { readonly url: string; readonly secret?: string } | undefined
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const textOf = (...texts: string[]) => fc.constantFrom(...texts)
const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T

/** Few values, so that two settings are often the same. */
function settingsWith(secrets: fc.Arbitrary<string>): fc.Arbitrary<Settings> {
  const secret = maybe(secrets)
  return fc
    .record({
      host: textOf('a.example', 'b.example'),
      port: maybe(fc.constantFrom(443, 8443)),
      region: maybe(textOf('eu', 'us')),
      labels: maybe(fc.array(textOf('x', 'y'), { maxLength: 2 })),
      auth: fc.oneof(
        fc.constant({ type: 'none' }),
        fc.record({ type: fc.constant('key'), key: secret }).map(withoutUndefined),
        fc.record({ type: fc.constant('login'), user: textOf('ann', 'bo'), password: secret }).map(withoutUndefined),
      ),
      headers: maybe(
        fc.array(fc.record({ name: textOf('h', 'i'), value: secret }).map(withoutUndefined), { maxLength: 2 }),
      ),
      proxy: maybe(fc.record({ url: textOf('p.example', 'q.example'), secret }).map(withoutUndefined)),
    })
    .map((made) => withoutUndefined(made) as Settings)
}

/** Everything that decides who gets the secrets. */
function whereTo({ host, port = 443, auth, headers = [], proxy }: Settings): unknown[] {
  return [host, port, auth.type, auth.user, headers.map(({ name }) => name), proxy?.url]
}

/** Each place that can have a secret in these settings, with what is there. */
function secretPlaces({ auth, headers = [], proxy }: Settings): Map<string, string | undefined> {
  const places = new Map<string, string | undefined>()
  if (auth.type === 'key') places.set('auth.key', auth.key)
  if (auth.type === 'login') places.set('auth.password', auth.password)
  for (const [index, { value }] of headers.entries()) places.set(`headers[${index}].value`, value)
  if (proxy !== undefined) places.set('proxy.secret', proxy.secret)
  return places
}

const former = settingsWith(fc.nat({ max: 999 }).map((n) => `former${n}`))
const given = settingsWith(
  fc.oneof(
    fc.constant('***'),
    fc.nat({ max: 999 }).map((n) => `given${n}`),
  ),
)
/** The former settings as they are shown, with some of them changed. */
const changed = fc
  .tuple(
    former,
    given,
    fc.array(fc.constantFrom(...(['host', 'port', 'region', 'labels', 'auth', 'headers', 'proxy'] as const))),
  )
  .map(([before, other, fields]) => {
    const shown = connections.show('vendor', { ...before }) as unknown as Settings
    const replaced = Object.fromEntries(fields.map((field) => [field, other[field]]))
    return { before, after: withoutUndefined({ ...shown, ...replaced }) }
  })
const cases = fc.oneof(changed, fc.record({ before: former, after: given }))
const runs = { short: 1_000, long: 20_000 }

test('the secrets of a connection are kept only while no setting changes that is not declared safe', async () => {
  let kept = 0
  let refused = 0
  await assertProperty(
    fc.property(cases, ({ before, after }) => {
      const stored = connections.seal(key, { ...before })
      const isSame = JSON.stringify(whereTo(before)) === JSON.stringify(whereTo(after))
      const had = secretPlaces(before)
      const wanted = [...secretPlaces(after)]
      const missing = wanted.filter(([place, value]) =>
        value === '***'
          ? !(isSame && had.get(place) !== undefined)
          : value === undefined && had.get(place) !== undefined && !isSame,
      )
      const answer = sealed(after, stored)
      assert.deepEqual(answer.needed.toSorted(), missing.map(([place]) => `settings.${place}`).toSorted())
      refused += answer.needed.length
      if (answer.stored === undefined) return
      assert.doesNotMatch(JSON.stringify(answer.stored), /former|given/)
      const opened = connections.filled(key, answer.stored) as unknown as Settings
      assert.deepEqual(whereTo(opened), whereTo(after))
      const expected = wanted.map(([place, value]) => [
        place,
        isSame && (value === '***' || value === undefined) ? had.get(place) : value,
      ])
      assert.deepEqual([...secretPlaces(opened)], expected)
      if (!isSame) assert.doesNotMatch(JSON.stringify(opened), /former/)
      else kept += expected.filter(([, value]) => value?.startsWith('former')).length
    }),
    runs,
  )
  const few = (isLong ? runs.long : runs.short) / 50
  assert.ok(kept > few && refused > few, `${kept} secrets were kept and ${refused} refused`)
})

function sealed(after: Settings, stored: ReturnType<typeof connections.seal>) {
  try {
    return { stored: connections.seal(key, { ...after }, stored), needed: [] }
  } catch (error) {
    if (!isMillraceError(error) || error.code !== 'connectors.settings') throw error
    assert.deepEqual([...new Set(error.problems.map(({ code }) => code))], ['secret_needed'])
    return { needed: error.problems.map(({ at }) => at) }
  }
}
