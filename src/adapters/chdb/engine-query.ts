/** One HTTP request's query: what it asks for, read from the URL as ClickHouse does. */
import { sqlString } from '#core/sql-text'
import { quoteName } from '#core/dataset'

export interface EngineQuery {
  readonly id: string
  /** From the URL; the body is then the insert's data. */
  readonly sql: string | undefined
  readonly defaultFormat: string
  /** Its `max_execution_time`, when it has one. */
  readonly maxSeconds: number | undefined
  /** Statements that put a fresh session into the state this query asked for. */
  readonly prelude: string
}

const reserved = new Set([
  'query',
  'database',
  'default_format',
  'query_id',
  'session_id',
  'session_timeout',
  'session_check',
  'user',
  'password',
  'compress',
  'decompress',
  'role',
  'quota_key',
  'buffer_size',
  'wait_end_of_query',
  'enable_http_compression',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'cancel_http_readonly_queries_on_client_close',
  'stacktrace',
  'log_comment',
])

/** What the engine sets differently when embedded, put back to the server's defaults. */
const serverDefaults: readonly (readonly [string, string])[] = [
  ['implicit_select', '0'],
  ['allow_introspection_functions', '0'],
  ['storage_file_read_method', 'pread'],
]

export function engineQuery(url: URLSearchParams, newId: () => string): EngineQuery {
  const id = url.get('query_id') || newId()
  const settings = new Map<string, string>(serverDefaults)
  const parameters: string[] = []
  for (const [name, value] of url) {
    if (name.startsWith('param_')) parameters.push(`SET ${quoteName(name)} = ${sqlString(value)}`)
    else if (!reserved.has(name)) settings.set(name, value)
  }
  settings.set('log_comment', id)
  const database = url.get('database')
  const prelude = [
    ...(database ? [`USE ${quoteName(database)}`] : []),
    `SET ${[...settings].map(([name, value]) => `${settingName(name)} = ${sqlString(value)}`).join(', ')}`,
    ...parameters,
  ].join('; ')
  const maxSeconds = Number(settings.get('max_execution_time') ?? 0)
  return {
    id,
    sql: url.get('query') ?? undefined,
    defaultFormat: url.get('default_format') ?? 'TabSeparated',
    maxSeconds: maxSeconds > 0 ? maxSeconds : undefined,
    prelude,
  }
}

function settingName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_.]*$/.test(name)) throw new Error(`Unknown setting ${JSON.stringify(name)}`)
  return name
}
