import { parseJsonValue } from '#core/parse-json'
import { defineModule } from '#kernel/module'
import type { Logger, Measurement } from '#kernel/module'
import { datasets, isRestricted } from '#modules/datasets'
import { metricEvents, metrics, numbersChanged, readNumbersChanged } from '#modules/metrics'
import type { Bus, BusMessage } from '#ports/bus'
import type { Clock } from '#ports/clock'
import { liveContract } from './contract.ts'
import { liveErrors } from './errors.ts'
import { liveHandlers, seriesOfMetric } from './handlers.ts'
import type { Live } from './index.ts'
import { readWish } from './live-question.ts'
import { liveMeasurements } from './measurements.ts'
import { namedStreams } from './named-streams.ts'
import { livePublishers } from './publishers.ts'
import type { Publishers } from './publishers.ts'
import type { LiveSource } from './series.ts'
import { liveEvents } from './server-sent-events.ts'
import { liveSockets } from './sockets.ts'

export default defineModule({
  name: 'live',
  about: 'Numbers that stay current while somebody watches them.',
  needs: { datasets, metrics },
  permissions: { 'metrics.stream': 'Start and stop live streams of metrics.' },
  contract: liveContract,
  errors: liveErrors,
  listens: [{ event: metricEvents.changed, from: 'now' }],
  sockets: {
    kpi: { path: '/ws/kpi/{code}', permission: 'metrics.read', summary: 'The values of a metric as they change.' },
  },
  async start({ needs, ports, log }) {
    const { bus, clock } = ports
    const publishers = publishersOver(
      { metrics: needs.metrics, covers: ports.log.positions.covers },
      { bus, clock, log },
    )
    const sockets = liveSockets({ publishers, clock, log })
    const events = liveEvents({ publishers, clock })
    const streams = namedStreams(publishers)

    // Over the bus, so that rows folded by one process wake the publishers of all.
    const changes = await bus.subscribe(numbersChanged, (message) => publishers.wake(readNumbersChanged(message)))

    const serve: Live['serve'] = (call, readSeries) =>
      sockets.serve(call, async () => {
        const { series, resume } = await readSeries()
        return { question: { reader: await needs.datasets.readerOf(call.actor), series }, resume }
      })
    const face: Live = { serve, readWish, whenWatched: publishers.whenWatched }
    return {
      face,
      handlers: liveHandlers({ metrics: needs.metrics, readerOf: needs.datasets.readerOf, sockets, events, streams }),
      sockets: {
        kpi: (call) =>
          serve(call, () => seriesOfMetric(needs.metrics, call.workspace, call.params['code'] ?? '', call.query)),
      },
      measurements: (): Iterable<Measurement> => liveMeasurements(publishers, sockets, events),
      on: {
        'metrics.changed': async ({ workspace, payload: { code } }) => {
          await needs.metrics.changesDone()
          publishers.wake({ workspace, code, change: 'reloaded' })
        },
      },
      async stop() {
        await changes.close()
        sockets.stop()
        events.stop()
        publishers.stop()
      },
    }
  },
})

interface PublisherPorts {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
}

/** What changes in a plain question (UTC, whole, of all rows) also goes out on the bus, retained. */
function publishersOver(source: LiveSource, { bus, clock, log }: PublisherPorts): Publishers {
  return livePublishers({
    source,
    clock,
    onError: (error) => log.warn({ err: error }, 'live numbers could not be read'),
    onUpdate: (reader, series, points, at) => {
      if (isRestricted(reader) || series.by.length > 0 || series.filter !== undefined || series.zone !== 'UTC') return
      const message: BusMessage = {
        at: new Date(at).toISOString(),
        points: points.map(({ json }) => parseJsonValue(json) as BusMessage),
      }
      void bus.publish(`kpi.updates.${reader.workspace}.${series.code}.${series.period}`, message, { retain: true })
    },
  })
}
