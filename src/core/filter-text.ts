import { parseJsonValue } from './parse-json.ts'

/**
 * A filter that is written as text: an expression, or the object form as JSON. No expression begins with a brace; text
 * that does and is no JSON stays text, so that whoever reads the filter says what is wrong with it.
 *
 * ```ts
 * filterOfText('amount > 10') // 'amount > 10'
 * filterOfText('{"field": "status", "operator": "eq", "value": "active"}') // { field: 'status', operator: 'eq', value: 'active' }
 * ```
 */
export function filterOfText(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return text
  try {
    return parseJsonValue(text)
  } catch {
    return text
  }
}
