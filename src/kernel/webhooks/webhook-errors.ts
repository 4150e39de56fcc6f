import { countText } from '#core/count-text'
import { defineErrors } from '#core/errors'

/** Addresses are shown by host only: a path may be a secret. */
export const webhookErrors = defineErrors('webhooks', {
  refused: {
    kind: 'unavailable',
    title: 'Webhook refused',
    says: (p: { host: string; status: number }) => `"${p.host}" answered ${p.status} instead of a 2xx.`,
    remedy: 'Look at the receiving server; delivery is tried again while attempts are left.',
  },
  redirected: {
    kind: 'unavailable',
    title: 'Webhook redirected',
    says: (p: { host: string; status: number }) =>
      `"${p.host}" answered ${p.status}, a redirect, which webhooks do not follow.`,
    remedy: 'Use the address that it leads to.',
  },
  gone: {
    kind: 'not_found',
    title: 'Webhook gone',
    says: (p: { host: string }) => `"${p.host}" answered 410: it wants no further events.`,
    remedy: 'Remove the webhook, or give it another address.',
  },
  removed: {
    kind: 'not_found',
    title: 'Webhook removed',
    says: (p: { endpoint: string }) => `There is no webhook "${p.endpoint}" any more.`,
    remedy: 'Make it again when the event should still be delivered.',
  },
  address: {
    kind: 'invalid',
    title: 'Address of a webhook not usable',
    says: (p: { endpoint: string }) => `The address of the webhook "${p.endpoint}" is not an http or https URL.`,
    remedy: 'Give it an address such as https://example.com/events.',
  },
  secret: {
    kind: 'invalid',
    title: 'Secret of a webhook not usable',
    says: (p: { endpoint: string }) =>
      `The secret of the webhook "${p.endpoint}" is not "whsec_" and 24 to 64 bytes as base64.`,
    remedy: 'Give it such a secret, or have one made.',
  },
  unreachable: {
    kind: 'unavailable',
    title: 'Webhook out of reach',
    says: (p: { host: string; because: string }) => `"${p.host}" cannot be reached: ${p.because}.`,
    remedy: 'Check the address and that the server is up.',
  },
  slow: {
    kind: 'timeout',
    title: 'Webhook too slow',
    says: (p: { host: string; seconds: number }) =>
      `"${p.host}" did not answer within ${countText(p.seconds, 'second')}.`,
    remedy: 'Let the receiver answer first and work afterwards.',
  },
})
