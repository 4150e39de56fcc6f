import { useMemo } from 'react'
import { periodNames, type PeriodName } from '#core/period'
import { useNow } from '../use-now.ts'
import { useUrlState } from '../url-state.ts'
import { readRange, type Span } from './grammar.ts'
import { bucketsIn, periodFor } from './presets.ts'
import { useZone } from './use-zone.ts'

const maxBuckets = 2_000

export interface RangeState {
  readonly from: string
  readonly to: string
  readonly zone: string
  readonly span: Span
  readonly period: PeriodName
  /** Unset while the period follows from the range. */
  readonly chosenPeriod: PeriodName | undefined
  /** The range moves with time: its end is now. */
  readonly moves: boolean
  change(next: { from?: string; to?: string; period?: string | undefined; zone?: string }): void
}

/** The range of a page, from its URL: `?from=now-24h&to=now&period=hour&zone=Europe/Rome`. */
export function useRange(byDefault: { from: string; to: string }, width = 900): RangeState {
  const [url, changeUrl] = useUrlState()
  const now = useNow(30_000)
  const from = url['from'] ?? byDefault.from
  const to = url['to'] ?? byDefault.to
  const zone = useZone()
  const minute = Math.floor(now / 60_000)
  return useMemo(() => {
    const span = readRange(from, to, now, zone) ??
      readRange(byDefault.from, byDefault.to, now, zone) ?? { from: now - 86_400_000, to: now }
    const asked = periodNames.find((name) => name === url['period'])
    const chosenPeriod = asked !== undefined && bucketsIn(span, asked) <= maxBuckets ? asked : undefined
    return {
      from,
      to,
      zone,
      span,
      period: chosenPeriod ?? periodFor(span, width),
      chosenPeriod,
      moves: to.startsWith('now'),
      change: (next) => changeUrl(next, { keep: true }),
    }
    // A new range once a minute is enough: what is newer arrives live.
  }, [from, to, zone, url['period'], minute, width])
}
