import { latenessMs } from '#core/metric'
import { findZone, periodOf } from '#core/period'
import type { Period } from '#core/period'
import type { Reader } from '#modules/datasets'
import type { Metrics } from '#modules/metrics'
import type { Clock } from '#ports/clock'
import type { Position, Positions } from '#ports/log'
import { heldPoints } from './held-points.ts'
import type { ChangedPoint } from './held-points.ts'
import type { LiveSeries } from './live-question.ts'
import { nearRange, rangesOf, snapshotRange } from './window.ts'

export interface LiveSource {
  readonly metrics: Pick<Metrics, 'get' | 'values' | 'changedMinutes' | 'watch'>
  readonly covers: Positions['covers']
}

/** One line of numbers as it is known here, and what is to be asked next. Its calls come one after the other. */
export interface SeriesState {
  /** Asks what may have changed and returns the points that did. */
  refresh(): Promise<ChangedPoint[]>
  points(): Iterable<ChangedPoint>
  /** Rows were folded past this position. */
  folded(from: Position): void
  /** Anything may have changed: ask for the whole window again. */
  doubt(): void
  /** When a point's state, and nothing else, changes next; or when late rows are looked for. */
  dueAt(): number
}

const lookForLateEveryMs = 1000
const maxMinutes = 2000
const maxRanges = 16

export function seriesState(
  { metrics, covers }: LiveSource,
  reader: Reader,
  series: LiveSeries,
  clock: Clock,
): SeriesState {
  const { workspace } = reader
  const zone = findZone(series.zone) ?? findZone('UTC')!
  const held = heldPoints(series)
  let lateness = 0
  let whole = true
  let oldestUnseen: Position | undefined
  let lookedForLateAt = 0
  /** When the next period begins, while there are rows dated ahead, which may be in it already. */
  let nextBegin = Infinity

  const ask = async (range: Period, looksAhead: boolean): Promise<ChangedPoint[]> => {
    const { points, extent } = await metrics.values(reader, {
      code: series.code,
      period: series.period,
      from: range.start,
      to: range.end,
      zone: series.zone,
      by: series.by,
      extent: looksAhead,
      ...(series.filter === undefined ? {} : { filter: series.filter }),
    })
    if (looksAhead) nextBegin = extent?.ahead ? range.end : Infinity
    return held.replace(range, points)
  }
  const noteUnseen = (from: Position): void => {
    if (oldestUnseen === undefined || covers(oldestUnseen, from)) oldestUnseen = from
  }
  const lateRanges = async (now: number): Promise<Period[]> => {
    if (oldestUnseen === undefined || now - lookedForLateAt < lookForLateEveryMs) return []
    const after = oldestUnseen
    oldestUnseen = undefined
    lookedForLateAt = now
    try {
      const minutes = await metrics.changedMinutes(workspace, series.code, after, maxMinutes)
      if (minutes.length >= maxMinutes) whole = true
      if (minutes.some((minute) => minute > now)) nextBegin = periodOf(now, series.period, zone).end
      // Periods that have not begun are not shown: rows dated ahead count when their time comes.
      return rangesOf(
        minutes.filter((minute) => minute <= now),
        series.period,
        zone,
        maxRanges,
      )
    } catch (error) {
      noteUnseen(after)
      throw error
    }
  }

  return {
    async refresh() {
      const now = clock.now()
      const window = snapshotRange(now, series.period, zone)
      const late = await lateRanges(now)
      const turned = rangesOf(held.turned(now, lateness), series.period, zone, maxRanges)
      const all = whole
      whole = false
      try {
        if (all) lateness = latenessMs((await metrics.get(workspace, series.code)).lateness)
        const first = all ? window : nearRange(now, series.period, zone)
        const outside = (range: Period): boolean => range.start < first.start || range.end > first.end
        const changed: ChangedPoint[] = await ask(first, all || now >= nextBegin)
        for (const range of [...late.filter(outside), ...turned.filter(outside)])
          changed.push(...(await ask(range, false)))
        held.forgetBefore(window.start)
        return [...new Map(changed.map((point) => [point.key, point])).values()]
      } catch (error) {
        whole = true
        throw error
      }
    },
    points: () => held.list(),
    folded(from) {
      noteUnseen(from)
    },
    doubt() {
      whole = true
    },
    dueAt: () =>
      Math.min(
        oldestUnseen === undefined ? Infinity : lookedForLateAt + lookForLateEveryMs,
        held.nextTurn(lateness),
        nextBegin,
      ),
  }
}
