import { z } from 'zod'
import { defineContract, operation } from '#kernel/contract'

export const DemoState = z.object({
  workspace: z.string(),
  title: z.string(),
  about: z.string(),
  feeds: z.array(
    z.object({ stream: z.string(), until: z.iso.datetime().nullable(), caughtUp: z.boolean(), running: z.boolean() }),
  ),
})
export type DemoState = z.output<typeof DemoState>

export const demoContract = defineContract('demo', {
  state: operation({
    method: 'GET',
    path: '/api/v1/demo',
    permission: 'demo.read',
    summary: 'What the demo workspace holds and how far its made-up events have come.',
    answer: DemoState,
    command: 'demo state',
  }),
})
