/** The command line of Millrace with one more connector: it reads `startGrowingSource` on from its state. */
import { join } from 'node:path'
import { z } from 'zod'
import { connectors } from '#connectors'
import { defineConnector, httpClient, type Batch, type Connector } from '#sdk'

const growing = defineConnector({
  type: 'growing',
  title: 'Growing source',
  category: 'web',
  about: 'Rows that are appended while they are read.',
  proven: 'the kill test of incremental reading',
  source: {
    settings: z.strictObject({ url: z.url(), stream: z.enum(['events', 'changes']) }),
    reads: 'batches',
    modes: ['full', 'incremental'],
    resumes: ({ stream }) => stream,
    load: async () => ({
      read: async ({ url, stream }, around, { state }) => ({
        by: 'batches',
        batches: async function* (signal) {
          const client = httpClient({ ...around, signal }, { baseUrl: url })
          for (let after = Number(state ?? 0); ;) {
            const page = await client.read({ url: `/${stream}?after=${after}` })
            const { rows } = page.json() as { rows: Record<string, unknown>[] }
            if (rows.length === 0) return
            after += rows.length
            yield { rows, state: after } satisfies Batch
          }
        },
      }),
    }),
  },
})

;(connectors as Connector[]).push(growing)
await import(join(import.meta.dirname, '..', '..', 'src', 'apps', 'cli', 'main.ts'))
