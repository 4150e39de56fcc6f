import type { PeriodName } from '#core/period'
import { formatNumber } from '../format/number.ts'
import { formatClock, formatPeriod } from '../format/time.ts'

/** What a chart says, apart from how it is drawn. */
export interface ChartSpec {
  readonly title: string
  readonly kind: 'line' | 'area' | 'bar'
  readonly unit?: string | undefined
  readonly period: PeriodName
  readonly zone: string
  readonly series: readonly ChartSeries[]
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly target?: number | undefined
}

export interface ChartSeries {
  readonly name: string
  readonly points: readonly ChartPoint[]
  /** Drawn thin and quiet behind the others: a base to compare with. */
  readonly quiet?: boolean
}

export interface ChartPoint {
  readonly at: number
  readonly value: number | null
  readonly state: 'open' | 'provisional' | 'final'
}

/** One column of times, and per series the whole points and the step into the open one. */
export interface Aligned {
  readonly times: readonly number[]
  readonly whole: readonly (readonly (number | null)[])[]
  readonly open: readonly (readonly (number | null)[])[]
}

export function aligned(series: readonly ChartSeries[], kind: ChartSpec['kind']): Aligned {
  const times = [...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b)
  const index = new Map(times.map((at, position) => [at, position]))
  const column = (): (number | null)[] => times.map(() => null)
  const whole = series.map(column)
  const open = series.map(column)
  for (const [number, { points }] of series.entries()) {
    let before: ChartPoint | undefined
    for (const point of points) {
      const into = point.state === 'open' ? open[number] : whole[number]
      const position = index.get(point.at)
      if (into === undefined || position === undefined) continue
      into[position] = point.value
      if (point.state === 'open' && kind !== 'bar' && before !== undefined)
        into[index.get(before.at) ?? position] = before.value
      before = point
    }
  }
  return { times, whole, open }
}

/** Positions of values with no value beside them. */
export function isolated(column: readonly (number | null | undefined)[]): number[] {
  const isGap = (position: number): boolean => (column[position] ?? null) === null
  return column.flatMap((_, position) =>
    !isGap(position) && isGap(position - 1) && isGap(position + 1) ? [position] : [],
  )
}

/** The chart in a sentence, for those who do not see it. */
export function summaryOf(spec: ChartSpec): string {
  const parts = spec.series
    .filter(({ quiet }) => quiet !== true)
    .map(({ name, points }) => {
      const known = points.filter((point): point is ChartPoint & { value: number } => point.value !== null)
      const last = known.at(-1)
      if (last === undefined) return `${name}: no values`
      const values = known.map(({ value }) => value)
      const show = (value: number): string => formatNumber(value, { unit: spec.unit })
      const partial = last.state === 'open' ? ', still filling' : ''
      return `${name}: ${known.length} points by ${spec.period}, from ${show(Math.min(...values))} to ${show(Math.max(...values))}, the latest ${show(last.value)} (${formatPeriod(last.at, spec.period, spec.zone)}${partial})`
    })
  return parts.length === 0 ? `${spec.title}: no values in this range` : `${spec.title}. ${parts.join('. ')}.`
}

/** "partial, data to 14:32:05". */
export function partialNote(heardAt: number, zone: string): string {
  return `partial, data to ${formatClock(heardAt, zone)}`
}

/** The upper end of the axis: grows at once, shrinks only when much of it is unused, so that it does not jitter. */
export function steadyMaximum(held: number | undefined, highest: number): number {
  const wanted = roundUp(highest * 1.06)
  if (held === undefined || wanted > held || wanted < held * 0.6) return wanted
  return held
}

/** Both ends of the axis: zero is always on it, and no value lies beyond the last round number of either side. */
export function axisRange(
  held: readonly [low: number, high: number] | undefined,
  low: number,
  high: number,
): readonly [low: number, high: number] {
  const below = low < 0 ? -steadyMaximum(held && held[0] < 0 ? -held[0] : undefined, -low) : 0
  const above = high > 0 || below === 0 ? steadyMaximum(held && held[1] > 0 ? held[1] : undefined, high) : 0
  return [below, above]
}

function roundUp(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const step =
    [1, 1.2, 1.5, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 10].find((candidate) => candidate * power >= value) ?? 10
  return step * power
}
