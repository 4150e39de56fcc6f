/** Records that came as JSON: staged as they are, their columns told from all of them. */
import type { ColumnType } from '#core/dataset'
import { jsonMemberSql } from '#core/json-text'
import { literal, raw, sql, text } from '#sdk'
import type { Sql } from '#sdk'
import type { RelationColumn } from './relation.ts'

export interface RecordColumns {
  add(records: readonly Readonly<Record<string, unknown>>[]): void
  /** Each computed from `_record`, the JSON text of a record. */
  columns(): readonly RelationColumn[]
}

type Kind = 'null' | 'boolean' | 'integer' | 'decimal' | 'number' | 'timestamp' | 'date' | 'string' | 'json'

const maxColumns = 1000

export function recordColumns(): RecordColumns {
  const kinds = new Map<string, Kind>()
  return {
    add: (records) => {
      for (const record of records) {
        for (const [key, value] of Object.entries(record)) {
          const kind = kindOf(value)
          const before = kinds.get(key)
          if (before === undefined && kinds.size >= maxColumns) continue
          kinds.set(key, before === undefined ? kind : wider(before, kind))
        }
      }
    },
    columns: () =>
      [...kinds].map(([key, kind]) => ({ name: key, type: typeOf(kind), nullable: true, sql: extract(key, kind) })),
  }
}

function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number'
  if (typeof value === 'string') {
    if (!/^\d{4}-\d\d-\d\d/.test(value) || Number.isNaN(Date.parse(value))) return 'string'
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'date'
    return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.test(value) ? 'timestamp' : 'string'
  }
  if (typeof value !== 'object' || !('rawJSON' in value)) return 'json'
  const digits = String(value.rawJSON)
  return digits.length > 38 || !/^-?\d+$/.test(digits) ? 'number' : 'decimal'
}

function wider(one: Kind, other: Kind): Kind {
  if (one === other || other === 'null') return one
  if (one === 'null') return other
  const numbers: readonly Kind[] = ['integer', 'decimal', 'number']
  if (numbers.includes(one) && numbers.includes(other))
    return numbers[Math.max(numbers.indexOf(one), numbers.indexOf(other))] ?? 'number'
  const times: readonly Kind[] = ['date', 'timestamp']
  if (times.includes(one) && times.includes(other)) return 'timestamp'
  return one === 'json' || other === 'json' ? 'json' : 'string'
}

function typeOf(kind: Kind): ColumnType {
  if (kind === 'null') return 'string'
  // An integer beyond JavaScript's keeps all its digits.
  return kind === 'decimal' ? 'decimal(38,0)' : kind
}

function extract(key: string, kind: Kind): Sql {
  const of = (type: string): Sql => sql`JSONExtract(_record, ${text(key)}, ${raw(`'Nullable(${type})'`)})`
  switch (kind) {
    case 'boolean':
      return of('Bool')
    case 'integer':
      return of('Int64')
    case 'number':
      return of('Float64')
    case 'decimal':
      return of('Decimal(38, 0)')
    case 'date':
      return sql`toDate32OrNull(JSONExtractString(_record, ${text(key)}))`
    case 'timestamp':
      return sql`parseDateTime64BestEffortOrNull(JSONExtractString(_record, ${text(key)}), 6, 'UTC')`
    case 'json':
      return raw(jsonMemberSql('_record', literal(key).slice(1, -1)))
    case 'null':
    case 'string':
      return sql`if(JSONType(_record, ${text(key)}) = 'String', ${of('String')}, nullIf(nullIf(JSONExtractRaw(_record, ${text(key)}), ''), 'null'))`
  }
}
