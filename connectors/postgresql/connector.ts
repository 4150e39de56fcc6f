import { z } from 'zod'
import { defineConnector, loadModeSetting } from '#sdk'
import { connectionSettings, schema } from './settings.ts'

export default defineConnector({
  type: 'postgresql',
  title: 'PostgreSQL',
  category: 'databases',
  about: 'Tables and queries of a PostgreSQL database; filters run in PostgreSQL where it understands them.',
  proven: 'PostgreSQL 15 and later',
  connection: { settings: connectionSettings, load: () => import('./address.ts') },
  streams: { load: () => import('./streams.ts') },
  source: {
    settings: z.strictObject({
      schema: schema.optional(),
      table: z
        .string()
        .min(1)
        .max(63)
        .optional()
        .meta({ title: 'Table', description: 'The table or view to read.', safe: true }),
      query: z
        .string()
        .min(1)
        .max(100_000)
        .optional()
        .meta({ title: 'Query', description: 'A SELECT in PostgreSQL, instead of a table.', safe: true }),
    }),
    oneOf: [['table', 'query']],
    reads: 'engine',
    modes: ['full'],
    load: () => import('./source.ts'),
  },
  destination: {
    settings: z
      .strictObject({
        schema: schema.optional(),
        table: z
          .string()
          .min(1)
          .max(63)
          .meta({ title: 'Table', description: 'The table to fill; created when it does not exist.', safe: true }),
        mode: loadModeSetting,
        key: z
          .array(z.string().min(1))
          .min(1)
          .optional()
          .meta({ title: 'Key', description: 'Columns that identify a row; needed to merge.', safe: true }),
      })
      .refine((settings) => settings.mode !== 'merge' || settings.key !== undefined, {
        path: ['key'],
        error: 'names the columns that tell rows apart; merge needs it',
      }),
    continuous: true,
    defaultsMode: true,
    replaces: ({ mode }) => mode === 'overwrite',
    delivery: 'exactly once',
    because: 'One transaction moves the rows and writes down which part they are.',
    load: () => import('./destination.ts'),
  },
})
