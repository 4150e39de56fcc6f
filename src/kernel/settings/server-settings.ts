/**
 * The settings of a server, from environment variables. Whatever is wrong stops the start with
 * one sentence that names the variable, its value and what is expected.
 */
import { delimiter, join, resolve } from 'node:path'
import { z } from 'zod'
import { isMailAddress } from '#ports/mail'
import { keyForm, parseKey, type Key } from '../vault/key.ts'
import { withSuggestion } from '#core/nearest'
import { readSettings, WrongSetting, type Environment } from './read-settings.ts'

export { withoutPassword } from './read-settings.ts'

export interface Settings {
  readonly home: string
  readonly host: string
  readonly port: number
  readonly adminToken: string | undefined
  /** Seals secrets; else the home's own key. At most one of the two is set. */
  readonly masterKey: Key | undefined
  readonly masterKeyFile: string | undefined
  readonly demo: boolean
  readonly files: readonly string[]
  /** The folders were named in `MILLRACE_FILES`: they must exist. The default folder is made. */
  readonly filesNamed: boolean
  readonly egress: string | undefined
  readonly durability: 'disk' | 'process'
  /** PostgreSQL for metadata; else embedded. */
  readonly databaseUrl: string | undefined
  /** ClickHouse for the warehouse; else embedded. */
  readonly clickhouseUrl: string | undefined
  /** Server for mail; else the outbox. */
  readonly smtpUrl: string | undefined
  /** For tests: an answer that breaks its contract is a fault. */
  readonly checkAnswers: boolean
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

/** Shorter admin tokens stop the start. */
const MIN_TOKEN_LENGTH = 8
/** Shorter admin tokens start with a warning. */
const GOOD_TOKEN_LENGTH = 16

const flag = z
  .enum(['0', '1', 'false', 'true', 'no', 'yes'], { error: 'Use 1 or 0.' })
  .transform((value) => ['1', 'true', 'yes'].includes(value))

const port = z.coerce
  .number({ error: 'Use a port number from 0 to 65535.' })
  .int('Use a port number from 0 to 65535.')
  .min(0, 'Use a port number from 0 to 65535.')
  .max(65535, 'Use a port number from 0 to 65535.')

/** A setting that nothing reads would be ignored silently otherwise. */
const refused = (sentence: string) => z.undefined({ error: `${sentence} Unset the variable.` }).optional()
const notYet = (what: string) => refused(`This version keeps ${what} itself and cannot use an outside one.`)
const noKey = refused('This version has no outside system that takes this key.')
const unsupported = (what: string) => refused(`This version does not support ${what}.`)

const variables = z.object({
  MILLRACE_HOME: z.string().optional(),
  MILLRACE_HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'Use a host name or an address such as 127.0.0.1.')
    .default('127.0.0.1'),
  MILLRACE_PORT: port.default(8000),
  MILLRACE_ADMIN_TOKEN: z
    .string()
    .min(MIN_TOKEN_LENGTH, `Use at least ${MIN_TOKEN_LENGTH} characters, better ${GOOD_TOKEN_LENGTH} or more.`)
    .max(512, 'Use at most 512 characters.')
    .regex(/^[\x21-\x7e]+$/, 'Use printable ASCII without spaces.')
    .optional(),
  MILLRACE_MASTER_KEY: z
    .string()
    .transform((text, context) => {
      const key = parseKey(text)
      if (key === undefined) context.addIssue({ code: 'custom', message: `Use ${keyForm}.` })
      return key
    })
    .optional(),
  MILLRACE_MASTER_KEY_FILE: z.string().optional(),
  MILLRACE_DEMO: flag.default(true),
  MILLRACE_FILES: z
    .string()
    .refine((value) => foldersIn(value).length > 0, `Use folders, separated by "${delimiter}".`)
    .optional(),
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
  PASSPORT_API_KEY: noKey,
  ENTERPRISE_HUB_API_KEY: noKey,
  NINJA_API_KEY: noKey,
  IMPACTOS_API_KEY: noKey,
  HL7_API_KEY: noKey,
  MILLRACE_TLS_CERT: unsupported('TLS of its own; a proxy in front of it does that'),
  MILLRACE_TLS_KEY: unsupported('TLS of its own; a proxy in front of it does that'),
  MILLRACE_SMTP_URL: z
    .string()
    .refine(isSmtpUrl, 'Use the address of a mail server such as smtps://user:password@host:465.')
    .optional(),
  MILLRACE_CORS_ORIGINS: unsupported('calls from the pages of other origins'),
  MILLRACE_MCP: z
    .enum(['0', 'false', 'no'], { error: 'This version has no /mcp. Use 0 or unset the variable.' })
    .optional(),
  MONGODB_URL: unsupported('MongoDB'),
  OPENLINEAGE_URL: unsupported('sending lineage events'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
})

/** `smtp(s)://user:password@host:port`, and a sender in `?from=`. */
function isSmtpUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') return false
  const sender = url.searchParams.get('from')
  return (
    (url.username === '') === (url.password === '') &&
    ['', '/'].includes(url.pathname) &&
    (sender === null || isMailAddress(sender)) &&
    [url.username, url.password].every((part) => decodes(part))
  )
}

function decodes(text: string): boolean {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(text))
  } catch {
    return false
  }
}

function foldersIn(list: string): string[] {
  return list.split(delimiter).filter(Boolean)
}

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
  if (values.MILLRACE_MASTER_KEY && values.MILLRACE_MASTER_KEY_FILE)
    throw new WrongSetting(
      'The settings MILLRACE_MASTER_KEY and MILLRACE_MASTER_KEY_FILE are both set. Unset one of them.',
    )
  return {
    home,
    host: values.MILLRACE_HOST,
    port: values.MILLRACE_PORT,
    adminToken: values.MILLRACE_ADMIN_TOKEN,
    masterKey: values.MILLRACE_MASTER_KEY,
    masterKeyFile: values.MILLRACE_MASTER_KEY_FILE && resolve(values.MILLRACE_MASTER_KEY_FILE),
    demo: values.MILLRACE_DEMO,
    files: values.MILLRACE_FILES
      ? foldersIn(values.MILLRACE_FILES).map((folder) => resolve(folder))
      : [join(home, 'files')],
    filesNamed: values.MILLRACE_FILES !== undefined,
    egress: values.MILLRACE_EGRESS,
    durability: values.MILLRACE_DURABILITY,
    databaseUrl: values.DATABASE_URL,
    clickhouseUrl: values.CLICKHOUSE_URL,
    smtpUrl: values.MILLRACE_SMTP_URL,
    checkAnswers: values.MILLRACE_CHECK_ANSWERS,
    logLevel: values.MILLRACE_LOG_LEVEL,
  }
}

/** Settings that work but deserve a sentence on the console. */
export function settingWarnings(environment: Environment): string[] {
  const warnings: string[] = []
  const length = environment['MILLRACE_ADMIN_TOKEN']?.length ?? 0
  if (length > 0 && length < GOOD_TOKEN_LENGTH)
    warnings.push(
      `MILLRACE_ADMIN_TOKEN has ${length} characters and could be guessed. Set one of ${GOOD_TOKEN_LENGTH} or more where others reach this server.`,
    )
  // Set for every program of a machine, so it does not stop this one.
  if (environment['OTEL_EXPORTER_OTLP_ENDPOINT'])
    warnings.push('OTEL_EXPORTER_OTLP_ENDPOINT is set, and this version sends no telemetry.')
  return warnings
}

/** What the command line reads besides. */
const commandLineVariables = ['MILLRACE_URL', 'MILLRACE_TOKEN']

/** Names that look like ours and belong to nobody stop the start. `others` are the settings of the modules. */
export function refuseUnknownSettings(environment: Environment, others: readonly string[]): void {
  const known = [...Object.keys(variables.shape), ...commandLineVariables, ...others]
  const sentences = Object.keys(environment)
    .filter((name) => name.startsWith('MILLRACE_') && !name.startsWith('MILLRACE_TEST_') && !known.includes(name))
    .map((name) => {
      return withSuggestion(`There is no setting "${name}".`, name, known, 'Unset the variable.').message
    })
  if (sentences.length > 0) throw new WrongSetting(sentences.join('\n'))
}
