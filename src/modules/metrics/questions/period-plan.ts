/** The periods a question asks for, and their edges as the engine sees them. */
import { localDay, periodsIn, type Period, type PeriodName, type Zone } from '#core/period'
import type { TickUnit } from '../definition/compile.ts'

export interface PeriodPlan {
  readonly periods: readonly Period[]
  readonly edges: readonly number[]
  readonly unit: TickUnit
  /** The grain of cells that the edges fall on; raw rows only, when none. */
  readonly grain: 1 | 15 | undefined
}

/** `undefined` when there are more than `limit`. */
export function planPeriods(
  { start, end }: Period,
  period: PeriodName,
  zone: Zone,
  { byDate, limit }: { readonly byDate: boolean; readonly limit: number },
): PeriodPlan | undefined {
  const periods: Period[] = []
  for (const each of periodsIn(start, end, period, zone)) {
    if (periods.length === limit) return undefined
    periods.push(each)
  }
  const instants = [...periods.map(({ start }) => start), periods.at(-1)!.end]
  if (byDate)
    return {
      periods,
      edges: instants.map((instant) => Date.parse(`${localDay(instant, zone)}T00:00:00Z`) / 60_000),
      unit: 'minute',
      grain: 15,
    }
  if (instants.some((instant) => instant % 60_000 !== 0))
    return { periods, edges: instants.map((instant) => instant / 1000), unit: 'second', grain: undefined }
  const edges = instants.map((instant) => instant / 60_000)
  return { periods, edges, unit: 'minute', grain: edges.every((edge) => edge % 15 === 0) ? 15 : 1 }
}
