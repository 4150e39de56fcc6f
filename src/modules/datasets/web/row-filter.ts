import { nameText, stringText } from '#core/expression-text'
import type { Dataset } from './dataset-api.ts'

const operators = /[=<>()]|\s(and|or|in|not|is|like|between)\s/i

/** What is written into the filter of a table: a condition as it is, other text as a search in every column. */
export function rowFilter(written: string, columns: Dataset['columns']): string | undefined {
  const text = written.trim()
  if (text === '') return undefined
  if (operators.test(text)) return text
  const wanted = stringText(text.toLowerCase())
  return columns
    .map(({ name, type }) => (type === 'string' ? nameText(name) : `cast(${nameText(name)} as string)`))
    .map((column) => `contains(lower(${column}), ${wanted})`)
    .join(' or ')
}
