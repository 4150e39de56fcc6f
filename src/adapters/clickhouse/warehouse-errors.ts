import { ClickHouseError } from '@clickhouse/client'
import { WarehouseError, WarehouseUnavailable, type WarehouseErrorKind } from '#ports/warehouse'
import { readFailure } from './engine-failure.ts'
import { errorKind } from './error-kinds.ts'
import { readStatementFailure } from './statement-failure.ts'

/** What the client or the network threw, as the port's errors. */
export function warehouseError(error: unknown, signal: AbortSignal | undefined): Error {
  if (error instanceof WarehouseError || error instanceof WarehouseUnavailable) return error
  if (signal?.reason instanceof WarehouseError) return signal.reason
  if (signal?.aborted) return new WarehouseError('The query was cancelled.', 'cancelled', 'QUERY_WAS_CANCELLED', error)
  if (error instanceof ClickHouseError) {
    const kind = errorKind(Number(error.code), error.message)
    return refused(error.message, kind, error.type ?? 'UNKNOWN', error)
  }
  const message = error instanceof Error ? error.message : String(error)
  // Embedded, the engine ends a message at U+0000, so its type is missing and the client does not recognise it.
  const answered = /^Code: \d+\. DB::Exception:/.test(message) ? exceptionFromText(message) : undefined
  if (answered !== undefined) return answered
  return new WarehouseUnavailable(`The warehouse did not answer: ${message}`, { cause: error })
}

/** Nobody listened at the address, so nothing of the call arrived anywhere. */
export function wasRefused(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && at.code === 'ECONNREFUSED') return true
  }
  return false
}

/** An exception as the engine writes it into a body: `Code: 62. DB::Exception: … (SYNTAX_ERROR)`. */
export function exceptionFromText(body: string): WarehouseError | undefined {
  const text = body.replace(/\n\d+ \w+\r\n__exception__\s*$/, '')
  const code = /Code: (\d+)\. DB::Exception:/.exec(text)
  if (!code) return undefined
  const type = [...text.matchAll(/\(([A-Z][A-Z0-9_]+)\)/g)].at(-1)?.[1] ?? 'UNKNOWN'
  return refused(text, errorKind(Number(code[1]), text), type)
}

function refused(text: string, kind: WarehouseErrorKind, type: string, cause?: unknown): WarehouseError {
  const message = plainMessage(text)
  const statement = readStatementFailure(message, kind)
  return new WarehouseError({ ...readFailure(message), ...(statement && { statement }) }, kind, type, cause)
}

function plainMessage(text: string): string {
  return text
    .replace(/^(Code: \d+\. )?(DB::Exception: )?/, '')
    .replace(/ ?\(version [^)]*\)/g, '')
    .replace(/ ?\([A-Z][A-Z0-9_]+\)\s*$/, '')
    .trim()
}
