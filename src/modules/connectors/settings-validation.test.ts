import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { secretText } from '#sdk'
import { vendorConnector } from '#sdk/vendor-connector-fixture'
import { catalogue } from './catalogue.ts'

const token = () => secretText({ title: 'Token', description: 'For the server.' }).min(5)
const vendor = (connection: z.ZodObject) => vendorConnector({ connection }).connector

test('a connector whose settings could hide a secret stops the start, which names it and the place', () => {
  const auth = z.object({ later: z.promise(token()) })
  assert.throws(
    () => catalogue([vendor(z.strictObject({ auth }))]),
    /"vendor" cannot be used: its setting "connection\.auth\.later" has the type "promise"/,
  )
})

test('a connector whose pipelines could send the secrets of a connection elsewhere stops the start', () => {
  const table = (more: z.ZodType) => catalogue([vendor(z.strictObject({ key: token(), table: more }))])
  const refused =
    /"vendor" cannot be used: its connection and its source both declare the setting "table", which is not declared safe/
  assert.throws(() => table(z.string()), refused)
  assert.throws(() => table(z.string().meta({ safe: false })), refused)
  assert.throws(() => table(token().meta({ safe: true })), refused)
  assert.equal(table(z.string().meta({ safe: true }).default('orders')).list().length, 1)
})

test('a secret written where an object or a list of secrets belongs is not quoted', () => {
  const headers = z.record(z.string(), token())
  const { validate } = catalogue([vendor(z.strictObject({ headers, keys: z.array(z.strictObject({ key: token() })) }))])
  for (const config of [
    { headers: 'hunter2', keys: [] },
    { headers: {}, keys: 'hunter2' },
    { headers: {}, keys: ['hunter2'] },
  ]) {
    const { problems } = validate('source', { type: 'vendor', config: { ...config, table: 'x' } }, 'source')
    assert.equal(problems.length, 1, JSON.stringify(problems))
    assert.doesNotMatch(JSON.stringify(problems), /hunter/)
  }
})

test('a problem with a secret names its place and quotes nothing of it', () => {
  const { validate } = catalogue([
    vendor(z.strictObject({ key: token(), pin: token().regex(/^\d+$/, 'is a number of digits') })),
  ])
  const config = { key: 'abcd', pin: 'hunter2', table: 1 }
  const { problems } = validate('source', { type: 'vendor', config }, 'source')
  assert.deepEqual(
    problems.map(({ at }) => at),
    ['source.config.key', 'source.config.pin', 'source.config.table'],
  )
  assert.doesNotMatch(JSON.stringify(problems), /abcd|hunter2/)
})
