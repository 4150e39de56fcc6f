/**
 * Everything that is wrong with a value, each problem with its place and, where a word was
 * misspelt, the word that was meant.
 *
 * ```ts
 * import { Measure } from '#core/metric'
 *
 * const { problems } = check(Measure, { type: 'sum', expression: 'amount', fliter: 'amount > 0' }, 'measure')
 * problems // [{ at: 'measure.fliter', code: 'unknown_field', message: '…' }]
 * ```
 */
import type { z } from 'zod'
import { countText } from '#core/count-text'
import type { Problem } from '#core/errors'
import { withSuggestion } from '#core/nearest'
import { withArticle } from '#core/with-article'
import { fieldsAt } from './schema-fields.ts'

/** More are of no use to anybody. */
const MOST = 100

type Issue = z.core.$ZodIssue

export type Checked<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value?: undefined; readonly problems: readonly Problem[] }

/** `place` comes before every `at`: `query` makes `query.limit`. */
export function check<S extends z.ZodType>(schema: S, input: unknown, place = ''): Checked<z.output<S>> {
  let parsed: z.ZodSafeParseResult<z.output<S>>
  try {
    parsed = schema.safeParse(input)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { problems: [{ at: place, code: 'too_deep', message: 'This is nested too deeply. Use fewer levels.' }] }
  }
  if (parsed.success) return { value: parsed.data, problems: [] }
  const problems = parsed.error.issues.flatMap((issue) => problemsOfIssue(issue, { base: [], schema, input, place }))
  return { problems: problems.slice(0, MOST) }
}

interface Checking {
  readonly schema: z.ZodType
  readonly input: unknown
  readonly place: string
  /** Where the value is that the issue is about. */
  readonly base: readonly PropertyKey[]
}

function problemsOfIssue(issue: Issue, checking: Checking): Problem[] {
  const { base, schema, input, place } = checking
  const path = [...base, ...issue.path]
  const at = placeName(place, path)
  const given = valueAt(input, path)
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(schema, path, input)
    return issue.keys.map((key) => ({
      at: placeName(place, [...path, key]),
      code: 'unknown_field',
      ...withSuggestion(`There is no field "${key}" here.`, key, known),
    }))
  }
  if (issue.code === 'invalid_union') {
    const branch = closestBranch(issue.errors)
    if (branch) return branch.flatMap((inner) => problemsOfIssue(inner, { ...checking, base: path }))
    return [choiceProblem(at, given, 'options' in issue ? (issue.options as readonly unknown[]) : [])]
  }
  if (issue.code === 'invalid_value') {
    const problem = choiceProblem(at, given, issue.values)
    return [{ ...problem, message: authorsMessage(issue) ?? problem.message }]
  }
  if (issue.code === 'invalid_type') {
    const expected = expectedText(issue.expected)
    const message =
      given === undefined ? `This is needed: ${expected}.` : `Expected ${expected}, found ${describe(given)}.`
    return [{ at, code: given === undefined ? 'missing' : 'wrong_type', message: authorsMessage(issue) ?? message }]
  }
  if (issue.code === 'custom') {
    const { code, suggestion } = (issue.params ?? {}) as { code?: string; suggestion?: string }
    const message = issue.message.startsWith('is ') ? `${describe(given)} ${issue.message}` : issue.message
    return [{ at, code: code ?? 'invalid', message, ...(suggestion && { suggestion }) }]
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const message = issue.message.startsWith('Too ') ? boundSentence(issue, given) : sentence(issue.message)
    return [{ at, code: issue.code, message }]
  }
  if (issue.code === 'invalid_format' && /^[a-z]/.test(issue.message))
    return [{ at, code: 'wrong_form', message: sentence(`${describe(given)} does not fit: it ${issue.message}`) }]
  return [{ at, code: issue.code, message: sentence(issue.message) }]
}

function boundSentence(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, given: unknown): string {
  const small = issue.code === 'too_small'
  const bound = Number(small ? issue.minimum : issue.maximum)
  const how = issue.inclusive === false ? (small ? 'more than' : 'less than') : small ? 'at least' : 'at most'
  if (issue.origin === 'string') {
    if (given === '') return 'This must not be empty.'
    return `This needs ${how} ${countText(bound, 'character')} and has ${String(given).length}.`
  }
  if (Array.isArray(given))
    return `This list needs ${how} ${countText(bound, 'entry', 'entries')} and has ${given.length}.`
  return `${describe(given)} is too ${small ? 'small' : 'large'}: it has to be ${how} ${bound}.`
}

/** What the schema's author wants said, where it is not zod's own sentence. */
function authorsMessage(issue: Issue): string | undefined {
  return issue.message.startsWith('Invalid input') || issue.message.startsWith('Invalid option')
    ? undefined
    : issue.message
}

/** Of a union's branches, the one the author most likely meant: it got furthest before it failed. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]): number => Math.max(...issues.map((issue) => issue.path.length))
  const wrongAtRoot = (issues: readonly Issue[]): boolean =>
    issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0)
  return branches
    .filter((issues) => issues.length > 0)
    .toSorted(
      (a, b) => Number(wrongAtRoot(a)) - Number(wrongAtRoot(b)) || depth(b) - depth(a) || a.length - b.length,
    )[0]
}

function choiceProblem(at: string, found: unknown, values: readonly unknown[]): Problem {
  const choices = values.map(String)
  const shown = choices.length > 12 ? `${choices.slice(0, 12).join(', ')} …` : choices.join(', ')
  if (found === undefined) return { at, code: 'missing', message: `This is needed: one of ${shown}.` }
  const message = `${describe(found)} is not one of ${shown}.`
  return {
    at,
    code: 'not_allowed',
    ...(typeof found === 'string' ? withSuggestion(message, found, choices) : { message }),
  }
}

function placeName(place: string, path: readonly PropertyKey[]): string {
  let name = place
  for (const part of path) {
    if (typeof part === 'number') name += `[${part}]`
    else name += name === '' ? String(part) : `.${String(part)}`
  }
  return name
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<PropertyKey, unknown>)[part]
  }
  return value
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`
  if (typeof value === 'object') return 'an object'
  return String(value)
}

const articles: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  int: 'a whole number',
  boolean: 'true or false',
  void: 'nothing',
  undefined: 'nothing',
}

function expectedText(type: string): string {
  return articles[type] ?? withArticle(type)
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`
}
