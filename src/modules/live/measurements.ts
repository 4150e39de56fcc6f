import type { Measurement } from '#kernel/module'
import type { Publishers } from './publishers.ts'
import type { LiveEvents } from './server-sent-events.ts'
import type { LiveSockets } from './sockets.ts'

export function* liveMeasurements(
  publishers: Publishers,
  sockets: LiveSockets,
  events: LiveEvents,
): Iterable<Measurement> {
  yield {
    name: 'millrace_live_connections',
    help: 'Open sockets and event streams of live numbers.',
    type: 'gauge',
    value: sockets.count() + events.count(),
  }
  yield {
    name: 'millrace_live_questions',
    help: 'Different live questions that are kept current.',
    type: 'gauge',
    value: publishers.list().filter((one) => one.idleSince() === undefined).length,
  }
}
