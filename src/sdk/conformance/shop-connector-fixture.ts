/** The example of a whole connector: two streams, state, a secret in a union, and a server that asks to wait. */
import { z } from 'zod'
import { defineConnector, httpClient, pagesOf, secretText } from '../index.ts'
import type { Batch, SourceStream, Surroundings } from '../index.ts'

const secret = (title: string) => secretText({ title, description: 'Kept sealed.' })
const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('token'), token: secret('Token') }),
  z.strictObject({ type: z.literal('password'), user: z.string(), password: secret('Password') }),
])
const connection = z.strictObject({
  url: z.url().meta({ title: 'URL', description: 'Where the shop is.' }),
  auth: auth.meta({ title: 'Sign-in', description: 'How Millrace signs in.' }),
})
const names = ['orders', 'customers'] as const
const stream = z.strictObject({
  stream: z.enum(names).meta({ title: 'Stream', description: 'What is read.', safe: true }),
})
type Shop = z.output<typeof connection>

function clientOf({ url, auth: given }: Shop, around: Surroundings) {
  const proof = given.type === 'token' ? { type: 'bearer', token: given.token } : { ...given, type: 'basic' }
  return httpClient(around, { baseUrl: url, auth: proof as { type: 'bearer'; token: string } })
}

/** The address of the next page is the state: it stays valid, and later rows come behind it. */
async function* pages(settings: Shop & z.output<typeof stream>, around: Surroundings, state: unknown) {
  const url = typeof state === 'string' ? state : settings.stream
  const pagination = { type: 'next', at: '$.next', maxPages: 10_000 } as const
  for await (const { rows, next } of pagesOf(clientOf(settings, around), { url, pagination, records: '$.items' }))
    yield { rows, ...(next === undefined ? {} : { state: next }) } satisfies Batch
}

async function check(given: Shop, around: Surroundings): Promise<string> {
  return `The shop answers ${(await clientOf(given, around).read({ url: 'orders' })).status}.`
}

function streamOf(name: string): SourceStream {
  return { name, config: { stream: name }, primaryKey: ['id'], cursors: [], modes: ['incremental'] }
}

export const shop = defineConnector({
  type: 'shop',
  title: 'Shop',
  category: 'web',
  about: 'Orders and customers of a shop.',
  proven: 'the conformance suite',
  connection: { settings: connection, load: async () => ({ check }) },
  streams: { load: async () => ({ streams: async () => names.map(streamOf) }) },
  source: {
    settings: stream,
    reads: 'batches',
    modes: ['full', 'incremental'],
    resumes: (settings) => settings.stream,
    load: async () => ({
      read: async (settings, around, { state }) => ({
        by: 'batches',
        batches: (signal) => pages(settings, { ...around, signal }, state),
      }),
    }),
  },
})
