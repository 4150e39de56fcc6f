import { z } from 'zod'
import { AttemptFailure, defineJobs, job, type JobHandler } from '#kernel/jobs'
import { MailError, maxMailTextLength, maxRecipients, maxSubjectLength, type Mail } from '#ports/mail'
import { mailsErrors } from './errors.ts'

const payload = z.object({
  to: z.array(z.string().max(320)).min(1).max(maxRecipients),
  subject: z.string().max(maxSubjectLength),
  text: z.string().max(maxMailTextLength),
  html: z.string().max(maxMailTextLength).optional(),
})

/** The delays of its retries add up to about three hours. */
export const mailJobs = defineJobs('mails', {
  send: job({
    about: 'Send a mail.',
    payload,
    subject: ({ subject }) => ({ kind: 'mail', id: subject }),
    retries: 11,
    retryDelayMs: 5_000,
    timeoutMs: 60_000,
    concurrency: 2,
  }),
})

/** The id of the job is that of the mail, so the outbox keeps a repeated one once. */
export function sendJob(mail: Mail): JobHandler<typeof payload> {
  return {
    run: async ({ id, workspace, payload: { html, ...rest }, signal }) => {
      try {
        await mail.send({ id, workspace, html, ...rest }, signal)
      } catch (error) {
        if (!(error instanceof MailError)) throw error
        const failure = mailsErrors.notSent({ reason: error.message })
        throw error.permanent ? new AttemptFailure(failure, 'never') : failure
      }
    },
  }
}
