import { defineErrors } from '#core/errors'

export const mailsErrors = defineErrors('mails', {
  invalid: {
    kind: 'invalid',
    title: 'Mail not valid',
    says: (p: { fault: string }) => p.fault,
    remedy: 'Correct it and send it again.',
  },
  notSent: {
    kind: 'unavailable',
    title: 'Mail not sent',
    says: (p: { reason: string }) => `The mail was not sent: ${p.reason}`,
    remedy: 'Check MILLRACE_SMTP_URL and the mail server.',
  },
  unknown: {
    kind: 'not_found',
    title: 'Mail not found',
    says: (p: { id: string }) => `There is no mail "${p.id}" in the outbox of this workspace.`,
    remedy: 'List the mails with GET /api/v1/mails. Only the latest are kept, and none that a mail server took.',
  },
})
