import { z } from 'zod'
import { defineContract, operation } from '#kernel/contract'
import { Paging } from '#kernel/paging'

export const MailItem = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  to: z.array(z.string()),
  subject: z.string(),
})
export type MailItem = z.output<typeof MailItem>

export const MailContent = MailItem.extend({
  text: z.string(),
  html: z.string().nullable().describe('as the sender wrote it: show it in a sandbox only'),
})
export type MailContent = z.output<typeof MailContent>

export const mailsContract = defineContract('mails', {
  list: operation({
    method: 'GET',
    path: '/api/v1/mails',
    permission: 'mails.read',
    summary: 'The mails that were kept because no mail server is set, the newest first.',
    description:
      'With MILLRACE_SMTP_URL mails are sent and not kept: `sends` is true. The latest 1,000 of a workspace are kept, at most 32 MiB of them.',
    query: Paging,
    answer: z.object({ items: z.array(MailItem), next: z.string().nullable(), sends: z.boolean() }),
    command: 'mails list',
    columns: ['id', 'at', 'to', 'subject'],
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/mails/{id}',
    permission: 'mails.read',
    summary: 'One mail of the outbox with its text.',
    params: z.object({ id: z.string().max(100) }),
    answer: MailContent,
    command: 'mails get',
  }),
  test: operation({
    method: 'POST',
    path: '/api/v1/mails/test',
    permission: 'mails.test',
    effect: 'write',
    subject: ({ body }) => ({ kind: 'mail', id: body.to }),
    summary: 'Send a test mail, to see whether mails arrive.',
    description: 'The answer names the job that sends it; its error says why a mail did not leave.',
    body: z.strictObject({ to: z.string().min(3).max(320).describe('an address such as ann@example.com') }),
    answer: z.object({ job: z.uuid() }),
    status: 202,
    command: 'mails test',
  }),
})
