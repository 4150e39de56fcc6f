import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MailError, type Mail, type MailMessage } from '#ports/mail'
import { outboxMail } from '#adapters/mail-outbox'
import { openHouse, type House, type HouseOptions } from '#tests/house'
import jobsModule from '#modules/jobs/module'
import { until } from '#tests/house/until'
import mailsModule from './module.ts'
import { mails } from './index.ts'

const openMails = (mail: NonNullable<HouseOptions['mail']>): Promise<House> =>
  openHouse({ modules: [mailsModule, jobsModule], mail, warehouse: false })

let house: House
before(async () => {
  house = await openMails(outboxMail)
})
after(async () => await house.close())

async function untilStatus(opened: House, job: string, status: string) {
  return await until(`the job is ${status}`, async () => {
    const { body } = await opened.call('GET', `/api/v1/jobs/${job}`)
    return body.status === status && body
  })
}

test('without a mail server a test mail goes to the outbox, page by page', async () => {
  for (const to of ['ann@example.com', 'bob@example.com']) {
    const { status, body } = await house.call('POST', '/api/v1/mails/test', { to })
    assert.equal(status, 202)
    await untilStatus(house, body.job, 'succeeded')
  }
  const { body: first } = await house.call('GET', '/api/v1/mails?limit=1')
  assert.deepEqual([first.sends, first.items.length, first.items[0].to], [false, 1, ['bob@example.com']])
  const { body: whole } = await house.call('GET', `/api/v1/mails/${first.items[0].id}`)
  assert.match(whole.text, /workspace "default"/)
  assert.deepEqual([whole.subject, whole.html], ['Test mail from Millrace', null])
  const { body: second } = await house.call('GET', `/api/v1/mails?limit=1&cursor=${first.next}`)
  assert.deepEqual([second.items[0].to, second.next], [['ann@example.com'], null])
  assert.equal((await house.call('GET', '/api/v1/mails?cursor=nowhere')).status, 422)
  const unknown = await house.call('GET', '/api/v1/mails/018f0000-0000-7000-8000-000000000009')
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'mails.unknown'])
  const noId = await house.call('GET', '/api/v1/mails/nope')
  assert.deepEqual([noId.status, noId.body.code], [404, 'mails.unknown'])
})

test('a mail whose headers would be split is refused before it is queued', async () => {
  const { status, body } = await house.call('POST', '/api/v1/mails/test', { to: 'a@example.com\r\nBcc: e@example.com' })
  assert.deepEqual([status, body.code, body.problems[0].at], [422, 'mails.invalid', 'to'])
  await assert.rejects(
    house.running.face(mails).send('default', { to: ['a@example.com'], subject: 'a\nb', text: '' }),
    /subject has a line break/,
  )
})

test('a mail of another module arrives with its HTML', async () => {
  const job = await house.running
    .face(mails)
    .send('default', { to: ['a@example.com'], subject: 'Report', text: 'See below.', html: '<h1>Report</h1>' })
  await untilStatus(house, job, 'succeeded')
  assert.equal((await house.call('GET', `/api/v1/mails/${job}`)).body.html, '<h1>Report</h1>')
})

test('a mail that the server refuses for good is tried once; one that may pass later is queued again', async () => {
  const sent: MailMessage[] = []
  const server: Mail = {
    send: async (message) => {
      sent.push(message)
      throw new MailError('"mail.test" refuses.', { permanent: message.to[0] === 'nobody@example.com' })
    },
    check: async () => undefined,
    close: async () => undefined,
  }
  const other = await openMails(async () => server)
  const never = await other.call('POST', '/api/v1/mails/test', { to: 'nobody@example.com' })
  const { attempt, error } = await untilStatus(other, never.body.job, 'failed')
  assert.deepEqual([attempt, error.code], [1, 'mails.notSent'])
  assert.equal(sent[0]?.id, never.body.job)
  const later = await other.call('POST', '/api/v1/mails/test', { to: 'ann@example.com' })
  let waiting = await untilStatus(other, later.body.job, 'queued')
  while (waiting.error === null) waiting = await untilStatus(other, later.body.job, 'queued')
  assert.match(waiting.error.detail, /"mail.test" refuses/)
  assert.equal((await other.call('GET', '/api/v1/mails')).body.sends, true)
  await other.close()
})
