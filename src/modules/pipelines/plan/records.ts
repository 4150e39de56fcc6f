/** Records that came as JSON: staged as they are, their columns inferred from all of them. */
import type { ColumnType } from '#core/dataset'
import { readDate, readTimestamp } from '#core/expression'
import type { MemberType } from '#plans/plan'
import type { RecordMember } from '#plans/scan'

export interface RecordColumns {
  /** A value that is no object is a row without columns. */
  add(records: readonly unknown[]): void
  members(): readonly RecordMember[]
}

const maxColumns = 1000

export function recordColumns(): RecordColumns {
  const kinds = new Map<string, MemberType>()
  return {
    add: (records) => {
      for (const record of records) {
        for (const [key, value] of membersOf(record)) {
          const kind = kindOf(value)
          const before = kinds.get(key)
          if (before === undefined && kinds.size >= maxColumns) continue
          kinds.set(key, before === undefined ? kind : wider(before, kind))
        }
      }
    },
    members: () => [...kinds].map(([name, member]) => ({ name, type: typeOf(member), member })),
  }
}

function membersOf(record: unknown): [string, unknown][] {
  return typeof record === 'object' && record !== null && !Array.isArray(record) ? Object.entries(record) : []
}

function kindOf(value: unknown): MemberType {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number'
  if (typeof value === 'string') {
    if (!/^\d{4}-\d\d-\d\d/.test(value)) return 'string'
    // A day or time that a column of that type cannot hold stays text.
    if (value.length === 10) return readDate(value) === undefined ? 'string' : 'date'
    return readTimestamp(value) === undefined ? 'string' : 'timestamp'
  }
  if (typeof value !== 'object' || !('rawJSON' in value)) return 'json'
  const digits = String(value.rawJSON)
  return digits.length > 38 || !/^-?\d+$/.test(digits) ? 'number' : 'decimal'
}

function wider(one: MemberType, other: MemberType): MemberType {
  if (one === other || other === 'null') return one
  if (one === 'null') return other
  const numbers: readonly MemberType[] = ['integer', 'decimal', 'number']
  if (numbers.includes(one) && numbers.includes(other))
    return numbers[Math.max(numbers.indexOf(one), numbers.indexOf(other))] ?? 'number'
  const times: readonly MemberType[] = ['date', 'timestamp']
  if (times.includes(one) && times.includes(other)) return 'timestamp'
  return one === 'json' || other === 'json' ? 'json' : 'string'
}

function typeOf(kind: MemberType): ColumnType {
  if (kind === 'null') return 'string'
  // An integer beyond JavaScript's keeps all its digits.
  return kind === 'decimal' ? 'decimal(38,0)' : kind
}
