import type { IncomingMessage } from 'node:http'
import { isMillraceError } from '#core/errors'
import { retryAfterMs } from '#core/retry-after'
import type { Egress } from '../egress/egress.ts'
import { pinnedRequest } from '../egress/pinned-request.ts'
import { AttemptFailure } from '../jobs/jobs.ts'
import { webhookErrors } from './webhook-errors.ts'
import { signatureHeaders, type SignedMessage } from './webhook-signature.ts'

/** More of an answer is not read, and the connection is cut. */
const maxAnswerBytes = 4_096

export interface WebhookDelivery {
  readonly egress: Egress
  readonly url: URL
  readonly key: Buffer
  readonly message: SignedMessage
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly now: number
}

/** One POST. Every answer but 2xx and 410 is thrown. */
export async function deliverWebhook(delivery: WebhookDelivery): Promise<'delivered' | 'gone'> {
  const { url, now } = delivery
  const response = await post(delivery)
  const status = response.statusCode ?? 0
  if (status >= 200 && status < 300) return 'delivered'
  if (status === 410) return 'gone'
  const { host } = url
  if (status >= 300 && status < 400) throw webhookErrors.redirected({ host, status })
  const afterMs = [429, 503].includes(status) ? retryAfterMs(response.headers['retry-after'], now) : undefined
  throw new AttemptFailure(webhookErrors.refused({ host, status }), { afterMs: afterMs ?? 0 })
}

async function post({ egress, url, key, message, timeoutMs, signal }: WebhookDelivery): Promise<IncomingMessage> {
  const { host } = url
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const address = await egress.address(url.hostname)
    const response = await pinnedRequest(url, address, {
      method: 'POST',
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'content-length': String(Buffer.byteLength(message.body)),
        'user-agent': 'millrace',
        ...signatureHeaders(key, message),
      },
      body: message.body,
      signal: AbortSignal.any([timeout, signal]),
    })
    await readSome(response)
    return response
  } catch (error) {
    // Another attempt meets the same rule.
    if (isMillraceError(error)) throw error.kind === 'invalid' ? new AttemptFailure(error, 'never') : error
    if (timeout.aborted) throw webhookErrors.slow({ host, seconds: timeoutMs / 1000 })
    if (signal.aborted) throw signal.reason
    throw webhookErrors.unreachable({ host, because: (error as { code?: string }).code ?? 'the connection failed' })
  }
}

/** Lets the sender of a short answer end it in order. */
async function readSome(response: IncomingMessage): Promise<void> {
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxAnswerBytes) break
    }
  } catch {
    // The status has arrived, and it decides.
  } finally {
    response.destroy()
  }
}
