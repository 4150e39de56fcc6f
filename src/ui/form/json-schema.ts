import { problemText } from '../api/problem-text.ts'

/** The part of JSON Schema that settings of connectors and steps use, and how a form reads it. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly additionalProperties?: boolean | JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly writeOnly?: boolean
  readonly secret?: boolean
}

export interface FieldProblem {
  readonly at: string
  readonly message: string
  readonly suggestion?: string | undefined
}

export type Control =
  | { readonly kind: 'text' | 'secret' | 'long-text' | 'number' | 'integer' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'fields'; readonly fields: readonly [string, JsonSchema][] }
  | { readonly kind: 'list'; readonly items: JsonSchema }
  | { readonly kind: 'map'; readonly values: JsonSchema }
  | { readonly kind: 'variants'; readonly variants: readonly JsonSchema[] }
  | { readonly kind: 'json' }

const longNames = new Set(['sql', 'query', 'body', 'script', 'expression'])

/** Which control a field gets. What no control fits is written as JSON. */
export function controlFor(name: string, schema: JsonSchema): Control {
  const variants = (schema.anyOf ?? schema.oneOf)?.filter(({ type }) => type !== 'null')
  if (variants !== undefined) {
    const constants = variants.map((variant) => variant.const)
    if (constants.every((value) => typeof value === 'string')) return { kind: 'choice', options: constants as string[] }
    const only = variants.length === 1 ? variants[0] : undefined
    if (only !== undefined) return controlFor(name, only)
    return variants.every(isObject) ? { kind: 'variants', variants: variantsOf(schema) } : { kind: 'json' }
  }
  if (schema.enum?.every((value) => typeof value === 'string'))
    return { kind: 'choice', options: schema.enum as string[] }
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type
  switch (type) {
    case 'string':
      if (schema.writeOnly === true || schema.secret === true || schema.format === 'password') return { kind: 'secret' }
      return { kind: longNames.has(name) || schema.format === 'multiline' ? 'long-text' : 'text' }
    case 'number':
    case 'integer':
    case 'boolean':
      return { kind: type }
    case 'array':
      return schema.items === undefined ? { kind: 'json' } : { kind: 'list', items: schema.items }
    case 'object':
      if (schema.properties !== undefined && Object.keys(schema.properties).length > 0)
        return { kind: 'fields', fields: Object.entries(schema.properties) }
      return typeof schema.additionalProperties === 'object'
        ? { kind: 'map', values: schema.additionalProperties }
        : { kind: 'json' }
    default:
      return { kind: 'json' }
  }
}

function isObject({ type, properties, anyOf, oneOf }: JsonSchema): boolean {
  return (type === 'object' && properties !== undefined) || (anyOf ?? oneOf)?.some(isObject) === true
}

/** The object forms a value may take, those within those included; forms that are no object are left to the code view. */
export function variantsOf(schema: JsonSchema): readonly JsonSchema[] {
  const inner = schema.anyOf ?? schema.oneOf
  if (inner !== undefined) return inner.flatMap(variantsOf)
  return isObject(schema) ? [schema] : []
}

/** What tells a form from its siblings: its type, or the settings it must have. */
export function variantName({ title, properties = {}, required = [] }: JsonSchema): string {
  const type = properties['type']
  if (title !== undefined) return title
  if (typeof type?.const === 'string') return titleFor(type.const, {})
  if (type?.enum !== undefined) return type.enum.join(', ')
  const names = required.length > 0 ? required : Object.keys(properties)
  return titleFor(names.join(', '), {})
}

/** The form that a value has: the one whose required settings and constants it holds. */
export function variantOf(
  variants: readonly JsonSchema[],
  value: Readonly<Record<string, unknown>>,
): JsonSchema | undefined {
  return variants.find(
    ({ properties = {}, required = [] }) =>
      required.every((name) => name in value) &&
      Object.entries(properties).every(([name, field]) => field.const === undefined || value[name] === field.const) &&
      Object.keys(value).every((name) => name in properties),
  )
}

/** `dateField` and `date_field` read as "Date field". */
export function titleFor(name: string, schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase()
    .trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a new thing begins with: defaults, and an empty place for what is required. */
export function startingValue(schema: JsonSchema): unknown {
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  const control = controlFor('', schema)
  if (control.kind === 'variants') return {}
  if (control.kind !== 'fields') return { list: [], map: {} }[control.kind as string]
  const required = new Set(schema.required)
  const entries = control.fields.map(
    ([name, field]) =>
      [name, required.has(name) || field.default !== undefined ? startingValue(field) : undefined] as const,
  )
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** `transformations.0.config.field`, `transformations[0].config.field` and, within its text, `….field:7` are one place. */
export function placeOf(at: string): string {
  return at
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .replaceAll('/', '.')
    .replace(/^[.$]+/, '')
    .replace(/:\d+$/, '')
}

export function problemAt(problems: readonly FieldProblem[], place: string): string | undefined {
  return joinedText(problems.filter(({ at }) => placeOf(at) === place))
}

/** What is wrong at a place or anywhere beneath it, for a control that holds all of it. */
export function problemWithin(problems: readonly FieldProblem[], place: string): string | undefined {
  return joinedText(problems.filter(({ at }) => placeOf(at) === place || placeOf(at).startsWith(`${place}.`)))
}

function joinedText(problems: readonly FieldProblem[]): string | undefined {
  return problems.length === 0 ? undefined : [...new Set(problems.map(problemText))].join('; ')
}
