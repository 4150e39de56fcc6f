import { z } from 'zod'
import { isUuid } from '#core/uuid'
import { defineModule } from '#kernel/module'
import { cursors, pageOfFound } from '#kernel/paging'
import { mailFault, type KeptMail, type MailSummary } from '#ports/mail'
import { mailsContract, type MailContent, type MailItem } from './contract.ts'
import { mailsErrors } from './errors.ts'
import type { Mails } from './index.ts'
import { mailJobs, sendJob } from './send-job.ts'

const mailNumbers = cursors('mails.list', z.int().min(0))

export default defineModule({
  name: 'mails',
  about: 'Mail to people, through a mail server or into the outbox.',
  permissions: {
    'mails.read': 'See the mails in the outbox.',
    'mails.test': 'Send a test mail to any address.',
  },
  contract: mailsContract,
  errors: mailsErrors,
  jobs: mailJobs,
  async start({ ports, jobs }) {
    const { mail } = ports
    const face: Mails = {
      server: mail.server,
      check: async () => await mail.check(),
      async send(workspace, message) {
        const fault = mailFault({ ...message, id: '', workspace })
        if (fault !== undefined) throw mailsErrors.invalid({ fault })
        const { to, ...rest } = message
        return await jobs.enqueue(workspace, mailJobs.send, { to: [...to], ...rest })
      },
    }
    return {
      face,
      work: { send: sendJob(mail) },
      handlers: {
        list: async ({ workspace, query: { limit, cursor } }) => {
          const found =
            (await mail.outbox?.list(workspace, { below: mailNumbers.read(cursor), limit: limit + 1 })) ?? []
          const { items, next } = pageOfFound(mailNumbers, found, { limit, placeOf: ({ number }) => number })
          return { items: items.map(itemOf), next, sends: mail.outbox === undefined }
        },
        get: async ({ workspace, params: { id } }) => {
          const kept = isUuid(id) ? await mail.outbox?.get(workspace, id) : undefined
          if (kept === undefined) throw mailsErrors.unknown({ id })
          return contentOf(kept)
        },
        test: async ({ workspace, body: { to } }) => {
          const message = {
            to: [to],
            subject: 'Test mail from Millrace',
            text: `Somebody in the workspace "${workspace}" of Millrace asked for this test mail. Mails arrive.\n`,
          }
          const fault = mailFault({ ...message, id: '', workspace })
          if (fault !== undefined)
            throw mailsErrors.invalid({ fault }, { problems: [{ at: 'to', code: 'invalid', message: fault }] })
          return { job: await face.send(workspace, message) }
        },
      },
    }
  },
})

function itemOf({ id, at, to, subject }: MailSummary): MailItem {
  return { id, at: at.toISOString(), to: [...to], subject }
}

function contentOf(mail: KeptMail): MailContent {
  return { ...itemOf(mail), text: mail.text, html: mail.html }
}
