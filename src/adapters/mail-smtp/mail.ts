import { isIP } from 'node:net'
import { assertMail, MailError, type Mail } from '#ports/mail'

export interface SmtpOptions {
  /** `smtp(s)://user:password@host:port`; `?from=` names the sender. */
  readonly url: string
}

const sendTimeoutMs = 20_000
/** Somebody waits for it. */
const checkTimeoutMs = 1_500

/** Sends through an SMTP server, over TLS where the server offers it. The library is loaded with the first mail. */
export function smtpMail({ url }: SmtpOptions): Mail {
  const { host, port, secure, requireTLS, user, password, from } = smtpSettings(url)
  const open = async (timeoutMs: number) => {
    const { createTransport } = await import('nodemailer')
    return createTransport({
      host,
      port,
      secure,
      requireTLS,
      ...(user === undefined ? {} : { auth: { user, pass: password } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }
  return {
    server: `${secure ? 'smtps' : 'smtp'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    async send(message, signal) {
      assertMail(message)
      signal.throwIfAborted()
      const { id, to, subject, text, html } = message
      const transport = await open(sendTimeoutMs)
      try {
        const { rejected } = await transport.sendMail({
          from,
          to: to.map((address) => ({ name: '', address })),
          subject,
          text,
          ...(html === undefined ? {} : { html }),
          messageId: `<${id}@${from.split('@').at(-1)}>`,
          signal,
        })
        // Another attempt would reach the others twice.
        if (rejected.length > 0)
          throw new MailError(
            `"${host}" took the mail and refuses these recipients: ${rejected.map(textOf).join(', ')}.`,
            {
              permanent: true,
            },
          )
      } catch (error) {
        if (signal.aborted) throw signal.reason
        if (error instanceof MailError) throw error
        throw mailErrorOf(error, host)
      } finally {
        transport.close()
      }
    },
    async check() {
      const transport = await open(checkTimeoutMs)
      try {
        await transport.verify()
      } catch (error) {
        throw mailErrorOf(error, host)
      } finally {
        transport.close()
      }
    },
    close: async () => undefined,
  }
}

export function smtpSettings(text: string) {
  const url = new URL(text)
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const user = url.username === '' ? undefined : decodeURIComponent(url.username)
  const domain = isIP(host) === 0 ? host : 'localhost'
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // A password does not leave this machine in the clear.
    requireTLS: user !== undefined && !isLoopback(host),
    user,
    password: decodeURIComponent(url.password),
    from: url.searchParams.get('from') ?? (user?.includes('@') ? user : `millrace@${domain}`),
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

const textOf = (recipient: string | { readonly address: string }): string =>
  typeof recipient === 'string' ? recipient : recipient.address

/** Without what the server said: it may repeat credentials. */
function mailErrorOf(error: unknown, host: string): MailError {
  const { code = '', responseCode = 0 } = error as { code?: string; responseCode?: number }
  if (code === 'EAUTH') return new MailError(`"${host}" refuses the user or password.`, { permanent: false })
  if (code === 'ETLS') return new MailError(`"${host}" offers no TLS that can be used.`, { permanent: false })
  if (responseCode >= 400)
    return new MailError(`"${host}" refuses the mail with ${responseCode}.`, { permanent: responseCode >= 500 })
  return new MailError(`"${host}" cannot be reached${code === '' ? '' : ` (${code})`}.`, { permanent: false })
}
