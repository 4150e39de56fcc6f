/**
 * The settings of a server, from environment variables. Whatever is wrong stops the start with
 * one sentence that names the variable, its value and what is expected.
 */
import { delimiter, join, resolve } from 'node:path'
import { z } from 'zod'
import { readSettings, type Environment } from './config-values.ts'
import { nearest } from '../problems/nearest.ts'

export { withoutPassword } from './config-values.ts'

export interface Settings {
  readonly home: string
  readonly host: string
  readonly port: number
  readonly adminToken: string | undefined
  readonly demo: boolean
  readonly files: readonly string[]
  readonly egress: string | undefined
  readonly durability: 'disk' | 'process'
  /** PostgreSQL for metadata; else embedded. */
  readonly databaseUrl: string | undefined
  /** ClickHouse for the warehouse; else embedded. */
  readonly clickhouseUrl: string | undefined
  /** For tests: an answer that breaks its contract is a fault. */
  readonly checkAnswers: boolean
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

const flag = z
  .enum(['0', '1', 'false', 'true', 'no', 'yes'], { error: 'Use 1 or 0.' })
  .transform((value) => ['1', 'true', 'yes'].includes(value))

const port = z.coerce
  .number({ error: 'Use a port number from 0 to 65535.' })
  .int('Use a port number from 0 to 65535.')
  .min(0, 'Use a port number from 0 to 65535.')
  .max(65535, 'Use a port number from 0 to 65535.')

/** Embedded only: a setting for a store that nothing here speaks to would be silently ignored otherwise. */
const notYet = (what: string) =>
  z
    .undefined({ error: `This version keeps ${what} itself and cannot use an outside one. Unset the variable.` })
    .optional()

const variables = z.object({
  MILLRACE_HOME: z.string().optional(),
  MILLRACE_HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'Use a host name or an address such as 127.0.0.1.')
    .default('127.0.0.1'),
  MILLRACE_PORT: port.default(8000),
  MILLRACE_ADMIN_TOKEN: z
    .string()
    .min(1, 'Use at least one character, better 16 or more.')
    .max(512, 'Use at most 512 characters.')
    .regex(/^[\x21-\x7e]+$/, 'Use printable ASCII without spaces.')
    .optional(),
  MILLRACE_DEMO: flag.default(true),
  MILLRACE_FILES: z.string().optional(),
  MILLRACE_EGRESS: z.string().optional(),
  MILLRACE_DURABILITY: z.enum(['disk', 'process'], { error: 'Use "disk" or "process".' }).default('disk'),
  MILLRACE_ROLE: z
    .literal('all', { error: 'This version runs everything in one server: use "all" or unset the variable.' })
    .default('all'),
  MILLRACE_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'], { error: 'Use "debug", "info", "warn" or "error".' })
    .default('info'),
  MILLRACE_CHECK_ANSWERS: flag.default(false),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?(\+\w+)?:\/\/./, 'Use a PostgreSQL address such as postgresql://user:password@host/database.')
    .optional(),
  CLICKHOUSE_URL: z
    .string()
    .regex(/^https?:\/\/./, 'Use the HTTP address of a ClickHouse server such as http://user:password@host:8123.')
    .optional(),
  KAFKA_BOOTSTRAP_SERVERS: notYet('its streams'),
  REDIS_URL: notYet('push and counters'),
  BLOBS_URL: z.string().optional(),
  S3_BUCKET: notYet('its files'),
  MINIO_ENDPOINT: notYet('its files'),
  PASSPORT_API_URL: notYet('this module'),
  ENTERPRISE_HUB_URL: notYet('this module'),
  NINJA_API_URL: notYet('this module'),
  IMPACTOS_API_URL: notYet('this module'),
  HL7_API_URL: notYet('this module'),
})

/** `home` is where `findHome` found it. */
export function readConfig(environment: Environment, home: string): Settings {
  const own = join(home, 'blobs')
  const withBlobs = variables.extend({
    BLOBS_URL: z
      .literal(`file://${own}`, {
        error: `This version keeps blobs in the home only: use "file://${own}" or unset the variable.`,
      })
      .optional(),
  })
  const values = readSettings(withBlobs, environment)
  return {
    home,
    host: values.MILLRACE_HOST,
    port: values.MILLRACE_PORT,
    adminToken: values.MILLRACE_ADMIN_TOKEN,
    demo: values.MILLRACE_DEMO,
    files: values.MILLRACE_FILES
      ? values.MILLRACE_FILES.split(delimiter)
          .filter(Boolean)
          .map((folder) => resolve(folder))
      : [join(home, 'files')],
    egress: values.MILLRACE_EGRESS,
    durability: values.MILLRACE_DURABILITY,
    databaseUrl: values.DATABASE_URL,
    clickhouseUrl: values.CLICKHOUSE_URL,
    checkAnswers: values.MILLRACE_CHECK_ANSWERS,
    logLevel: values.MILLRACE_LOG_LEVEL,
  }
}

/** What the command line reads besides. */
const commandLineVariables = ['MILLRACE_URL', 'MILLRACE_TOKEN']

/** What works but should not stay so. */
export function weakSettings({ adminToken }: Pick<Settings, 'adminToken'>): string[] {
  return adminToken !== undefined && adminToken.length < 16
    ? [
        'MILLRACE_ADMIN_TOKEN has fewer than 16 characters and could be guessed. Set a longer one where others reach this server.',
      ]
    : []
}

/** Variables that look like ours but are nobody's, each with the one that was probably meant. */
export function strayVariables(environment: Environment, others: readonly string[]): string[] {
  const known = [...Object.keys(variables.shape), ...commandLineVariables, ...others]
  return Object.keys(environment)
    .filter((name) => name.startsWith('MILLRACE_') && !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known)
      return `There is no setting ${name}; it is ignored.${meant ? ` Did you mean ${meant}?` : ''}`
    })
}
