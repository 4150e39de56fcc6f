import { z } from 'zod'
import { defineEvents, event } from '#kernel/events'

export const connectionEvents = defineEvents('connectors', {
  connectionChanged: event({
    about: 'A connection was made, its settings were changed, or it was deleted.',
    schema: z.object({
      name: z.string(),
      type: z.string(),
      change: z.enum(['created', 'changed', 'deleted']),
      version: z.int(),
    }),
    key: ({ name }) => name,
  }),
})
