/** An open period is compared with the part of the earlier one that had passed after as long a time. */
import { localDay, startOfLocalDay, type Period, type PeriodName, type Zone } from '#core/period'
import type { QuestionPlan } from './question-sql.ts'

const minute = 60_000
const day = 86_400_000

export interface ElapsedPart extends Period {
  /** Which of the periods is open. */
  readonly open: number
  /** What answers the part; absent while no time has passed. */
  readonly plan: QuestionPlan | undefined
}

export interface Compared {
  readonly plan: QuestionPlan
  readonly periods: readonly Period[]
  /** What a period is compared with, by its number. */
  readonly baseOf: (index: number) => Period | undefined
  readonly period: PeriodName
  readonly zone: Zone
}

/** `undefined` where the earlier period counts whole: none is open, or as much time passed in it altogether. */
export function elapsedPart({ plan, periods, baseOf, period, zone }: Compared, now: number): ElapsedPart | undefined {
  const open = periods.findIndex(({ start, end }, index) => baseOf(index) && start <= now && now < end)
  const [earlier, current] = [baseOf(open), periods[open]]
  if (earlier === undefined || current === undefined) return undefined
  const { start } = earlier
  const end = plan.metric.byDate
    ? afterDays(start, daysBetween(current.start, now, zone) + 1, zone)
    : start + whole(now - current.start, period === 'minute' ? 1000 : minute)
  if (end >= earlier.end) return undefined
  return { open, start, end, plan: end > start ? planOf(plan, { start, end }, zone) : undefined }
}

function planOf(plan: QuestionPlan, { start, end }: Period, zone: Zone): QuestionPlan {
  const ticks = (length: number): number[] => [start / length, end / length]
  if (plan.metric.byDate) return { ...plan, edges: [start, end].map((at) => dayOf(at, zone) * (day / minute)) }
  if (plan.unit === 'second' || end % minute !== 0)
    return { ...plan, edges: ticks(1000), unit: 'second', cells: undefined }
  return { ...plan, edges: ticks(minute), cells: plan.cells && { ...plan.cells, grain: 1 } }
}

function whole(length: number, step: number): number {
  return length - (length % step)
}

function dayOf(instant: number, zone: Zone): number {
  return Date.parse(`${localDay(instant, zone)}T00:00:00Z`) / day
}

function daysBetween(start: number, now: number, zone: Zone): number {
  return dayOf(now, zone) - dayOf(start, zone)
}

function afterDays(start: number, days: number, zone: Zone): number {
  return startOfLocalDay(new Date((dayOf(start, zone) + days) * day).toISOString().slice(0, 10), zone)
}
