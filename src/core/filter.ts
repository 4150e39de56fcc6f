/**
 * A filter: an object (`{ field, operator, value }`, with `and`, `or`, `not`) or the same as an
 * expression string. Both become one `Expression`.
 *
 * ```ts
 * import { z } from 'zod'
 * import { printExpression } from '#core/expression'
 *
 * const Definition = z.strictObject({ filter: Filter.optional() }) // checks the form, keeps it as written
 * Definition.parse({ filter: 'amount > 10' }) // { filter: 'amount > 10' }
 * const read = readFilter({ and: [{ field: 'status', operator: 'eq', value: 'active' }, 'amount > 10'] })
 * if ('problems' in read) throw new Error(read.problems[0]!.message)
 * printExpression(read.expression) // "(status = 'active') and (amount > 10)"
 * ```
 */
import { z } from 'zod'
import type { Problem } from '#core/errors'
import { literalOf, movedUnder, parseExpression, placedUnder, type Expression } from '#core/expression'

const Scalar = z.union([z.string().max(10_000), z.number(), z.boolean()])
export type FilterScalar = z.output<typeof Scalar>

export const filterOperators = {
  eq: 'value',
  ne: 'value',
  gt: 'value',
  gte: 'value',
  lt: 'value',
  lte: 'value',
  in: 'list',
  not_in: 'list',
  contains: 'text',
  starts_with: 'text',
  ends_with: 'text',
  like: 'text',
  matches: 'text',
  between: 'pair',
  is_null: 'nothing',
  is_not_null: 'nothing',
} as const
export type FilterOperator = keyof typeof filterOperators

const operatorNames = Object.keys(filterOperators) as [FilterOperator, ...FilterOperator[]]
const shapes = {
  value: { schema: Scalar, says: 'a text, a number, true or false; for null there is "is_null"' },
  list: { schema: z.array(Scalar).min(1).max(1000), says: 'a list of 1 to 1000 texts, numbers, true or false' },
  text: { schema: z.string().max(10_000), says: 'a text' },
  pair: { schema: z.tuple([Scalar, Scalar]), says: 'a list of two values, [from, to]' },
  nothing: { schema: z.undefined(), says: 'left out' },
} as const

/** The operators of the object form as an expression writes them. */
const signs: ReadonlyMap<unknown, FilterOperator> = new Map([
  ['=', 'eq'],
  ['==', 'eq'],
  ['!=', 'ne'],
  ['<>', 'ne'],
  ['neq', 'ne'],
  ['>', 'gt'],
  ['>=', 'gte'],
  ['<', 'lt'],
  ['<=', 'lte'],
])

const FieldFilter = z
  .strictObject({
    field: z.string().min(1).max(200),
    operator: z.preprocess(
      (given) => signs.get(given) ?? given,
      z.enum(operatorNames, {
        error: (issue) => `"${String(issue.input)}" is not an operator; use one of ${operatorNames.join(', ')}`,
      }),
    ),
    value: z.unknown().optional(),
  })
  .check((context) => {
    const { operator, value } = context.value
    const shape = shapes[filterOperators[operator]]
    if (shape.schema.safeParse(value).success) return
    context.issues.push({
      code: 'custom',
      input: value,
      path: ['value'],
      message: `the value of "${operator}" is ${shape.says}`,
    })
  })

export type Filter =
  | string
  | {
      readonly field: string
      readonly operator: FilterOperator
      readonly value?: FilterScalar | readonly FilterScalar[]
    }
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter }

const scalar = { type: ['string', 'number', 'boolean'] }
const simple = [
  { type: 'string', maxLength: 10_000 },
  {
    type: 'object',
    required: ['field', 'operator'],
    additionalProperties: false,
    properties: {
      field: { type: 'string', minLength: 1, maxLength: 200 },
      operator: { enum: [...operatorNames, ...signs.keys()] },
      value: { anyOf: [scalar, { type: 'array', maxItems: 1000, items: scalar }] },
    },
  },
]
/** `conditions` is the schema of what is combined. */
const combined = (conditions: object) => [
  ...['and', 'or'].map((key) => ({
    type: 'object',
    required: [key],
    additionalProperties: false,
    properties: { [key]: { type: 'array', minItems: 1, items: conditions } },
  })),
  { type: 'object', required: ['not'], additionalProperties: false, properties: { not: conditions } },
]

/** JSON Schema has no depth: the second level of `and`, `or` and `not` leaves open what it combines. */
const about = {
  description:
    "A condition: an expression such as `status != 'cancelled' and amount > 10`, or `{field, operator, value}`, or `{and: […]}`, `{or: […]}`, `{not: …}` of these.",
  anyOf: [...simple, ...combined({ anyOf: [...simple, ...combined({})] })],
}

/** The filter as it was written, its form checked; `readFilter` makes an expression of it. */
export const Filter = z
  .custom<Filter>()
  .check((context) => {
    const faults: Fault[] = []
    read(context.value, [], faults)
    for (const { path, character, message } of faults) {
      const place = character === undefined ? '' : `at character ${Number(character) + 1}: `
      context.issues.push({ code: 'custom', input: context.value, path: [...path], message: `${place}${message}` })
    }
  })
  .meta(about)

export function readFilter(
  given: unknown,
): { readonly expression: Expression } | { readonly problems: readonly Problem[] } {
  const faults: Fault[] = []
  const expression = read(given, [], faults)
  if (expression) return { expression }
  const problems = faults.flatMap(({ path, character, code, message }) =>
    placedUnder(placeOf(path), [{ at: character ?? '', code, message }]),
  )
  return { problems }
}

/** `and[0].field`, as the places in other definitions are named. */
function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1)
}

interface Fault {
  readonly path: readonly PropertyKey[]
  readonly character?: string
  readonly code: string
  readonly message: string
}

const maximumDepth = 20

function read(given: unknown, path: readonly PropertyKey[], faults: Fault[]): Expression | undefined {
  const fault = (code: string, message: string): undefined => void faults.push({ path, code, message })
  if (path.length > maximumDepth * 2) return fault('too_deep', `a filter is nested at most ${maximumDepth} deep`)
  if (typeof given === 'string') return readText(given, path, faults)
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    return fault(
      'not_a_filter',
      'a filter is an expression or an object such as {"field": "status", "operator": "eq", "value": "active"}',
    )
  const key = (['and', 'or', 'not'] as const).find((name) => Object.hasOwn(given, name))
  if (key === undefined) return readField(given, path, faults)
  const others = Object.keys(given).filter((name) => name !== key)
  if (others.length > 0) return fault('unknown_field', `"${key}" stands alone, without "${others.join('", "')}"`)
  const inside = (given as Record<string, unknown>)[key]
  const at = placeOf(path)
  if (key === 'not') {
    const value = read(inside, [...path, key], faults)
    return value && { kind: 'not', at, value }
  }
  if (!Array.isArray(inside) || inside.length === 0 || inside.length > 200)
    return void faults.push({
      path: [...path, key],
      code: 'not_a_list',
      message: `"${key}" holds a list of 1 to 200 filters`,
    })
  const parts = inside.map((part, index) => read(part, [...path, key, index], faults))
  if (parts.includes(undefined)) return undefined
  return parts.length === 1 ? parts[0] : { kind: 'logic', at, operator: key, parts: parts as Expression[] }
}

function readText(text: string, path: readonly PropertyKey[], faults: Fault[]): Expression | undefined {
  const parsed = parseExpression(text)
  if ('problems' in parsed) {
    faults.push(...parsed.problems.map(({ at, code, message }) => ({ path, character: at, code, message })))
    return undefined
  }
  return path.length === 0 ? parsed.expression : movedUnder(placeOf(path), parsed.expression)
}

function readField(given: object, path: readonly PropertyKey[], faults: Fault[]): Expression | undefined {
  const parsed = FieldFilter.safeParse(given)
  if (!parsed.success) {
    faults.push(
      ...parsed.error.issues.map((issue) => ({
        path: [...path, ...issue.path],
        code: issue.code ?? 'custom',
        message: issue.message,
      })),
    )
    return undefined
  }
  const { field, operator, value } = parsed.data
  const place = (last: string): string => placeOf([...path, last])
  const column: Expression = { kind: 'column', at: place('field'), name: field }
  const literal = (one: unknown): Expression => literalOf(one as FilterScalar, place('value'))
  const list = (): Expression[] => (value as FilterScalar[]).map(literal)
  const at = placeOf(path)
  switch (operator) {
    case 'is_null':
    case 'is_not_null':
      return { kind: 'is_null', at, value: column, negated: operator === 'is_not_null' }
    case 'in':
    case 'not_in':
      return { kind: 'in', at, value: column, items: list(), negated: operator === 'not_in' }
    case 'between': {
      const [low, high] = list() as [Expression, Expression]
      return { kind: 'between', at, value: column, low, high, negated: false }
    }
    case 'like':
      return { kind: 'like', at, value: column, pattern: value as string, anyCase: false, negated: false }
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'matches':
      return { kind: 'call', at, name: operator, arguments: [column, literal(value)] }
    default:
      return { kind: 'comparison', at, operator: comparisons[operator], left: column, right: literal(value) }
  }
}

const comparisons = { eq: '=', ne: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const
