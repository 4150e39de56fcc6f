import { z } from 'zod'
import { defineConnector } from '#sdk'

export default defineConnector({
  type: 'stream',
  title: 'Stream',
  category: 'streams',
  about: 'Events of a Millrace stream: all there are for a batch pipeline, continuously for a streaming one.',
  proven: 'the log of this Millrace',
  streams: { permission: 'streams.read', load: () => import('./source.ts') },
  source: {
    permission: 'streams.read',
    settings: z.strictObject({
      stream: z.string().min(1).max(100).meta({ title: 'Stream', description: 'The name of the stream.' }),
      from: z.enum(['start', 'end']).default('start').meta({
        title: 'From',
        description: 'Where a streaming pipeline starts the first time: at the first event, or at new events only.',
      }),
    }),
    reads: 'engine',
    modes: ['full'],
    continuous: true,
    inside: { dataset: 'stream' },
    load: () => import('./source.ts'),
  },
})
