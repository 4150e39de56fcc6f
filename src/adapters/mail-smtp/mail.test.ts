import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { MailError } from '#ports/mail'
import { registerMailSuite } from '#ports/suites/mail'
import { smtpMail, smtpSettings } from './mail.ts'
import { smtpServer, type ReceivedMail } from './smtp-server-fixture.ts'

registerMailSuite('SMTP', async () => {
  const server = await smtpServer()
  return {
    mail: smtpMail({ url: `smtp://127.0.0.1:${server.port}` }),
    arrived: async () => server.received.map(arrivedOf),
    closed: server.close,
  }
})

function arrivedOf({ to, message }: ReceivedMail) {
  const end = message.indexOf('\n\n')
  const head = message.slice(0, end).replace(/\n[ \t]/g, ' ')
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? ''
  const body = message.slice(end + 2)
  const encoding = header('Content-Transfer-Encoding').toLowerCase()
  const text =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString()
      : encoding === 'quoted-printable'
        ? fromHex(body.replace(/=\n/g, ''))
        : body
  const subject = header('Subject')
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B' ? Buffer.from(word, 'base64').toString() : fromHex(word.replaceAll('_', ' ')),
    )
  return { to, subject, text }
}

function fromHex(text: string): string {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()
}

const message = { workspace: 'w', to: ['ann@example.com'], subject: 'Orders', text: 'Orders stopped.' }
const send = (url: string) => smtpMail({ url }).send({ ...message, id: randomUUID() }, new AbortController().signal)

test('credentials and sender come from the URL', async () => {
  const server = await smtpServer()
  await send(`smtp://me%40example.com:p%40ss@127.0.0.1:${server.port}`)
  await send(`smtp://127.0.0.1:${server.port}?from=alerts@example.com`)
  const [first, second] = server.received
  assert.deepEqual([first?.credentials, first?.from], ['\u0000me@example.com\u0000p@ss', 'me@example.com'])
  assert.deepEqual([second?.credentials, second?.from], [undefined, 'alerts@example.com'])
  assert.match(second?.message ?? '', /^Message-ID: <[0-9a-f-]{36}@example\.com>$/im)
  await server.close()
})

test('a refusal says whether another attempt makes sense, without what the server said', async () => {
  for (const [answers, permanent, sentence] of [
    [{ RCPT: '550 hunter2 unknown' }, true, /refuses the mail with 550/],
    [{ 'DATA.': '451 hunter2 later' }, false, /refuses the mail with 451/],
    [{ AUTH: '535 hunter2 is wrong' }, false, /refuses the user or password/],
  ] as const) {
    const server = await smtpServer(answers)
    await assert.rejects(send(`smtp://me:hunter2@127.0.0.1:${server.port}`), (error) => {
      assert.ok(error instanceof MailError)
      assert.equal(error.permanent, permanent)
      assert.match(error.message, sentence)
      assert.doesNotMatch(inspect(error), /hunter2/)
      return true
    })
    await server.close()
  }
})

test('recipients that the server refuses are named, and the mail is not sent to the others again', async () => {
  const server = await smtpServer({ 'RCPT bob@example.com': '550 no' })
  const to = ['ann@example.com', 'bob@example.com']
  const sending = smtpMail({ url: `smtp://127.0.0.1:${server.port}` })
  await assert.rejects(sending.send({ ...message, to, id: randomUUID() }, new AbortController().signal), (error) => {
    assert.ok(error instanceof MailError && error.permanent)
    assert.match(error.message, /refuses these recipients: bob@example\.com/)
    return true
  })
  assert.deepEqual(
    server.received.map((received) => received.to),
    [['ann@example.com']],
  )
  await server.close()
})

test('a check signs in and sends nothing, and says what is wrong without the credentials', async () => {
  const server = await smtpServer()
  const mail = smtpMail({ url: `smtp://me:hunter2@127.0.0.1:${server.port}` })
  assert.equal(mail.server, `smtp://127.0.0.1:${server.port}`)
  await mail.check()
  assert.equal(server.received.length, 0)
  await server.close()
  const refusing = await smtpServer({ AUTH: '535 hunter2 is wrong' })
  await assert.rejects(smtpMail({ url: `smtp://me:hunter2@127.0.0.1:${refusing.port}` }).check(), (error: Error) => {
    assert.match(error.message, /refuses the user or password/)
    assert.doesNotMatch(inspect(error), /hunter2/)
    return true
  })
  await refusing.close()
})

test('a send that is aborted ends at once with the reason of its signal', async () => {
  const server = await smtpServer({ GREETING: '' })
  const stop = new AbortController()
  const sending = smtpMail({ url: `smtp://127.0.0.1:${server.port}` }).send(
    { ...message, id: randomUUID() },
    stop.signal,
  )
  stop.abort(new Error('the server stops'))
  await assert.rejects(sending, /the server stops/)
  await server.close()
})

test('a server that is not there is named', async () => {
  const server = await smtpServer()
  await server.close()
  await assert.rejects(send(`smtp://127.0.0.1:${server.port}`), /"127.0.0.1" cannot be reached \(\w+\)/)
})

test('ports follow the scheme when none is given', () => {
  assert.deepEqual(
    ['smtp://mail.example.com', 'smtps://mail.example.com', 'smtp://[::1]:25'].map((url) => {
      const { host, port, secure, from } = smtpSettings(url)
      return [host, port, secure, from]
    }),
    [
      ['mail.example.com', 587, false, 'millrace@mail.example.com'],
      ['mail.example.com', 465, true, 'millrace@mail.example.com'],
      ['::1', 25, false, 'millrace@localhost'],
    ],
  )
})

test('a password goes without TLS to this machine only, and not to a server that is named like it', () => {
  const hosts = ['localhost', '127.0.0.1', '[::1]', '127.evil.example', 'mail.example.com']
  assert.deepEqual(
    hosts.map((host) => smtpSettings(`smtp://me:pass@${host}`).requireTLS),
    [false, false, false, true, true],
  )
})
