import { ApiProblem, asProblem } from '../api/api-problem.ts'
import { placeOf, titleFor, type FieldProblem, type JsonSchema } from './json-schema.ts'

/** `headers.Authorization` by the labels of its fields: "Headers · Authorization". An empty title in the schema is left out. */
export function placeTitle(place: string, schema: JsonSchema): string {
  return titlesOf(place, schema).titles.join(' · ')
}

/** The problem with fields named by their labels, where its sentence names them by their places in the settings. */
export function withFieldTitles<P extends FieldProblem>(problem: P, settings: JsonSchema): P {
  return { ...problem, message: titledText(problem.message, settings) }
}

/** The same for an error with its problems. */
export function errorWithFieldTitles(
  error: unknown,
  titled: (problem: ApiProblem['problems'][number]) => FieldProblem,
) {
  const problem = asProblem(error)
  const problems = problem.problems.map((one) => ({ ...one, message: titled(one).message }))
  const detail = problem.problems.reduce(
    (text, { message }, index) => text.replace(message, problems[index]!.message),
    problem.detail,
  )
  const { status, code, title, remedy, requestId } = problem
  return new ApiProblem({ status, code, title, detail, remedy, problems, requestId })
}

function titledText(text: string, settings: JsonSchema): string {
  return text.replaceAll(/"([^"\s]+)"/g, (quoted, place: string) => {
    const { titles, isKnown } = titlesOf(place, settings)
    return isKnown && titles.length > 0 ? `"${titles.join(' · ')}"` : quoted
  })
}

function titlesOf(
  place: string,
  schema: JsonSchema,
): { readonly titles: readonly string[]; readonly isKnown: boolean } {
  const titles: string[] = []
  let inner: JsonSchema | undefined = schema
  let isKnown = true
  for (const step of placeOf(place.replaceAll('[]', '.*')).split('.')) {
    const found: Child | undefined = inner && childOf(inner, step)
    isKnown &&= found !== undefined
    inner = found?.schema
    if (step === '*') continue
    if (/^\d+$/.test(step)) titles.push(`${titles.pop() ?? 'Item'} ${Number(step) + 1}`)
    else titles.push(found?.isKey === true ? step : titleFor(step, inner ?? {}))
  }
  return { titles: titles.filter((title) => title !== ''), isKnown }
}

interface Child {
  readonly schema: JsonSchema
  /** Its name is chosen by people, and is its label. */
  readonly isKey: boolean
}

function childOf(schema: JsonSchema, step: string): Child | undefined {
  const property = Object.hasOwn(schema.properties ?? {}, step) ? schema.properties?.[step] : undefined
  if (property !== undefined) return { schema: property, isKey: false }
  if (schema.items !== undefined && /^(\d+|\*)$/.test(step)) return { schema: schema.items, isKey: false }
  if (typeof schema.additionalProperties === 'object') return { schema: schema.additionalProperties, isKey: true }
  for (const form of schema.anyOf ?? schema.oneOf ?? []) {
    const found = childOf(form, step)
    if (found !== undefined) return found
  }
  return undefined
}
