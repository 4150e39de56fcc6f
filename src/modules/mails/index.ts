/**
 * Mail to people, from other modules.
 *
 * ```ts
 * await needs.mails.send('default', { to: ['ann@example.com'], subject: 'Orders', text: 'Orders stopped at nine.' })
 * ```
 */
import { face } from '#kernel/module'
import type { MailMessage } from '#ports/mail'

export const mails = face<Mails>('mails')

export interface Mails {
  /** Address of the mail server without credentials; nothing where mails go to the outbox. */
  readonly server: string | undefined
  /** Rejects when no mail could be sent now. */
  check(): Promise<void>
  /** Queues the mail and returns the id of its job. It is sent at least once; refused when it is not valid. */
  send(workspace: string, mail: Omit<MailMessage, 'id' | 'workspace'>): Promise<string>
}
