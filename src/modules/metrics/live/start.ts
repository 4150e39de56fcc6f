import { RawReply } from '#kernel/contract'
import type { Contract, Handlers } from '#kernel/contract'
import type { Logger, Measurement, SocketCall, SocketRoute } from '#kernel/module'
import { credentialsEnded } from '#modules/identity'
import type { Bus, BusMessage } from '#ports/bus'
import type { Clock } from '#ports/clock'
import type { LiveNumbers, MetricChanged } from '../index.ts'
import type { liveOperations } from './contract.ts'
import { liveEvents, resumeOf } from './events.ts'
import { livePublishers } from './publishers.ts'
import { readWish } from './question.ts'
import type { LiveQuestion } from './question.ts'
import type { LiveSource } from './series.ts'
import { liveSockets } from './sockets.ts'
import { namedStreams } from './streams.ts'

export interface Live {
  readonly face: LiveNumbers
  readonly handlers: Handlers<Contract<typeof liveOperations>>
  readonly sockets: { kpi: (call: SocketCall) => void }
  measurements(): Measurement[]
  stop(): Promise<void>
}

export const liveSocketRoutes: { kpi: SocketRoute } = {
  kpi: { path: '/ws/kpi/{code}', permission: 'metrics.read', summary: 'The values of a metric as they change.' },
}

/** Numbers that stay current while somebody watches them. */
export async function startLive({
  source,
  bus,
  clock,
  log,
}: {
  source: LiveSource
  bus: Bus
  clock: Clock
  log: Logger
}): Promise<Live> {
  const publishers = livePublishers({
    source,
    clock,
    onError: (error) => log.warn({ err: error }, 'live numbers could not be read'),
    onUpdate: (workspace, series, points, at) => {
      if (series.by.length > 0 || series.filter !== undefined || series.zone !== 'UTC') return
      const message: BusMessage = {
        at: new Date(at).toISOString(),
        points: points.map(({ json }) => JSON.parse(json) as BusMessage),
      }
      void bus.publish(`kpi.updates.${workspace}.${series.code}.${series.period}`, message, { retain: true })
    },
  })
  const sockets = liveSockets({ publishers, clock, log })
  const events = liveEvents({ publishers, clock })
  const streams = namedStreams(publishers)

  // Over the bus, so that rows folded by one process wake the publishers of all.
  const listening = source.onChanged((event) => void bus.publish(changedTopic, messageOf(event)))
  const subscription = await bus.subscribe(changedTopic, (message) => publishers.wake(eventOf(message)))

  const leaving = await bus.subscribe(credentialsEnded, (message) => {
    const actors = new Set((message as { ids: string[] }).ids)
    sockets.expel(actors)
    events.expel(actors)
  })

  const questionOf = async (workspace: string, code: string, query: URLSearchParams) => {
    const wish = readWish(query, code)
    const question: LiveQuestion = {
      workspace,
      series: [{ code, period: wish.period ?? 'minute', zone: wish.zone, by: wish.by ?? [], filter: wish.filter }],
    }
    await source.get(workspace, code)
    return { question, resume: wish.resume }
  }
  const named = async (
    workspace: string,
    { code, period }: { code: string; period: LiveQuestion['series'][number]['period'] },
    change: keyof Omit<typeof streams, 'list'>,
  ) => {
    await source.get(workspace, code)
    return streams[change](workspace, code, period)
  }

  return {
    face: { serve: (call, asked) => sockets.serve(call, asked), readWish },
    handlers: {
      live: async ({ workspace, actor, params, query, headers, signal }) => {
        const given = new URLSearchParams(
          Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined),
        )
        const { question, resume } = await questionOf(workspace, params.code, given)
        return new RawReply(
          'text/event-stream',
          events.open(question, resumeOf(headers['last-event-id']) ?? resume, { actor: actor.id, signal }),
          { 'cache-control': 'no-cache', 'x-accel-buffering': 'no' },
        )
      },
      startStream: async ({ workspace, body }) => await named(workspace, body, 'start'),
      stopStream: async ({ workspace, body }) => await named(workspace, body, 'stop'),
      subscribeStream: async ({ workspace, body }) => await named(workspace, body, 'subscribe'),
      unsubscribeStream: async ({ workspace, body }) => await named(workspace, body, 'unsubscribe'),
      streamStatus: ({ workspace }) => ({
        streams: [...streams.list(workspace)],
        connections: sockets.count(workspace) + events.count(workspace),
      }),
    },
    sockets: {
      kpi: (call) =>
        sockets.serve(call, async () => await questionOf(call.workspace, call.params['code'] ?? '', call.query)),
    },
    measurements: () => [
      {
        name: 'millrace_live_connections',
        help: 'Open sockets and event streams of live numbers.',
        type: 'gauge',
        value: sockets.count() + events.count(),
      },
      {
        name: 'millrace_live_questions',
        help: 'Different live questions that are kept current.',
        type: 'gauge',
        value: publishers.list().filter((one) => one.idleSince() === undefined).length,
      },
    ],
    stop: async () => {
      listening.close()
      await subscription.close()
      await leaving.close()
      sockets.stop()
      events.stop()
      publishers.stop()
    },
  }
}

const changedTopic = 'metrics.changed'

/** The bus carries JSON: positions go as text. */
function messageOf({ workspace, code, change, folded }: MetricChanged): BusMessage {
  return {
    workspace,
    code,
    change,
    ...(folded === undefined ? {} : { folded: { from: String(folded.from), to: String(folded.to) } }),
  }
}

function eventOf(message: BusMessage): MetricChanged {
  const { workspace, code, change, folded } = message as {
    workspace: string
    code: string
    change: MetricChanged['change']
    folded?: { from: string; to: string }
  }
  return {
    workspace,
    code,
    change,
    ...(folded === undefined ? {} : { folded: { from: BigInt(folded.from), to: BigInt(folded.to) } }),
  }
}
