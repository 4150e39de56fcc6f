import { defineErrors } from '#core/errors'

export const eventErrors = defineErrors('events', {
  unknown: {
    kind: 'not_found',
    title: 'Event not parked',
    says: (p: { module: string; id: string }) =>
      `The module "${p.module}" has no parked event "${p.id}" in this workspace.`,
    remedy: 'List the parked events with GET /api/v1/events/parked. An event that was handled is no longer there.',
  },
  behind: {
    kind: 'conflict',
    title: 'The event waits for an earlier one',
    says: (p: { module: string; id: string }) =>
      `The module "${p.module}" handles the event "${p.id}" after an earlier event of the same thing, which is parked too.`,
    remedy: 'Retry the earlier event; this one follows by itself.',
  },
})
