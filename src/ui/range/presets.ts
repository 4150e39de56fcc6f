import type { PeriodName } from '#core/period'
import type { Span } from './grammar.ts'

export interface Preset {
  readonly title: string
  readonly from: string
  readonly to: string
}

export const presets: readonly Preset[] = [
  { title: 'Last hour', from: 'now-1h', to: 'now' },
  { title: 'Last 6 hours', from: 'now-6h', to: 'now' },
  { title: 'Last 24 hours', from: 'now-24h', to: 'now' },
  { title: 'Today', from: 'now/d', to: 'now' },
  { title: 'Yesterday', from: 'now-1d/d', to: 'now-1d/d' },
  { title: 'Last 7 days', from: 'now-6d/d', to: 'now' },
  { title: 'Last 30 days', from: 'now-29d/d', to: 'now' },
  { title: 'This month', from: 'now/M', to: 'now' },
  { title: 'Last month', from: 'now-1M/M', to: 'now-1M/M' },
  { title: 'Last 12 months', from: 'now-11M/M', to: 'now' },
]

const lengths: Readonly<Record<PeriodName, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
  quarter: 91 * 86_400_000,
  year: 365 * 86_400_000,
}

/** The finest period that gives each bucket about six pixels. */
export function periodFor(span: Span, width: number): PeriodName {
  const maxPoints = Math.max(12, width / 6)
  const fits = (Object.keys(lengths) as PeriodName[]).find(
    (period) => (span.to - span.from) / lengths[period] <= maxPoints,
  )
  return fits ?? 'year'
}

/** How many buckets a range has, about. */
export function bucketsIn(span: Span, period: PeriodName): number {
  return Math.ceil((span.to - span.from) / lengths[period])
}

/** The same length, one step earlier or later, as fixed instants. */
export function nudged(span: Span, steps: number): { from: string; to: string } {
  const by = steps * (span.to - span.from)
  return { from: new Date(span.from + by).toISOString(), to: new Date(span.to + by).toISOString() }
}

/** Half or twice as long, about the middle. */
export function zoomed(span: Span, factor: number): { from: string; to: string } {
  const middle = (span.from + span.to) / 2
  const half = Math.max(30_000, ((span.to - span.from) / 2) * factor)
  return { from: new Date(middle - half).toISOString(), to: new Date(middle + half).toISOString() }
}

export function titleOf(from: string, to: string, describe: (text: string) => string): string {
  const preset = presets.find((one) => one.from === from && one.to === to)
  return preset?.title ?? `${describe(from)} – ${describe(to)}`
}
