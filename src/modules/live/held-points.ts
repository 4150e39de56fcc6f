import type { MetricPoint } from '#core/metric'
import { parseJsonValue } from '#core/parse-json'
import type { Period } from '#core/period'
import type { LiveSeries } from './live-question.ts'

export interface ChangedPoint {
  readonly key: string
  readonly json: string
}

/** The points of one line as they were last sent. */
export interface HeldPoints {
  /** Takes the points of a range as they are now; returns those that differ from what is held. */
  replace(range: Period, points: readonly MetricPoint[]): ChangedPoint[]
  list(): Iterable<ChangedPoint>
  /** The starts of periods whose state has changed by now. */
  turned(now: number, lateness: number): number[]
  /** When the state of a point changes next. */
  nextTurn(lateness: number): number
  /** Points before the window stay a while when late rows touched them; the longest untouched go first. */
  forgetBefore(from: number): void
}

interface Held {
  readonly json: string
  readonly start: number
  readonly end: number
  readonly state: MetricPoint['state']
  readonly empty: boolean
}

const maxOlder = 500
const maxHeld = 20_000

export function heldPoints(series: LiveSeries): HeldPoints {
  const held = new Map<string, Held>()
  const keep = (key: string, point: MetricPoint, changed: ChangedPoint[]): void => {
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
  return {
    replace({ start, end }, points) {
      const changed: ChangedPoint[] = []
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
    },
    *list() {
      for (const [key, { json }] of held) yield { key, json }
    },
    turned: (now, lateness) =>
      [...held.values()].filter((point) => turnOf(point, lateness) <= now).map((point) => point.start),
    nextTurn(lateness) {
      let next = Infinity
      for (const point of held.values()) next = Math.min(next, turnOf(point, lateness))
      return next
    },
    forgetBefore(from) {
      let spare = held.size - maxHeld
      let older = -maxOlder
      for (const point of held.values()) if (point.start < from) older += 1
      for (const [key, point] of held) {
        if (spare <= 0 && older <= 0) return
        if (point.start >= from && spare <= 0) continue
        if (point.start < from) older -= 1
        held.delete(key)
        spare -= 1
      }
    },
  }
}

function turnOf(point: Held, lateness: number): number {
  return point.state === 'open' ? point.end : point.state === 'provisional' ? point.end + lateness : Infinity
}

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
  const { exact: _, ...point } = parseJsonValue(before.json) as MetricPoint
  return { ...point, value: null, dataPoints: 0 }
}
