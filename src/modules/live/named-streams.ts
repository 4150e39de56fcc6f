import { keyCounts } from '#core/key-counts'
import type { PeriodName } from '#core/period'
import { systemReader } from '#modules/datasets'
import type { Publishers } from './publishers.ts'
import type { LiveQuestion } from './live-question.ts'

/** What `/stream/status` shows of one metric and period. */
export interface StreamState {
  readonly code: string
  readonly period: PeriodName
  readonly subscribers: number
  readonly since: string | null
  readonly lastUpdateAt: string | null
}

/** Streams by name: started and stopped by hand, or by subscribers that are counted here rather than connected. */
export interface NamedStreams {
  start(workspace: string, code: string, period: PeriodName): StreamState
  stop(workspace: string, code: string, period: PeriodName): StreamState
  subscribe(workspace: string, code: string, period: PeriodName): StreamState
  unsubscribe(workspace: string, code: string, period: PeriodName): StreamState
  list(workspace: string): readonly StreamState[]
}

export function namedStreams(publishers: Publishers): NamedStreams {
  const started = new Set<string>()
  const counted = keyCounts()
  const keyOf = (workspace: string, code: string, period: string): string => JSON.stringify([workspace, code, period])

  const list = (workspace: string): StreamState[] => {
    const streams = new Map<
      string,
      { code: string; period: PeriodName; subscribers: number; since: number; last: number }
    >()
    for (const one of publishers.list()) {
      if (one.question.reader.workspace !== workspace || one.idleSince() !== undefined) continue
      for (const { code, period } of one.question.series) {
        const key = keyOf(workspace, code, period)
        const known = streams.get(key) ?? { code, period, subscribers: counted.count(key), since: Infinity, last: 0 }
        streams.set(key, {
          ...known,
          subscribers: known.subscribers + one.outlets(),
          since: Math.min(known.since, one.since()),
          last: Math.max(known.last, one.lastUpdateAt() ?? 0),
        })
      }
    }
    return [...streams.values()].map(({ code, period, subscribers, since, last }) => ({
      code,
      period,
      subscribers,
      since: new Date(since).toISOString(),
      lastUpdateAt: last === 0 ? null : new Date(last).toISOString(),
    }))
  }
  const stateOf = (workspace: string, code: string, period: PeriodName): StreamState =>
    list(workspace).find((stream) => stream.code === code && stream.period === period) ?? {
      code,
      period,
      subscribers: 0,
      since: null,
      lastUpdateAt: null,
    }

  const holdOrRelease = (workspace: string, code: string, period: PeriodName): StreamState => {
    const key = keyOf(workspace, code, period)
    const question = plainQuestion(workspace, code, period)
    if (started.has(key) || counted.has(key)) publishers.hold(question)
    else publishers.release(question)
    return stateOf(workspace, code, period)
  }
  return {
    start(workspace, code, period) {
      started.add(keyOf(workspace, code, period))
      return holdOrRelease(workspace, code, period)
    },
    stop(workspace, code, period) {
      started.delete(keyOf(workspace, code, period))
      counted.delete(keyOf(workspace, code, period))
      return holdOrRelease(workspace, code, period)
    },
    subscribe(workspace, code, period) {
      counted.increment(keyOf(workspace, code, period))
      return holdOrRelease(workspace, code, period)
    },
    unsubscribe(workspace, code, period) {
      counted.decrement(keyOf(workspace, code, period))
      return holdOrRelease(workspace, code, period)
    },
    list,
  }
}

/** Nobody gets what a held stream reads: it keeps the numbers at hand for those who may see all. */
export function plainQuestion(workspace: string, code: string, period: PeriodName): LiveQuestion {
  return { reader: systemReader('live', workspace), series: [{ code, period, zone: 'UTC', by: [] }] }
}
