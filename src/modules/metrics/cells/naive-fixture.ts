/** For tests: the plain reading of a metric, row by row in JavaScript, that cells are held against. */
import { evaluateExpression, parseExpression, type Scope } from '#core/expression'
import { readFilter } from '#core/filter'
import type { MeasurePart, MetricDefinition } from '#core/metric'
import { findZone, localDay, periodOf, startOfLocalDay, type Zone } from '#core/period'
import type { ValuesQuestion } from '../index.ts'

export type PlainRow = Readonly<Record<string, string | number | boolean | null>>

export interface NaivePoint {
  readonly start: number
  readonly groups: readonly (string | null)[]
  readonly rows: readonly PlainRow[]
}

export interface Naive {
  points(definition: MetricDefinition, question: ValuesQuestion): readonly NaivePoint[]
  /** The values of a measure's expression, without nulls, as they are written in JSON. */
  valuesOf(part: MeasurePart, rows: readonly PlainRow[]): readonly (string | number | boolean)[]
}

export function naive(rows: readonly PlainRow[], scope: Scope): Naive {
  const once = rememberedPerRow()
  const holds = (filter: unknown): ((row: PlainRow) => boolean) => {
    if (filter === undefined) return () => true
    const read = readFilter(filter)
    if ('problems' in read) throw new Error(read.problems[0]!.message)
    return once(JSON.stringify(filter), (row) => evaluateExpression(read.expression, scope, row) === true)
  }
  return {
    points(definition, question) {
      const zone = findZone(question.zone ?? 'UTC')!
      const by = question.by ?? []
      const [one, other] = [holds(definition.filter), holds(question.filter)]
      const found = new Map<string, { start: number; groups: (string | null)[]; rows: PlainRow[] }>()
      for (const row of rows) {
        const at = row[definition.time]
        if (at === null || at === undefined || !one(row) || !other(row)) continue
        const { start, end } = periodOf(instantOf(String(at), zone), question.period, zone)
        if (end <= question.from || start >= question.to) continue
        const groups = by.map((name) => (row[name] === null || row[name] === undefined ? null : String(row[name])))
        const key = JSON.stringify([start, groups])
        const point = found.get(key) ?? { start, groups, rows: [] }
        found.set(key, point)
        point.rows.push(row)
      }
      return [...found.values()]
    },
    valuesOf(part, given) {
      const kept = given.filter(holds(part.filter))
      if (part.type === 'count') return kept.map(() => 1)
      const parsed = parseExpression(part.expression)
      if ('problems' in parsed) throw new Error(parsed.problems[0]!.message)
      const valueOf = once(`value ${part.expression}`, (row) => evaluateExpression(parsed.expression, scope, row))
      return kept.map(valueOf).filter((value) => value !== null)
    },
  }
}

function rememberedPerRow(): <T>(name: string, compute: (row: PlainRow) => T) => (row: PlainRow) => T {
  const known = new Map<string, Map<PlainRow, unknown>>()
  return <T>(name: string, compute: (row: PlainRow) => T) => {
    const own = (known.get(name) ?? new Map<PlainRow, T>()) as Map<PlainRow, T>
    known.set(name, own)
    return (row) => {
      if (!own.has(row)) own.set(row, compute(row))
      return own.get(row)!
    }
  }
}

/** A date is that day in every zone; one that the zone skipped goes to the day before. */
export function instantOf(at: string, zone: Zone): number {
  if (at.length > 10) return Date.parse(at)
  const start = startOfLocalDay(at, zone)
  return localDay(start, zone) === at ? start : start - 1
}
