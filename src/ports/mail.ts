/**
 * Mail to people.
 *
 * ```ts
 * const message: MailMessage = {
 *   id: '018f0000-0000-7000-8000-000000000001', workspace: 'default',
 *   to: ['ann@example.com'], subject: 'Orders', text: 'Orders stopped at nine.',
 * }
 * mailFault(message) // undefined
 * mailFault({ ...message, subject: 'Orders\r\nBcc: eve@example.com' }) // 'The subject has a line break or another control character.'
 * ```
 */
export interface Mail {
  /** Accepted by the next server, or kept, when it resolves. A message of the same id may be sent again after a crash. */
  send(message: MailMessage, signal: AbortSignal): Promise<void>
  /** Resolves when a mail could be sent now: the server is there and takes the credentials. Sends nothing. */
  check(): Promise<void>
  /** `smtps://mail.example.com:465`, without credentials. The outbox has none. */
  readonly server?: string
  /** Where mails are kept and not sent. */
  readonly outbox?: Outbox
  close(): Promise<void>
}

export interface MailMessage {
  /** A UUID, in the Message-ID too. */
  readonly id: string
  readonly workspace: string
  /** Plain addresses without names. */
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html?: string | undefined
}

/** The latest mails of each workspace, in a bounded number. */
export interface Outbox {
  /** The newest first. */
  list(
    workspace: string,
    page: { readonly below?: number | undefined; readonly limit: number },
  ): Promise<readonly MailSummary[]>
  get(workspace: string, id: string): Promise<KeptMail | undefined>
}

export interface MailSummary extends Pick<MailMessage, 'id' | 'to' | 'subject'> {
  /** Grows with each mail. */
  readonly number: number
  readonly at: Date
}

export interface KeptMail extends MailSummary {
  readonly text: string
  readonly html: string | null
}

export const maxRecipients = 50
export const maxSubjectLength = 300
export const maxMailTextLength = 200_000

const mailAddress = /^[^\s@<>,;:"()[\]\\\p{Cc}]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,250}[\p{L}\p{N}])?$/u

/** A plain address such as `ann@example.com`, without a name or quotes. */
export function isMailAddress(text: string): boolean {
  return mailAddress.test(text)
}

/** What keeps a message from being sent, in one sentence. Every adapter refuses such a message. */
export function mailFault({ to, subject, text, html = '' }: MailMessage): string | undefined {
  if (to.length < 1 || to.length > maxRecipients) return `A mail has 1 to ${maxRecipients} recipients.`
  if (!to.every(isMailAddress)) return 'A recipient is not an address such as ann@example.com.'
  if (/[\p{Cc}\u2028\u2029]/u.test(subject)) return 'The subject has a line break or another control character.'
  if (subject.length > maxSubjectLength) return `The subject has more than ${maxSubjectLength} characters.`
  if (text.length > maxMailTextLength || html.length > maxMailTextLength)
    return `The text or the HTML has more than ${maxMailTextLength} characters.`
  return undefined
}

/** A mail that was not accepted. */
export class MailError extends Error {
  override readonly name = 'MailError'
  /** The same message will not be accepted later either. */
  readonly permanent: boolean

  constructor(message: string, options: { readonly permanent: boolean }) {
    super(message)
    this.permanent = options.permanent
  }
}

export function assertMail(message: MailMessage): void {
  const fault = mailFault(message)
  if (fault !== undefined) throw new MailError(fault, { permanent: true })
}
