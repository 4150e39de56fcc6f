import { z } from 'zod'
import { defineConnector, loadModeSetting } from '#sdk'
import { fitPostgres, writePostgres } from './destination.ts'
import { connect, addressName, addressSettings } from './address.ts'
import { discoverTables, readPostgres } from './source.ts'

const sourceSettings = z.strictObject({
  ...addressSettings,
  table: z.string().min(1).max(63).optional().meta({ title: 'Table', description: 'The table or view to read.' }),
  query: z
    .string()
    .min(1)
    .max(100_000)
    .optional()
    .meta({ title: 'Query', description: 'A SELECT in PostgreSQL, instead of a table.' }),
})

export default defineConnector({
  type: 'postgresql',
  title: 'PostgreSQL',
  category: 'databases',
  about: 'Tables and queries of a PostgreSQL database; filters run in PostgreSQL where it understands them.',
  proven: 'PostgreSQL 15 and later',
  source: {
    settings: sourceSettings,
    oneOf: [['table', 'query']],
    read: readPostgres,
    check: async (settings, around) => {
      if (settings.table === undefined && settings.query === undefined) {
        const client = await connect(settings, around)
        await client.end()
        return `${addressName(settings)} lets "${settings.user}" into "${settings.database}".`
      }
      const reading = await readPostgres(settings, around)
      return `${settings.table ?? 'The query'} has ${reading.columns.length} columns.`
    },
  },
  discovery: {
    settings: z.strictObject(addressSettings),
    list: discoverTables,
  },
  destination: {
    settings: z
      .strictObject({
        ...addressSettings,
        table: z
          .string()
          .min(1)
          .max(63)
          .meta({ title: 'Table', description: 'The table to fill; created when it does not exist.' }),
        mode: loadModeSetting,
        key: z
          .array(z.string().min(1))
          .min(1)
          .optional()
          .meta({ title: 'Key', description: 'Columns that identify a row; needed to merge.' }),
      })
      .refine((settings) => settings.mode !== 'merge' || settings.key !== undefined, {
        path: ['key'],
        error: 'names the columns that tell rows apart; merge needs it',
      }),
    continuous: true,
    defaultsMode: true,
    fit: fitPostgres,
    replaces: ({ mode }) => mode === 'overwrite',
    delivery: 'exactly once',
    because: 'One transaction moves the rows and writes down which part they are.',
    open: writePostgres,
    check: async (settings, around) => {
      const client = await connect(settings, around)
      await client.end()
      return `${addressName(settings)} lets "${settings.user}" into "${settings.database}".`
    },
  },
})
