import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { defineConnector, sideSettings } from './index.ts'

const connector = defineConnector({
  type: 'shop',
  title: 'Shop',
  category: 'web',
  about: 'A shop.',
  proven: 'this test',
  connection: {
    settings: z
      .strictObject({ host: z.string(), schema: z.string().default('public').meta({ safe: true }) })
      .refine(({ host }) => host !== 'nowhere', { path: ['host'], error: 'is nowhere' }),
    load: async () => ({ check: async () => 'fine' }),
  },
  source: {
    settings: z
      .strictObject({ schema: z.string().optional(), table: z.string().optional() })
      .refine(({ table }) => table !== 'none', { path: ['table'], error: 'is none' }),
    reads: 'batches',
    modes: ['full'],
    load: async () => ({ read: async () => ({ by: 'batches', batches: async function* () {} }) }),
  },
})
const settings = sideSettings(connector, 'source')!

test('a pipeline gives the settings of the connection and of the stream in one object', () => {
  assert.deepEqual(settings.parse({ host: 'h', table: 't' }), { host: 'h', schema: 'public', table: 't' })
  assert.equal(sideSettings(connector, 'destination'), undefined)
})

test('settings of neither are refused, and the checks of both hold', () => {
  const places = (config: object) => settings.safeParse(config).error?.issues.map(({ path }) => path.join('.'))
  assert.deepEqual(places({ host: 'h', tabel: 't' }), [''])
  assert.deepEqual(places({ host: 'nowhere', table: 'none' }), ['host', 'table'])
})
