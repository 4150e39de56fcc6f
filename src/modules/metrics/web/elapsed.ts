/**
 * The base of an open period is the part of the one before that has elapsed here too. The values
 * route answers whole periods, so that part is put together from shorter ones, where adding is right.
 */
import type { MetricDefinition, PeriodName } from '#core/metric'
import { periodOf, previousPeriod, type Zone } from '#core/period'

export interface Stretch {
  readonly period: PeriodName
  readonly from: number
  readonly to: number
}

const grains: Readonly<Record<PeriodName, readonly PeriodName[]>> = {
  minute: [],
  hour: ['minute'],
  day: ['hour', 'minute'],
  week: ['day', 'hour', 'minute'],
  month: ['day', 'hour', 'minute'],
  quarter: ['day', 'hour', 'minute'],
  year: ['month', 'day', 'hour'],
}

export type Basis = 'elapsed' | 'whole' | 'none'

/** Sums grow with the period, so only its elapsed part compares; an average or share compares whole. */
export function basisOf(measure: MetricDefinition['measure'], period: PeriodName): Basis {
  if (measure.type === 'distinct') return 'none'
  if (measure.type === 'sum' || measure.type === 'count') return period === 'minute' ? 'none' : 'elapsed'
  return 'whole'
}

/** Whole shorter periods that fill the elapsed part of the period before, longest first. */
export function elapsedStretches(now: number, period: PeriodName, zone: Zone): Stretch[] {
  const current = periodOf(now, period, zone)
  const before = previousPeriod(current, period, zone)
  const end = Math.min(before.end, before.start + (now - current.start))
  const stretches: Stretch[] = []
  let from = before.start
  for (const grain of grains[period]) {
    const to = periodOf(end, grain, zone).start
    if (to > from) {
      stretches.push({ period: grain, from, to })
      from = to
    }
  }
  return stretches
}
