import { latenessMs } from '#core/metric'
import type { MetricPoint } from '#core/metric'
import { findZone } from '#core/period'
import type { Period } from '#core/period'
import type { Clock } from '#ports/clock'
import type { Metrics } from '#modules/metrics'
import type { LiveSeries } from './live-question.ts'
import { nearRange, rangesOf, snapshotRange } from './window.ts'

export type LiveSource = Pick<Metrics, 'get' | 'values' | 'onChanged' | 'changedMinutes'>

export interface Changed {
  readonly key: string
  readonly json: string
}

/** One line of numbers as it is known here, and what is to be asked next. Its calls come one after the other. */
export interface SeriesState {
  /** Asks what may have changed and answers the points that did. */
  refresh(): Promise<Changed[]>
  points(): Iterable<Changed>
  /** Rows were folded past this position. */
  folded(from: bigint): void
  /** Anything may have changed: ask for the whole window again. */
  doubt(): void
  /** When a point's state, and nothing else, changes next; or when late rows are looked for. */
  dueAt(): number
}

interface Held {
  readonly json: string
  readonly start: number
  readonly end: number
  readonly state: MetricPoint['state']
  readonly empty: boolean
}

export function seriesState(source: LiveSource, workspace: string, series: LiveSeries, clock: Clock): SeriesState {
  const zone = findZone(series.zone) ?? findZone('UTC')!
  const held = new Map<string, Held>()
  let lateness = 0
  let whole = true
  let oldestUnseen: bigint | undefined
  let lookedForLateAt = 0

  const ask = async ({ start, end }: Period): Promise<Changed[]> => {
    const { points } = await source.values(workspace, {
      code: series.code,
      period: series.period,
      from: start,
      to: end,
      zone: series.zone,
      by: series.by,
      ...(series.filter === undefined ? {} : { filter: series.filter }),
    })
    const changed: Changed[] = []
    const seen = new Set<string>()
    for (const point of points) {
      const key = keyOfPoint(series, point)
      seen.add(key)
      keep(key, point, changed)
    }
    for (const [key, before] of held) {
      if (before.start >= start && before.start < end && !seen.has(key) && !before.empty)
        keep(key, vanished(before), changed)
    }
    return changed
  }
  const keep = (key: string, point: MetricPoint, changed: Changed[]): void => {
    const json = jsonOf(series, point)
    if (held.get(key)?.json === json) return
    held.delete(key)
    held.set(key, {
      json,
      start: Date.parse(point.start),
      end: Date.parse(point.end),
      state: point.state,
      empty: point.value === null,
    })
    changed.push({ key, json })
  }
  /** Points before the window stay a while when late rows touched them; the longest untouched go first. */
  const forgetOld = (from: number): void => {
    let spare = held.size - mostHeld
    let older = -mostOlder
    for (const point of held.values()) if (point.start < from) older += 1
    for (const [key, point] of held) {
      if (spare <= 0 && older <= 0) return
      if (point.start >= from && spare <= 0) continue
      if (point.start < from) older -= 1
      held.delete(key)
      spare -= 1
    }
  }
  const stateChangeOf = (point: Held): number =>
    point.state === 'open' ? point.end : point.state === 'provisional' ? point.end + lateness : Infinity

  const lateRanges = async (now: number): Promise<Period[]> => {
    if (oldestUnseen === undefined || now - lookedForLateAt < lookForLateEveryMs) return []
    const after = oldestUnseen
    oldestUnseen = undefined
    lookedForLateAt = now
    try {
      const minutes = await source.changedMinutes(workspace, series.code, after, mostMinutes)
      if (minutes.length >= mostMinutes) whole = true
      return rangesOf(minutes, series.period, zone, mostRanges)
    } catch (error) {
      oldestUnseen = oldestUnseen === undefined || after < oldestUnseen ? after : oldestUnseen
      throw error
    }
  }

  return {
    async refresh() {
      const now = clock.now()
      const window = snapshotRange(now, series.period, zone)
      const late = await lateRanges(now)
      const turned = [...held.values()].filter((point) => stateChangeOf(point) <= now).map((point) => point.start)
      const all = whole
      whole = false
      try {
        if (all) lateness = latenessMs((await source.get(workspace, series.code)).lateness)
        const first = all ? window : nearRange(now, series.period, zone)
        const outside = (range: Period): boolean => range.start < first.start || range.end > first.end
        const changed: Changed[] = []
        for (const range of [
          first,
          ...late.filter(outside),
          ...rangesOf(turned, series.period, zone, mostRanges).filter(outside),
        ])
          changed.push(...(await ask(range)))
        forgetOld(window.start)
        return [...new Map(changed.map((point) => [point.key, point])).values()]
      } catch (error) {
        whole = true
        throw error
      }
    },
    *points() {
      for (const [key, { json }] of held) yield { key, json }
    },
    folded(from) {
      if (oldestUnseen === undefined || from < oldestUnseen) oldestUnseen = from
    },
    doubt() {
      whole = true
    },
    dueAt() {
      let due = oldestUnseen === undefined ? Infinity : lookedForLateAt + lookForLateEveryMs
      for (const point of held.values()) due = Math.min(due, stateChangeOf(point))
      return due
    },
  }
}

const lookForLateEveryMs = 1000
const mostMinutes = 2000
const mostRanges = 16
const mostOlder = 500
const mostHeld = 20_000

function keyOfPoint(series: LiveSeries, point: MetricPoint): string {
  return JSON.stringify([
    series.code,
    series.period,
    point.start,
    series.by.map((name) => point.dims?.[name] ?? null),
    series.tile ?? null,
  ])
}

function jsonOf(series: LiveSeries, { start, end, value, exact, state, dataPoints, dims }: MetricPoint): string {
  return JSON.stringify({
    code: series.code,
    period: series.period,
    start,
    end,
    value,
    ...(exact === undefined ? {} : { exact }),
    state,
    dataPoints,
    ...(dims === undefined ? {} : { dims }),
    ...(series.tile === undefined ? {} : { tile: series.tile }),
  })
}

/** A point whose rows are gone says so, since an absent one could not. */
function vanished(before: Held): MetricPoint {
  const { exact: _, ...point } = JSON.parse(before.json) as MetricPoint
  return { ...point, value: null, dataPoints: 0 }
}
