/** What the server, the driver or the engine's reader complained about, as failures of this connector. */
import { postgresErrors } from './errors.ts'
import type { PostgresAddress } from './settings.ts'

type Place = PostgresAddress & { readonly table?: string | undefined }

export function addressName(address: PostgresAddress): string {
  return `${address.host}:${address.port}`
}

/** The server says a code (SQLSTATE), the system one of its own; the driver alone has only texts. */
export function failureOfServer(error: unknown, address: Place): Error | undefined {
  const place = addressName(address)
  const message = messageOf(error)
  const code = codeOf(error)
  if (code === undefined) return failureOfEngine(message, address)
  if (code.startsWith('28')) return postgresErrors.credentials({ place, user: address.user })
  if (code === '3D000') return postgresErrors.database({ place, database: address.database })
  if (code === '42P01') return postgresErrors.table({ database: address.database, table: address.table ?? '' })
  if (code === '42501') return postgresErrors.permission({ place, user: address.user, because: message })
  if (code.startsWith('53')) return postgresErrors.busy({ place, because: message })
  if (/^(08|57P)/.test(code) || code === 'ECONNRESET' || code === 'EPIPE')
    return postgresErrors.unreachable({ place, because: 'the connection broke.' })
  if (code === 'ECONNREFUSED') return postgresErrors.unreachable({ place, because: 'the connection is refused.' })
  if (code === 'ETIMEDOUT') return postgresErrors.unreachable({ place, because: 'no answer in time.' })
  if (/^E[A-Z]+$/.test(code)) return postgresErrors.unreachable({ place, because: 'the connection broke.' })
  return undefined
}

/** The engine's reader and some errors of the driver have nothing but a text. */
export function failureOfEngine(message: string, address: Place): Error | undefined {
  const place = addressName(address)
  if (
    /password authentication failed|no password supplied|SASL|role ".*" does not exist|no pg_hba\.conf entry/.test(
      message,
    )
  ) {
    return postgresErrors.credentials({ place, user: address.user })
  }
  if (/database ".*" does not exist/.test(message))
    return postgresErrors.database({ place, database: address.database })
  if (/PostgreSQL table .* does not exist/.test(message)) {
    return postgresErrors.table({ database: address.database, table: address.table ?? '' })
  }
  const broken =
    /ECONNREFUSED|Connection refused|timeout expired|timed out|EHOSTUNREACH|ENETUNREACH|No route to host|ECONNRESET|terminated unexpectedly|server closed the connection|Connection to `/i
  if (broken.test(message)) {
    const because = /refused/i.test(message)
      ? 'the connection is refused.'
      : /time/i.test(message)
        ? 'no answer in time.'
        : 'the connection broke.'
    return postgresErrors.unreachable({ place, because })
  }
  const sentence = errorSentence(message)
  return sentence === undefined ? undefined : postgresErrors.query({ because: sentence })
}

/** Why rows or a table were refused. */
export function failureOfLoad(
  error: unknown,
  settings: Place & { readonly table: string; readonly key?: readonly string[] | undefined },
): Error | undefined {
  const { table, key = [] } = settings
  const message = messageOf(error)
  const code = codeOf(error)
  if (code === '42P10' || /no unique or exclusion constraint/.test(message))
    return postgresErrors.key({ table, key: key.map((name) => `"${name}"`).join(', ') })
  if (code !== undefined && /^(22|23|42|53)/.test(code))
    return postgresErrors.rows({ table, because: message, state: code })
  const sentence = code === undefined ? errorSentence(message) : undefined
  if (sentence !== undefined) return postgresErrors.rows({ table, because: sentence })
  return failureOfServer(error, settings)
}

function errorSentence(message: string): string | undefined {
  return /ERROR:\s+([^\n]*)/.exec(message)?.[1]
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || String(codeOf(error)) : String(error)
}

function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : undefined
}
