import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { MailError, type Mail, type MailMessage } from '../mail.ts'

export interface ArrivedMail {
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
}

export interface MailUnderTest {
  readonly mail: Mail
  /** What arrived so far at the other end, the oldest first. */
  arrived(): Promise<readonly ArrivedMail[]>
  closed(): Promise<void>
}

/** Lines of a mail end with CR LF on the way, and some servers end the last one too. */
function linesOf(text: string): readonly string[] {
  return text.trimEnd().split(/\r?\n/)
}

export function registerMailSuite(name: string, open: () => Promise<MailUnderTest>): void {
  describe(`mail: ${name}`, () => {
    let under: MailUnderTest
    before(async () => {
      under = await open()
    })
    after(async () => {
      await under.mail.close()
      await under.closed()
    })
    const message = (more: Partial<MailMessage> = {}): MailMessage => ({
      id: randomUUID(),
      workspace: 'w',
      to: ['ann@example.com'],
      subject: 'Orders',
      text: 'Orders stopped.',
      ...more,
    })
    const send = (more?: Partial<MailMessage>) => under.mail.send(message(more), new AbortController().signal)

    test('a mail arrives at all recipients with its subject and text', async () => {
      const sent = {
        to: ['ann@example.com', 'bob@example.org'],
        subject: 'Umsatz fällt: −12 % 📉, with a subject that is longer than one line of a header may be',
        text: 'Zeile 1\n.\n.. two points\nFrom here: é ✓\n',
      }
      await send(sent)
      const { to, subject, text = '' } = (await under.arrived()).at(-1) ?? {}
      assert.deepEqual([to, subject, linesOf(text)], [sent.to, sent.subject, linesOf(sent.text)])
    })

    test('line breaks and other control characters in subject and addresses are refused, and nothing is sent', async () => {
      const before = (await under.arrived()).length
      const hostile: readonly Partial<MailMessage>[] = [
        { subject: 'a\r\nBcc: eve@example.com' },
        { subject: 'a\nb' },
        { subject: 'a\rb' },
        { subject: 'a\u0000b' },
        { subject: 'a\u2028b' },
        { to: ['ann@example.com\r\nBcc: eve@example.com'] },
        { to: ['ann@example.com\nRCPT TO:<eve@example.com>'] },
        { to: ['ann@example.com, eve@example.com'] },
        { to: ['Ann <ann@example.com>'] },
        { to: ['ann@example.com> SIZE=1'] },
        { to: ['"a b"@example.com'] },
        { to: ['ann'] },
        { to: [] },
        { to: Array.from({ length: 51 }, (_, n) => `a${n}@example.com`) },
        { subject: 'x'.repeat(301) },
        { text: 'x'.repeat(200_001) },
      ]
      for (const each of hostile)
        await assert.rejects(
          send(each),
          (error) => error instanceof MailError && error.permanent,
          JSON.stringify(each).slice(0, 80),
        )
      assert.equal((await under.arrived()).length, before)
    })
  })
}
