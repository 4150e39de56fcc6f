/** Turns what the engine refused into an error for the person who asked. */
import { isMillraceError } from '#core/errors'
import type { EngineFailure, SyntaxFailure } from '#core/engine-failure'
import { withSuggestion } from '#core/nearest'
import { WarehouseError } from '#ports/warehouse'
import { exploreErrors } from './errors.ts'
import { outOfScope } from './inspect.ts'

export interface QueryContext {
  readonly seconds: number
  /** The columns of the datasets it reads. */
  readonly columns: ReadonlySet<string>
  /** The names that it gives to its own parts. */
  readonly ownNames: ReadonlySet<string>
}

const tooDeep = 'The query is nested or repeated too deeply, or has too many parts.'
const noContext: QueryContext = { seconds: 5, columns: new Set(), ownNames: new Set() }

export function engineReason(error: unknown, context: QueryContext = noContext): unknown {
  if (!(error instanceof WarehouseError) || isMillraceError(error)) return error
  const cause = { cause: error }
  const { reason, statement } = error.failure
  const name = statement?.kind === 'name' ? statement.name : ''
  switch (error.kind) {
    case 'syntax':
      return wrongSyntax(error.failure, cause)
    case 'missing_parameter':
      return failed({ message: `The parameter "${name}" has no value.` }, 'parameter', cause)
    case 'too_complex':
      return exploreErrors.refused(
        { problems: [tooDeep] },
        { ...cause, problems: [{ at: 'sql', code: 'too_deep', message: tooDeep }] },
      )
    case 'unknown_column':
      return failed(
        withSuggestion(`There is no column "${name}" here.`, name.split('.').at(-1) ?? name, context.columns),
        'unknown_column',
        cause,
      )
    case 'unknown_function':
      return failed({ message: `There is no function "${name}".` }, 'unknown_function', cause)
    case 'unknown_table':
      return failed({ message: unknownTable(name, context) }, 'unknown_table', cause)
    case 'timeout':
      return exploreErrors.too_long({ seconds: context.seconds }, cause)
    case 'memory':
    case 'limit':
      return exploreErrors.too_much({ reason }, cause)
    case 'busy':
      return exploreErrors.busy({ waiting: 1000 }, cause)
    case 'cancelled':
      return error
    default:
      return failed({ message: sentence(reason) }, error.type.toLowerCase(), cause)
  }
}

type Said = ReturnType<typeof withSuggestion>

function failed(said: Said, code: string, cause: { cause: unknown }): Error {
  return exploreErrors.failed({ reason: said.message }, { ...cause, problems: [{ at: 'sql', code, ...said }] })
}

function unknownTable(name: string, { ownNames }: QueryContext): string {
  return ownNames.has(name) ? outOfScope(name) : 'A dataset of this query was removed while it ran.'
}

function wrongSyntax({ statement, reason }: EngineFailure, cause: { cause: unknown }): Error {
  const message = statement?.kind === 'syntax' ? syntaxReason(statement) : sentence(reason)
  return exploreErrors.syntax({ reason: message }, { ...cause, problems: [{ at: 'sql', code: 'syntax', message }] })
}

function syntaxReason({ position, line, column, near, expected, several }: SyntaxFailure): string {
  return [
    `The SQL is not understood at ${line === undefined ? `position ${position}` : `line ${line}, column ${column}`}`,
    near === undefined ? '.' : `, near "${near}".`,
    several ? ' One query at a time: nothing may follow a semicolon.' : '',
    expected.length === 0 ? '' : ` Expected there: ${expected.join(', ')}.`,
  ].join('')
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`
}
