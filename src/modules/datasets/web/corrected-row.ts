/** A rejected row as it is corrected by hand. */
import type { QuarantinedItem } from '../contract.ts'

/** The row to begin with: its columns one below the other where it can be read, otherwise its text as it came. */
export function editableRow({ row, record }: Pick<QuarantinedItem, 'row' | 'record'>): string {
  if (record !== undefined) return JSON.stringify(record, null, 2)
  const parsed = correctedRow(row)
  return parsed === undefined ? row : JSON.stringify(parsed, null, 2)
}

/** The object that the text writes; `undefined` where it is none. Numbers that JavaScript would round become text, which Millrace reads as the same number. */
export function correctedRow(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = exact.parse(text, (_key, value, context) => {
      const source = context?.source
      if (typeof value !== 'number' || source === undefined) return value
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? source : value
    })
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** TypeScript's library does not list the source text of values yet. */
const exact = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context?: { readonly source?: string }) => unknown,
  ): unknown
}
