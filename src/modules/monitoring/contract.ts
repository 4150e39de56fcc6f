import { z } from 'zod'
import { defineContract, operation } from '#kernel/contract'
import { Paging } from '#kernel/paging'

const share = z.number().min(0).max(1).nullable()

export const monitoringContract = defineContract('monitoring', {
  metrics: operation({
    method: 'GET',
    path: '/api/v1/monitoring/metrics',
    permission: 'monitoring.read',
    summary: 'How the runs of the workspace ended recently, and what the server uses.',
    query: z.object({ hours: z.coerce.number().int().min(1).max(720).default(24) }),
    answer: z.object({
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      runs: z.object({ succeeded: z.number(), failed: z.number(), cancelled: z.number(), running: z.number() }),
      /** Of the runs that ended; null when none did. */
      successRate: share,
      errorRate: share,
      recordsProcessed: z.number(),
      latencyMs: z.object({ avg: z.number().nullable(), p95: z.number().nullable() }),
      /** Of the server's own process; the engine's is another. */
      resources: z.object({ memoryBytes: z.number(), cpuSeconds: z.number(), uptimeSeconds: z.number() }),
    }),
    command: 'monitoring metrics',
  }),
  integrations: operation({
    method: 'GET',
    path: '/api/v1/integrations',
    permission: 'monitoring.read',
    summary: 'What serves the names of the source systems, and whether it is healthy.',
    query: Paging,
    answer: z.object({
      items: z.array(
        z.object({
          name: z.string(),
          kind: z.enum(['built-in', 'external']),
          url: z.string().optional(),
          healthy: z.boolean(),
          checkedAt: z.iso.datetime(),
          latencyMs: z.number().nullable().describe('how long the probe took; null where nothing serves the name'),
          detail: z.string(),
        }),
      ),
      next: z.string().nullable(),
    }),
    command: 'integrations list',
    columns: ['name', 'kind', 'healthy', 'latencyMs', 'detail'],
  }),
})
