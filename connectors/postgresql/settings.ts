import { z } from 'zod'
import { secretText } from '#sdk'

export const schema = z
  .string()
  .min(1)
  .max(63)
  .meta({ title: 'Schema', description: 'The schema that holds the table.', safe: true })

export const connectionSettings = z.strictObject({
  host: z.string().min(1).max(255).meta({ title: 'Host', description: 'Name or address of the server.' }),
  port: z
    .number()
    .int()
    .min(1)
    .max(65535)
    .default(5432)
    .meta({ title: 'Port', description: 'Where the server listens.' }),
  database: z.string().min(1).max(63).meta({ title: 'Database', description: 'The database on the server.' }),
  user: z.string().min(1).max(63).default('postgres').meta({ title: 'User', description: 'Who signs in.' }),
  password: secretText({ title: 'Password', description: 'Kept sealed, never shown again.' }).default(''),
  schema: schema
    .default('public')
    .meta({ title: 'Schema', description: 'The schema that holds the table.', safe: true }),
})

export type PostgresAddress = z.output<typeof connectionSettings>
