import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '#adapters/clock-system'
import { pgliteMetadata } from '#adapters/pglite'
import { registerMailSuite } from '#ports/suites/mail'
import { maxKeptBytes, outboxMail } from './mail.ts'

async function opened() {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-outbox-'))
  const metadata = await pgliteMetadata({ directory: join(folder, 'metadata'), durability: 'process' })
  const mail = await outboxMail({ metadata, clock: systemClock() })
  return {
    mail,
    metadata,
    arrived: async () => {
      const kept = (await mail.outbox!.list('w', { limit: 100 })).toReversed()
      return await Promise.all(kept.map(async ({ id }) => (await mail.outbox!.get('w', id))!))
    },
    closed: async () => {
      await metadata.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

registerMailSuite('outbox', opened)

test('the outbox keeps a mail once, in its workspace, with its HTML', async () => {
  const { mail, closed } = await opened()
  const message = {
    id: randomUUID(),
    workspace: 'one',
    to: ['ann@example.com'],
    subject: 'Once',
    text: 'a\u0000b\ud800',
  }
  await mail.check()
  for (const subject of ['Once', 'Twice'])
    await mail.send({ ...message, subject, html: '<b>a</b>' }, new AbortController().signal)
  assert.deepEqual(
    (await mail.outbox!.list('one', { limit: 10 })).map(({ id, subject }) => [id, subject]),
    [[message.id, 'Once']],
  )
  const kept = await mail.outbox!.get('one', message.id)
  assert.deepEqual([kept?.text, kept?.html], ['a\ufffdb\ufffd', '<b>a</b>'])
  assert.equal(await mail.outbox!.get('other', message.id), undefined)
  assert.deepEqual(await mail.outbox!.list('other', { limit: 10 }), [])
  await closed()
})

test('the outbox keeps the latest 1,000 mails of a workspace and at most 32 MiB of them', async () => {
  const { mail, metadata, closed } = await opened()
  const send = async (subject: string) =>
    await mail.send(
      { id: randomUUID(), workspace: 'one', to: ['ann@example.com'], subject, text: '' },
      new AbortController().signal,
    )
  const count = async () => (await mail.outbox!.list('one', { limit: 2_000 })).length
  const insert = async (mails: number, bytes: number) =>
    await metadata.system.query(
      `insert into outbox.mail (workspace, id, recipients, subject, text, bytes, at)
       select 'one', gen_random_uuid(), '[]', 'Later', '', $2, now() from generate_series(1, $1::int)`,
      [mails, bytes],
    )
  await send('First')
  await insert(1_000, 1)
  await send('Last')
  assert.equal(await count(), 1_000)
  const [last] = await mail.outbox!.list('one', { limit: 1 })
  assert.equal(last?.subject, 'Last')
  assert.deepEqual(await mail.outbox!.list('one', { below: last!.number - 1_000, limit: 1 }), [])
  await insert(3, maxKeptBytes / 2)
  await send('Small')
  assert.equal(await count(), 3)
  await closed()
})
