import { isMillraceError } from '#core/errors'
import { ProblemError } from '#kernel/client'

/** What the command line ends with. Part of the outside contract: see `millrace help exit-codes`. */
export const exitCodes = {
  done: 0,
  fault: 1,
  usage: 2,
  refused: 3,
  notAllowed: 4,
  unavailable: 5,
  failed: 6,
} as const

export const exitCodeHelp = `Exit codes:
  0  done
  1  a fault in Millrace
  2  the command was not understood
  3  the server refused what was asked (unknown name, invalid definition, conflict)
  4  the token does not allow it
  5  unavailable: no server, the home is in use or unusable, a setting is wrong, or the engine does not answer
  6  it was done and did not succeed: a run failed, rows were rejected, the doctor found something`

/** An end that needs a sentence, not a stack. */
export class CommandEnded extends Error {
  override readonly name = 'CommandEnded'
  readonly exitCode: number

  constructor(exitCode: number, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

/** By name, so that a command which needs no server does not load one. */
const unavailableErrors = new Set(['StartRefused', 'HomeInUse', 'UnusableHome', 'WrongSetting'])

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommandEnded) return error.exitCode
  if (error instanceof Error && unavailableErrors.has(error.name)) return exitCodes.unavailable
  if (isMillraceError(error)) return error.kind === 'bug' ? exitCodes.fault : exitCodes.unavailable
  if (error instanceof ProblemError) {
    if (error.status === 401 || error.status === 403) return exitCodes.notAllowed
    if (error.status >= 503 || error.status === 429) return exitCodes.unavailable
    return error.status >= 500 ? exitCodes.fault : exitCodes.refused
  }
  if (isUnreachable(error)) return exitCodes.unavailable
  return exitCodes.fault
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'fetch failed'
}

/** For people: the sentence, then every problem with its place. A stack only for what nobody foresaw. */
export function explainError(error: unknown): string {
  if (error instanceof ProblemError) {
    const problems = error.problems.map(({ at, message }) => `  ${at ? `${at}: ` : ''}${message}`)
    return [
      error.message,
      ...problems,
      ...(error.code === 'bug' && error.requestId ? [`  request id ${error.requestId}`] : []),
    ].join('\n')
  }
  if (isUnreachable(error)) {
    const { cause } = error as { cause?: { code?: string; message?: string } }
    return `The server does not answer (${cause?.code ?? cause?.message ?? 'no connection'}). Is it still running?`
  }
  if (isMillraceError(error) && error.kind !== 'bug') return [error.message, error.remedy].filter(Boolean).join(' ')
  if (exitCodeOf(error) !== exitCodes.fault) return (error as Error).message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
