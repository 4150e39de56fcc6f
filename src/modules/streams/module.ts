import { defineModule } from '#kernel/module'
import { datasets } from '#modules/datasets'
import { streamsContract } from './contract.ts'
import { streamErrors } from './errors.ts'
import { streamHandlers } from './handlers.ts'
import type { Streams } from './index.ts'
import { ingestion } from './ingest.ts'

export default defineModule({
  name: 'streams',
  about: 'Events in, in order and durable, and out again.',
  needs: { datasets },
  permissions: {
    'streams.read': 'See streams and read their events.',
    'streams.write': 'Send events to streams.',
  },
  contract: streamsContract,
  errors: streamErrors,
  async start({ needs, ports }) {
    const { log, clock } = ports
    const counts = { accepted: 0, rejected: 0 }
    const ingest = ingestion({ datasets: needs.datasets, clock, start: log.positions.start })
    const face: Streams = {
      async ingest(workspace, stream, events) {
        const answer = await ingest(workspace, stream, events)
        counts.accepted += answer.accepted
        counts.rejected += answer.rejected
        return answer
      },
      read: needs.datasets.readEvents,
      end: needs.datasets.end,
      group: (workspace, stream, name) => log.group({ workspace, name: stream }, name),
    }
    return {
      face,
      handlers: streamHandlers(face, needs.datasets, log),
      measurements: () => [
        {
          name: 'millrace_events_accepted_total',
          help: 'Events taken into streams.',
          type: 'counter' as const,
          value: counts.accepted,
        },
        {
          name: 'millrace_events_rejected_total',
          help: 'Events put into quarantine.',
          type: 'counter' as const,
          value: counts.rejected,
        },
      ],
    }
  },
})
