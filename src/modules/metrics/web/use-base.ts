import { useQueries } from '@tanstack/react-query'
import type { MetricDefinition, PeriodName } from '#core/metric'
import { findZone, periodOf } from '#core/period'
import { useNow } from '#ui/use-now'
import { basisOf, elapsedStretches } from './elapsed.ts'
import { valuesQuery } from './metric-api.ts'
import { nameOfBase } from './metric-page-data.ts'

export interface Base {
  /** `undefined`: nothing to compare with; `null`: there was nothing. */
  readonly value: number | null | undefined
  readonly name: string
}

/** What the open period is held against. `whole` is the value of the whole period before, where it is known. */
export function useBase(
  metric: MetricDefinition,
  period: PeriodName,
  zoneName: string,
  whole: number | null | undefined,
  open: boolean,
  filter?: string,
): Base {
  const zone = findZone(zoneName) ?? findZone('UTC')!
  const now = useNow(60_000)
  const basis = open ? basisOf(metric.measure, period) : 'whole'
  const stretches = basis === 'elapsed' ? elapsedStretches(now, period, zone) : []
  const answers = useQueries({
    queries: stretches.map((stretch) => ({
      ...valuesQuery({ code: metric.code, ...stretch, zone: zoneName, filter }),
      staleTime: 60_000,
    })),
  })
  if (basis === 'none') return { value: undefined, name: nameOfBase(period, true) }
  if (basis === 'whole') return { value: whole, name: nameOfBase(period, false) }
  const name = nameOfBase(period, true)
  if (stretches.length === 0 || answers.some(({ data }) => data === undefined)) return { value: undefined, name }
  const from = periodOf(stretches[0]!.from, period, zone).start
  const points = answers.flatMap(({ data }) => data?.points ?? []).filter((point) => Date.parse(point.start) >= from)
  return { value: points.length === 0 ? null : points.reduce((sum, point) => sum + (point.value ?? 0), 0), name }
}
