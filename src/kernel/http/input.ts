import type { Problem } from '#core/errors'
import { parseKeepingDigits } from '#core/exact-json'
import { withSuggestion } from '#core/nearest'
import { parseJsonValue } from '#core/parse-json'
import type { IncomingBody, Operation, RawBody } from '../module/contract.ts'
import { kernelErrors } from '../problems/errors.ts'
import { check } from '../problems/problems.ts'
import { fieldsAt } from '../problems/schema-fields.ts'
import { readJson } from './body.ts'
import { unstorableText } from './unstorable-text.ts'

export function isRaw(part: object | undefined): part is RawBody {
  return part !== undefined && 'raw' in part && part.raw === true
}

export interface Input {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

/** Parses all parts of a request and rejects with the problems of all of them together. */
export async function parseInput(
  operation: Operation,
  given: { params: unknown; query: Record<string, unknown>; body: IncomingBody | undefined },
): Promise<Input> {
  const problems: Problem[] = []
  const parse = (schema: Operation['params'], value: unknown, place: string): unknown => {
    if (!schema) return value
    const checked = check(schema, value, place)
    problems.push(...checked.problems)
    return checked.value
  }
  problems.push(...unstorableText(given.params, 'path'), ...unstorableText(given.query, 'query'))
  // A handler never sees such a text; the schemas are not asked, because their messages would quote it.
  if (problems.length > 0) throw kernelErrors.invalidRequest({ count: problems.length }, { problems })
  const params = parse(operation.params, given.params, 'path')
  if (operation.query) problems.push(...unknownParameters(operation.query, given.query))
  const query = parse(operation.query, withoutEmpty(given.query), 'query')
  let body: unknown
  if (isRaw(operation.body)) body = ofKnownType(operation.body, given.body)
  else if (operation.body && given.body) {
    const json = await readJson(given.body, operation.keepsDigits === true ? parseKeepingDigits : parseJsonValue)
    body = parse(operation.body, json, '')
  }
  if (problems.length > 0) throw kernelErrors.invalidRequest({ count: problems.length }, { problems })
  return { params, query, body }
}

/** A client that names no type is trusted to send what the path takes. */
function ofKnownType({ contentTypes }: RawBody, body: IncomingBody | undefined): IncomingBody | undefined {
  const type = body?.contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === '' || contentTypes.includes(type)) return body
  throw kernelErrors.unsupportedContent({ found: type, expected: contentTypes })
}

/** `?from=&zone=` of a form or a template: what is left empty is not given. */
function withoutEmpty(query: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
}

/** A misspelt parameter that is silently ignored gives a wrong answer, so it is a problem. `_…` is left to cache breakers. */
function unknownParameters(schema: NonNullable<Operation['query']>, query: Record<string, unknown>): Problem[] {
  const known = fieldsAt(schema, [], query)
  return Object.keys(query)
    .filter((name) => !known.includes(name) && !name.startsWith('_') && known.length > 0)
    .map((name) => ({
      at: `query.${name}`,
      code: 'unknown_parameter',
      ...withSuggestion(`There is no parameter "${name}" here.`, name, known),
    }))
}
