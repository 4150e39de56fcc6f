/** The contract of a stream from its first events. */
import { ColumnName, type Column, type ColumnType } from '#core/dataset'
import { columnRules, type Field } from '#core/column-rules'
import { isNumber, isObject, parseExact } from '#core/exact-json'
import { linesOf } from './lines.ts'

const sampleRows = 1_000
const widestRow = 1_000

/** As many whole numbers make an `integer`; after fewer of them a fraction may well follow, and a `number` takes both. */
const enoughIntegers = 100
/** A column is what this share of its values is; the others are rejected rather than making it fit for nothing. */
const majority = 2 / 3
const exactInDouble = 2 ** 53

/**
 * From up to the first 1,000 readable events. RFC 3339 times and dates are recognised; objects and arrays make
 * `json`, and so do values of kinds none of which prevails; what is always null becomes `string`. Every column
 * may be null: that a sample has no gap proves nothing.
 */
export function inferColumns(ndjson: Buffer): readonly Column[] {
  const seen = new Map<string, Seen>()
  let rows = 0
  for (const { bytes } of linesOf(ndjson)) {
    if (rows === sampleRows) break
    const row = read(bytes)
    if (row === undefined) continue
    rows += 1
    for (const [name, field] of Object.entries(row)) {
      const counts = seen.get(name) ?? new Map<Kind, number>()
      if (counts.size === 0 && (seen.size >= widestRow || !ColumnName.safeParse(name).success)) continue
      const kind = kindOf(field)
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
      seen.set(name, counts)
    }
  }
  return [...seen].map(([name, counts]) => ({ name, type: typeOf(counts), nullable: true, tags: [] }))
}

type Seen = Map<Kind, number>
type Kind = 'null' | 'integer' | 'large' | 'huge' | 'number' | 'boolean' | 'timestamp' | 'date' | 'string' | 'json'

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
  if (!integer.fits(field)) return 'huge'
  return Math.abs(Number(field.rawJSON)) < exactInDouble ? 'integer' : 'large'
}

const families = [
  ['integer', 'large', 'huge', 'number'],
  ['date', 'timestamp'],
  ['boolean'],
  ['string'],
  ['json'],
] as const satisfies readonly (readonly Kind[])[]

function typeOf(counts: Seen): ColumnType {
  const of = (kind: Kind): number => counts.get(kind) ?? 0
  const sizes = families.map((family) => family.reduce((sum, kind) => sum + of(kind), 0))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total === 0) return 'string'
  const prevailing = sizes.findIndex((size) => size >= total * majority)
  if (prevailing === -1) return sizes[1]! + sizes[3]! === total ? 'string' : 'json'
  switch (families[prevailing]?.[0]) {
    case 'integer': {
      if (of('number') > 0) return 'number'
      if (of('huge') > 0) return 'decimal(38,0)'
      return of('large') > 0 || of('integer') >= enoughIntegers ? 'integer' : 'number'
    }
    case 'date':
      return of('timestamp') > 0 ? 'timestamp' : 'date'
    case 'boolean':
      return 'boolean'
    case 'string':
      return 'string'
    default:
      return 'json'
  }
}
