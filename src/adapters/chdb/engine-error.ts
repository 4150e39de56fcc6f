/** The engine's exceptions as ClickHouse's HTTP protocol tells them. */
export interface EngineException {
  readonly code: number
  readonly status: number
  readonly text: string
}

export function engineException(error: unknown): EngineException {
  const message = (error instanceof Error ? error.message : String(error)).replace(pipeClause, '')
  const code = Number(/Code: (\d+)\./.exec(message)?.[1] ?? 1002)
  const text = /^Code: \d+\./.test(message) ? message : `Code: ${code}. DB::Exception: ${message}. (UNKNOWN_EXCEPTION)`
  return { code, status: statuses[code] ?? 500, text: `${text.trimEnd()}\n` }
}

/** The pipe that `answerInto` puts into a statement is nobody's business. */
const pipeClause = /\s*INTO OUTFILE '[^']*' APPEND FORMAT \w+\s?/g

export function exception(code: number, message: string, type: string): Error {
  return new Error(`Code: ${code}. DB::Exception: ${message}. (${type})`)
}

/** The server answers most exceptions with 500; these are the ones callers look at. */
const statuses: Readonly<Record<number, number>> = { 60: 404, 81: 404, 62: 400, 36: 400, 516: 403, 202: 503, 159: 408 }
