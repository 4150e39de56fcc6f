/** The contract of a stream from its first events. */
import { ColumnName, type Column, type ColumnType } from '#core/dataset'
import { columnRules, type Field } from './column-rules.ts'
import { isNumber, isObject, parseExact } from './exact-json.ts'
import { linesOf } from './lines.ts'

const sampleRows = 1_000
const widestRow = 1_000

/**
 * From up to the first 1,000 readable events. Whole numbers make an `integer`, others a `number`; RFC 3339 times
 * and dates are recognised; objects, arrays and mixtures become `json`; what is always null becomes `string`.
 * Every column may be null: that a sample has no gap proves nothing.
 */
export function inferColumns(ndjson: Buffer): readonly Column[] {
  const seen = new Map<string, Set<Kind>>()
  let rows = 0
  for (const { bytes } of linesOf(ndjson)) {
    if (rows === sampleRows) break
    const row = read(bytes)
    if (row === undefined) continue
    rows += 1
    for (const [name, field] of Object.entries(row)) {
      const kinds = seen.get(name) ?? new Set<Kind>()
      if (kinds.size === 0 && (seen.size >= widestRow || !ColumnName.safeParse(name).success)) continue
      kinds.add(kindOf(field))
      seen.set(name, kinds)
    }
  }
  return [...seen].map(([name, kinds]) => ({ name, type: typeOf(kinds), nullable: true, tags: [] }))
}

type Kind = 'null' | 'integer' | 'long' | 'number' | 'boolean' | 'timestamp' | 'date' | 'string' | 'json'

function read(bytes: Buffer): Record<string, Field> | undefined {
  try {
    const value = parseExact(bytes.toString('utf8'))
    return isObject(value) ? (value as Record<string, Field>) : undefined
  } catch {
    return undefined
  }
}

const [integer, day, time] = [columnRules('integer'), columnRules('date'), columnRules('timestamp')]
const wholeNumber = /^-?\d+$/

function kindOf(field: Field): Kind {
  if (field === null) return 'null'
  if (typeof field === 'boolean') return 'boolean'
  if (typeof field === 'string') {
    if (day.fits(field)) return 'date'
    return field[10] === 'T' && time.fits(field) && /(Z|[+-]\d{2}:\d{2})$/.test(field) ? 'timestamp' : 'string'
  }
  if (!isNumber(field)) return 'json'
  if (!wholeNumber.test(field.rawJSON)) return 'number'
  return integer.fits(field) ? 'integer' : 'long'
}

function typeOf(kinds: ReadonlySet<Kind>): ColumnType {
  const values = [...kinds].filter((kind) => kind !== 'null')
  const only = (...allowed: Kind[]): boolean => values.every((kind) => allowed.includes(kind))
  if (values.length === 0) return 'string'
  if (only('integer')) return 'integer'
  if (only('integer', 'long')) return 'decimal(38,0)'
  if (only('integer', 'long', 'number')) return 'number'
  if (only('boolean')) return 'boolean'
  if (only('date')) return 'date'
  if (only('date', 'timestamp')) return 'timestamp'
  if (only('date', 'timestamp', 'string')) return 'string'
  return 'json'
}
