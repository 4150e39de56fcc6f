/** The condition of a filter step as the form writes it: comparisons of columns, all or any of which must hold. */
export interface Comparison {
  readonly field: string
  readonly operator: string
  readonly value?: unknown
}

export interface Conditions {
  readonly join: 'and' | 'or'
  readonly comparisons: readonly Comparison[]
}

type Config = Readonly<Record<string, unknown>>
/** The operands of an operator: one value, several, two, or none. */
export type Takes = 'value' | 'list' | 'pair' | 'nothing'

export const operators: readonly { readonly value: string; readonly title: string; readonly takes: Takes }[] = [
  { value: 'eq', title: 'is', takes: 'value' },
  { value: 'ne', title: 'is not', takes: 'value' },
  { value: 'gt', title: 'is more than', takes: 'value' },
  { value: 'gte', title: 'is at least', takes: 'value' },
  { value: 'lt', title: 'is less than', takes: 'value' },
  { value: 'lte', title: 'is at most', takes: 'value' },
  { value: 'between', title: 'is between', takes: 'pair' },
  { value: 'in', title: 'is one of', takes: 'list' },
  { value: 'not_in', title: 'is none of', takes: 'list' },
  { value: 'contains', title: 'contains', takes: 'value' },
  { value: 'starts_with', title: 'starts with', takes: 'value' },
  { value: 'ends_with', title: 'ends with', takes: 'value' },
  { value: 'like', title: 'is like (% stands for anything)', takes: 'value' },
  { value: 'matches', title: 'matches the regular expression', takes: 'value' },
  { value: 'is_null', title: 'is empty', takes: 'nothing' },
  { value: 'is_not_null', title: 'is not empty', takes: 'nothing' },
]

const signs: Readonly<Record<string, string>> = {
  '=': 'eq',
  '==': 'eq',
  '!=': 'ne',
  '<>': 'ne',
  neq: 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
}
const textOperators = new Set(['contains', 'starts_with', 'ends_with', 'like', 'matches'])

export function takesOf(operator: string): Takes {
  return operators.find(({ value }) => value === operator)?.takes ?? 'value'
}

/** "is at least", as it is read in a sentence; an unknown operator as it is written. */
export function operatorWord(operator: unknown): string {
  const name = signs[String(operator)] ?? String(operator)
  return operators.find(({ value }) => value === name)?.title.replace(/ \(.*\)$/, '') ?? name
}

export const blankComparison: Comparison = { field: '', operator: 'eq' }

/** `undefined`: an expression, or a condition of conditions, which the form shows as text. */
export function conditionsOf(config: Config): Conditions | undefined {
  for (const join of ['and', 'or'] as const) {
    const parts = config[join]
    if (parts === undefined) continue
    if (!Array.isArray(parts) || parts.length === 0 || Object.keys(config).length > 1) return undefined
    return parts.every(isComparison) ? { join, comparisons: parts.map(named) } : undefined
  }
  return isComparison(config) ? { join: 'and', comparisons: [named(config)] } : undefined
}

/** One comparison is written without a group; empty fields are left out, so that the server names them as missing. */
export function configOf({ join, comparisons }: Conditions): Record<string, unknown> {
  const parts = comparisons.map(({ field, operator, value }) => ({
    ...(field === '' ? {} : { field }),
    operator,
    ...(value === undefined || takesOf(operator) === 'nothing' ? {} : { value }),
  }))
  return parts.length === 1 ? parts[0]! : { [join]: parts }
}

function isComparison(part: unknown): part is Config {
  return (
    typeof part === 'object' &&
    part !== null &&
    Object.keys(part).every((name) => name === 'field' || name === 'operator' || name === 'value')
  )
}

function named({ field, operator = 'eq', value }: Config): Comparison {
  const name = signs[String(operator)] ?? String(operator)
  return { field: typeof field === 'string' ? field : '', operator: name, ...(value === undefined ? {} : { value }) }
}

/** A typed text as the value of a column: a number where the column holds numbers, or is not known and it reads as one. */
export function typedValue(text: string, type: string | undefined, operator: string): unknown {
  if (text === '') return undefined
  if (textOperators.has(operator)) return text
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true'
  if (type !== undefined && !/^(integer|number|decimal)/.test(type)) return text
  const value = Number(text)
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) && (!Number.isInteger(value) || Number.isSafeInteger(value))
    ? value
    : text
}

/** "north, south" as a list of values. */
export function typedList(text: string, type: string | undefined, operator: string): unknown {
  const values = text.split(',').flatMap((part) => typedValue(part.trim(), type, operator) ?? [])
  return values.length === 0 ? undefined : values
}

export function valueText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(valueText).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The value behind another operator: kept where it fits. */
export function carriedValue(value: unknown, operator: string): unknown {
  const takes = takesOf(operator)
  const one: unknown = Array.isArray(value) ? value[0] : value
  if (takes === 'nothing') return undefined
  if (takes === 'value') return textOperators.has(operator) && one !== undefined ? String(one) : one
  if (one === undefined) return undefined
  const list = Array.isArray(value) ? value : [value]
  return takes === 'list' ? list : [list[0], list[1] ?? list[0]]
}
