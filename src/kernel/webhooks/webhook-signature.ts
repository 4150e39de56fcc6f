/** Signatures of webhooks after the Standard Webhooks specification (https://www.standardwebhooks.com). */
import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'
const minBytes = 24
const maxBytes = 64

export function newWebhookSecret(): string {
  return prefix + randomBytes(32).toString('base64')
}

/** The key of a secret, or nothing where it has not the form `whsec_<base64>` of 24 to 64 bytes. */
export function webhookKey(secret: string): Buffer | undefined {
  const text = secret.startsWith(prefix) ? secret.slice(prefix.length) : ''
  const key = Buffer.from(text, 'base64')
  return key.length >= minBytes && key.length <= maxBytes && key.toString('base64') === text ? key : undefined
}

export interface SignedMessage {
  readonly id: string
  /** Unix time in seconds. */
  readonly timestamp: number
  readonly body: string
}

export function signatureHeaders(key: Buffer, { id, timestamp, body }: SignedMessage): Record<string, string> {
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` }
}
