import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { MailError } from '#ports/mail'
import { registerMailSuite, type ArrivedMail } from '#ports/suites/mail'
import { smtpMail } from './mail.ts'

const url = process.env['MILLRACE_TEST_SMTP_URL']
const folder = process.env['MILLRACE_TEST_SMTP_FOLDER']

interface Kept extends ArrivedMail {
  readonly headers: readonly string[]
  readonly html: string | null
}

if (url === undefined || folder === undefined) {
  test('mail over a real SMTP server', { skip: 'set MILLRACE_TEST_SMTP_URL, or npm run test:services' })
} else {
  const arrived = async (): Promise<readonly Kept[]> => {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).toSorted()
    return await Promise.all(files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as Kept))
  }
  registerMailSuite('a real SMTP server', async () => ({
    mail: smtpMail({ url }),
    arrived,
    closed: async () => undefined,
  }))

  const message = { workspace: 'w', to: ['ann@example.com'], subject: 'Orders', text: 'Orders stopped.' }
  const send = async (address: string, more: { readonly html?: string } = {}) =>
    await smtpMail({ url: address }).send({ ...message, ...more, id: randomUUID() }, new AbortController().signal)

  test('HTML arrives beside the text, and no header of the sender names more than is needed', async () => {
    await send(url, { html: '<p>Orders <b>stopped</b> é</p>' })
    const last = (await arrived()).at(-1)
    assert.deepEqual(
      [last?.text.trimEnd(), last?.html?.trimEnd()],
      ['Orders stopped.', '<p>Orders <b>stopped</b> é</p>'],
    )
    assert.ok(!last?.headers.some((name) => /^(bcc|x-)/i.test(name)), String(last?.headers))
  })

  test('the check signs in over TLS', async () => {
    await smtpMail({ url }).check()
  })

  test('a wrong password, and a certificate of another name, are refused without a word of the credentials', async () => {
    const { password } = new URL(url)
    const wrong = url.replace(password, 'hunter2')
    const otherName = url.replace('localhost', '127.0.0.1')
    for (const [address, sentence] of [
      [wrong, /refuses the user or password/],
      [otherName, /cannot be reached|no TLS/],
    ] as const) {
      const before = (await arrived()).length
      await assert.rejects(send(address), (error: MailError) => {
        assert.match(error.message, sentence)
        assert.doesNotMatch(error.message, /hunter2/)
        assert.ok(!error.message.includes(decodeURIComponent(password)))
        return true
      })
      assert.equal((await arrived()).length, before)
    }
  })
}
