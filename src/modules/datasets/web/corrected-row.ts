/** A rejected row as it is corrected by hand: values that are not edited are sent as they came. */
import type { QuarantinedItem } from '../contract.ts'
import { LongNumber, parse, stringify } from './digits.ts'

/** The row to begin with: its columns one below the other where it can be read, otherwise its text as it came. */
export function editableRow({ row, record }: Pick<QuarantinedItem, 'row' | 'record'>): string {
  const columns = record ?? correctedRow(row)
  try {
    return columns === undefined ? row : stringify(columns, '  ')
  } catch {
    // It is nested too deeply.
    return row
  }
}

/** The object that the text writes; `undefined` where it is none. */
export function correctedRow(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown
  try {
    value = parse(text)
  } catch {
    return undefined
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LongNumber)
    ? (value as Record<string, unknown>)
    : undefined
}
