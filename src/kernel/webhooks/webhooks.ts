/**
 * Signed outgoing webhooks: a module declares a job with `webhookJob`, handles it with `webhookHandler`, and delivers
 * an event by queueing the job with the name of an endpoint.
 *
 * ```ts
 * import { defineJobs } from '#kernel/jobs'
 *
 * const alertJobs = defineJobs('alerts', { deliver: webhookJob({ about: 'Send an alert to a webhook.' }) })
 * alertJobs.deliver.name // 'alerts.deliver'
 * alertJobs.deliver.retries // 12
 * ```
 *
 * No module delivers webhooks yet; `webhooks.test.ts` holds what one may rely on. The module keeps its endpoints, with secrets that the vault sealed. The payload of a job names the endpoint; address
 * and secret are read when an attempt begins, so a change or removal holds at once.
 */
import { z } from 'zod'
import type { Clock } from '#ports/clock'
import type { Egress } from '../egress/egress.ts'
import { AttemptFailure, type JobHandler, type JobSpec } from '../jobs/jobs.ts'
import type { Vault } from '../vault/vault.ts'
import { deliverWebhook } from './deliver.ts'
import { webhookErrors } from './webhook-errors.ts'
import { webhookKey } from './webhook-signature.ts'

export interface WebhookEndpoint {
  readonly url: string
  /** The secret, sealed with `vault.seal(secret, place)`. */
  readonly sealedSecret: string
  readonly place: string
}

const maxBodyBytes = 262_144
const timeoutMs = 20_000

const delivery = z.object({
  /** Known to the module. */
  endpoint: z.string().min(1).max(200),
  event: z
    .object({
      specversion: z.literal('1.0'),
      id: z.string().min(1).max(200),
      source: z.string(),
      type: z.string(),
      subject: z.string(),
      time: z.iso.datetime(),
      datacontenttype: z.literal('application/json'),
      partitionkey: z.string(),
      requestid: z.string().optional(),
      data: z.unknown(),
    })
    .refine((event) => Buffer.byteLength(JSON.stringify(event)) <= maxBodyBytes, {
      error: `An event of at most ${maxBodyBytes} bytes is delivered.`,
    }),
})
type Delivery = typeof delivery

/** The delays of its retries add up to nearly six hours. */
export function webhookJob(spec: Pick<JobSpec, 'about' | 'concurrency'>): JobSpec<Delivery> {
  return {
    concurrency: 4,
    ...spec,
    payload: delivery,
    subject: ({ endpoint }) => ({ kind: 'webhook', id: endpoint }),
    retries: 12,
    retryDelayMs: 5_000,
    timeoutMs: timeoutMs + 10_000,
  }
}

export interface WebhookParts {
  readonly egress: Egress
  readonly vault: Vault
  readonly clock: Clock
  /** Nothing, when it was removed. */
  readonly endpoint: (workspace: string, endpoint: string) => Promise<WebhookEndpoint | undefined>
  /** The receiver answered 410: the module stops delivering to it. */
  readonly onGone: (workspace: string, endpoint: string) => Promise<void>
}

export function webhookHandler({ egress, vault, clock, endpoint: find, onGone }: WebhookParts): JobHandler<Delivery> {
  return {
    run: async ({ workspace, payload: { endpoint, event }, signal }) => {
      const found = await find(workspace, endpoint)
      if (found === undefined) throw new AttemptFailure(webhookErrors.removed({ endpoint }), 'never')
      const url = URL.parse(found.url)
      if (url === null || !['http:', 'https:'].includes(url.protocol))
        throw new AttemptFailure(webhookErrors.address({ endpoint }), 'never')
      const key = webhookKey(vault.unseal(found.sealedSecret, found.place))
      if (key === undefined) throw new AttemptFailure(webhookErrors.secret({ endpoint }), 'never')
      const message = { id: event.id, timestamp: Math.floor(clock.now() / 1000), body: JSON.stringify(event) }
      const outcome = await deliverWebhook({ egress, url, key, message, timeoutMs, signal, now: clock.now() })
      if (outcome !== 'gone') return
      await onGone(workspace, endpoint)
      throw new AttemptFailure(webhookErrors.gone({ host: url.host }), 'never')
    },
  }
}
