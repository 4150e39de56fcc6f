/** What the engine said no to, in words for the person who asked. */
import { isMillraceError } from '#core/errors'
import { nearest } from '#core/nearest'
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
  const reason = readable(error.message)
  switch (error.kind) {
    case 'syntax':
      return exploreErrors.syntax(
        { reason: syntaxReason(error.message) },
        { ...cause, problems: [{ at: 'sql', code: 'syntax', message: syntaxReason(error.message) }] },
      )
    case 'missing_parameter':
      return failed(`The parameter "${/`(\w+)`/.exec(error.message)?.[1] ?? ''}" has no value.`, 'parameter', cause)
    case 'too_complex':
      return exploreErrors.refused(
        { problems: [tooDeep] },
        { ...cause, problems: [{ at: 'sql', code: 'too_deep', message: tooDeep }] },
      )
    case 'unknown_column':
      return unknownColumn(error.message, context, cause)
    case 'unknown_function':
      return failed(
        `There is no function "${/with name [`']?(\w+)/i.exec(error.message)?.[1] ?? ''}".`,
        'unknown_function',
        cause,
      )
    case 'unknown_table':
      return unknownTable(error.message, context, cause)
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
      return failed(reason, error.type.toLowerCase(), cause)
  }
}

function failed(said: string, code: string, more: { cause: unknown }, suggestion?: string): Error {
  const message = suggestion === undefined ? sentence(said) : `${sentence(said)} Did you mean "${suggestion}"?`
  return exploreErrors.failed(
    { reason: message },
    { ...more, problems: [{ at: 'sql', code, message, ...(suggestion === undefined ? {} : { suggestion }) }] },
  )
}

function unknownColumn(text: string, context: QueryContext, cause: { cause: unknown }): Error {
  const name = /identifiers? [`']([^`']+)[`']/.exec(text)?.[1] ?? ''
  const meant = nearest(name.split('.').at(-1) ?? name, context.columns)
  return failed(`There is no column "${name}" here.`, 'unknown_column', cause, meant)
}

function unknownTable(text: string, context: QueryContext, cause: { cause: unknown }): Error {
  const name = /identifier [`']([^`']+)[`']/.exec(text)?.[1] ?? ''
  if (context.ownNames.has(name)) return failed(outOfScope(name), 'unknown_table', cause)
  return failed('A dataset of this query was removed while it ran.', 'unknown_table', cause)
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`
}

/** Without what only the engine's makers need: scopes, pipeline steps, the names of its own helpers. */
function readable(message: string): string {
  return message
    .replace(/(: )?(In scope|while executing|While executing|While processing)[\s\S]*$/, '')
    .replaceAll(/\b__table\d+\./g, '')
    .replaceAll(/\bws_\w+\./g, '')
    .slice(0, 600)
    .trim()
}

function syntaxReason(message: string): string {
  const place = /failed at position (\d+)(?: \(([^)]*)\))?(?: \(line (\d+), col (\d+)\))?/.exec(message)
  if (!place) return readable(message)
  const where = place[3] === undefined ? `position ${place[1]}` : `line ${place[3]}, column ${place[4]}`
  const expected = /Expected one of: ([^.]*)/
    .exec(message)?.[1]
    ?.split(', ')
    .filter((word) => /^[A-Z(),]/.test(word))
    .slice(0, 8)
    .join(', ')
  const multi = /Multi-statements/.test(message) ? ' One query at a time: nothing may follow a semicolon.' : ''
  return `The SQL is not understood at ${where}${place[2] === undefined ? '' : `, near "${place[2]}"`}.${multi}${expected ? ` Expected there: ${expected}.` : ''}`
}
