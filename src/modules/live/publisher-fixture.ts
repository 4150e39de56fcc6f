/** For tests: a metric whose values the test sets, and clients that read when the test says so. */
import { periodOf, findZone, periodState } from '#core/period'
import type { MetricPoint } from '#core/metric'
import { warehousePositions } from '#adapters/log-warehouse'
import type { Clock } from '#ports/clock'
import type { Position } from '#ports/log'
import { metricErrors } from '#modules/metrics'
import type { NumbersChanged } from '#modules/metrics'
import type { Frame } from './frames.ts'
import type { Outlet } from './outlet.ts'
import type { LiveSource } from './series.ts'

const positionAt = (rows: number): Position => warehousePositions.decode(String(rows))
const utc = findZone('UTC')!

export interface FakeMetric {
  readonly source: LiveSource
  /** Puts one more row into the minute; answers the event the fold would send. */
  add(minute: number): NumbersChanged
  /** What the values route would answer now. */
  truth(from: number, to: number): Map<number, { value: number; state: string }>
  asked: { from: number; to: number }[]
  broken: Error | undefined
  gone: boolean
  watchers: number
}

export function fakeMetric(clock: Clock, code = 'M', lateness = '0s'): FakeMetric {
  const counts = new Map<number, number>()
  const changedAt = new Map<number, Position>()
  let rows = 0
  const latenessMs = Number.parseInt(lateness, 10) * 1000
  const fake: FakeMetric = {
    asked: [],
    broken: undefined,
    gone: false,
    watchers: 0,
    add(minute) {
      const from = positionAt(rows)
      const to = positionAt((rows += 1))
      counts.set(minute, (counts.get(minute) ?? 0) + 1)
      changedAt.set(minute, to)
      return { workspace: 'w', code, change: 'cells', folded: { from, to } }
    },
    truth: (from, to) =>
      new Map(
        [...counts]
          .filter(([minute]) => minute >= from && minute < to)
          .map(([minute, value]) => [
            minute,
            { value, state: periodState({ start: minute, end: minute + 60_000 }, latenessMs, clock.now()) },
          ]),
      ),
    source: {
      covers: warehousePositions.covers,
      metrics: {
        get: async () => {
          if (fake.gone) throw metricErrors.unknown({ code })
          return { lateness } as Awaited<ReturnType<LiveSource['metrics']['get']>>
        },
        watch: () => {
          fake.watchers += 1
          return { close: () => void (fake.watchers -= 1) }
        },
        changedMinutes: async (_, __, after, limit) =>
          [...changedAt]
            .filter(([, at]) => !warehousePositions.covers(after, at))
            .map(([minute]) => minute)
            .sort((a, b) => b - a)
            .slice(0, limit),
        values: async (_, { from, to, period, extent }) => {
          if (fake.broken) throw fake.broken
          fake.asked.push({ from, to })
          const points = [...fake.truth(from, to)].map(([minute, { value, state }]): MetricPoint => {
            const { start, end } = periodOf(minute, period, utc)
            return {
              start: new Date(start).toISOString(),
              end: new Date(end).toISOString(),
              value,
              state: state as MetricPoint['state'],
              dataPoints: value,
            }
          })
          const asOf = new Date(clock.now()).toISOString()
          const ahead = [...counts.keys()].filter((minute) => minute > clock.now())
          return {
            code,
            unit: undefined,
            period,
            zone: 'UTC',
            points,
            asOf,
            ...(extent &&
              ahead.length > 0 && { extent: { first: asOf, last: asOf, ahead: { rows: ahead.length, last: asOf } } }),
          }
        },
      },
    },
  }
  return fake
}

export interface FakeClient extends Outlet {
  reading: boolean
  readonly frames: any[] // `any`: frames of several types, looked into by the tests
  readonly points: Map<number, { value: number; state: string }>
  place: { epoch: string; offset: number } | undefined
  ended: string | undefined
  /** Takes what waits. */
  read(): void
  /** Numbers that went back, which must never be. */
  readonly wentBack: string[]
  maxWaiting: number
}

export function fakeClient(before?: FakeClient): FakeClient {
  const waiting: Frame[] = []
  const client: FakeClient = {
    reading: true,
    frames: [],
    points: new Map(before?.points),
    place: before?.place,
    ended: undefined,
    wentBack: before?.wentBack ?? [],
    maxWaiting: 0,
    backlog: () => (waiting.length === 0 ? 0 : 100_000),
    send(frame) {
      waiting.push(frame)
      client.maxWaiting = Math.max(client.maxWaiting, waiting.length)
      if (client.reading) client.read()
    },
    end: (reason) => void (client.ended = reason),
    cut: () => void (client.ended = 'cut'),
    read() {
      for (const { text } of waiting.splice(0)) take(JSON.parse(text))
    },
  }
  const take = (frame: any): void => {
    client.frames.push(frame)
    if (frame.points === undefined) return
    if (frame.type === 'snapshot') client.points.clear()
    client.place = { epoch: frame.epoch, offset: frame.offset }
    for (const { start, value, state } of frame.points) {
      const key = Date.parse(start)
      const known = client.points.get(key)
      if (known !== undefined && value !== null && value < known.value)
        client.wentBack.push(`${start}: ${known.value} to ${value}`)
      client.points.set(key, { value, state })
    }
  }
  return client
}
