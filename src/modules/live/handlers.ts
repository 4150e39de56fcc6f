import { RawReply } from '#kernel/contract'
import type { Handlers } from '#kernel/contract'
import type { PeriodName } from '#core/period'
import type { Datasets } from '#modules/datasets'
import type { Metrics } from '#modules/metrics'
import type { liveContract } from './contract.ts'
import { readWish } from './live-question.ts'
import type { LiveSeries, Resume } from './live-question.ts'
import type { NamedStreams } from './named-streams.ts'
import { resumeOf } from './server-sent-events.ts'
import type { LiveEvents } from './server-sent-events.ts'
import type { LiveSockets } from './sockets.ts'

export interface HandlerParts {
  readonly metrics: Pick<Metrics, 'get'>
  readonly readerOf: Datasets['readerOf']
  readonly sockets: LiveSockets
  readonly events: LiveEvents
  readonly streams: NamedStreams
}

export function liveHandlers({
  metrics,
  readerOf,
  sockets,
  events,
  streams,
}: HandlerParts): Handlers<typeof liveContract> {
  const change = async (
    workspace: string,
    { code, period }: { code: string; period: PeriodName },
    how: keyof Omit<NamedStreams, 'list'>,
  ) => {
    await metrics.get(workspace, code)
    return streams[how](workspace, code, period)
  }
  return {
    events: async ({ actor, workspace, params, query, headers, signal }) => {
      const given = new URLSearchParams(
        Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined),
      )
      const { series, resume } = await seriesOfMetric(metrics, workspace, params.code, given)
      const question = { reader: await readerOf(actor), series }
      return new RawReply(
        'text/event-stream',
        events.open(question, resumeOf(headers['last-event-id']) ?? resume, signal),
        { 'cache-control': 'no-cache', 'x-accel-buffering': 'no' },
      )
    },
    startStream: async ({ workspace, body }) => await change(workspace, body, 'start'),
    stopStream: async ({ workspace, body }) => await change(workspace, body, 'stop'),
    subscribeStream: async ({ workspace, body }) => await change(workspace, body, 'subscribe'),
    unsubscribeStream: async ({ workspace, body }) => await change(workspace, body, 'unsubscribe'),
    streamStatus: ({ workspace }) => ({
      streams: [...streams.list(workspace)],
      connections: sockets.count(workspace) + events.count(workspace),
    }),
  }
}

/** Rejects with `metrics.unknown`, or with every problem of the address. */
export async function seriesOfMetric(
  metrics: Pick<Metrics, 'get'>,
  workspace: string,
  code: string,
  query: URLSearchParams,
): Promise<{ series: readonly LiveSeries[]; resume: Resume | undefined }> {
  const wish = readWish(query, code)
  const series: LiveSeries = {
    code,
    period: wish.period ?? 'minute',
    zone: wish.zone,
    by: wish.by ?? [],
    filter: wish.filter,
  }
  await metrics.get(workspace, code)
  return { series: [series], resume: wish.resume }
}
