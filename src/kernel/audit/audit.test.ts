import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pgliteMetadata } from '#adapters/pglite'
import { manualClock } from '#adapters/clock-manual'
import type { Metadata } from '#ports/metadata'
import { startOrder } from '../module/start-order.ts'
import { doorModule, hollowPorts, openHouse, quiet, shelfContract, shelfModule } from '../module/test-house.ts'
import { migrate } from '../module/migrations.ts'
import { openAudit } from './open.ts'
import { auditReader, type AuditEntry } from './read.ts'
import { auditSums } from './sums.ts'
import { auditRecords, type Attempt } from './trail.ts'

let folder: string
let metadata: Metadata
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-audit-'))
  metadata = await pgliteMetadata({ directory: join(folder, 'metadata'), durability: 'process' })
  await migrate(metadata, [])
})
after(async () => {
  await metadata.close()
  await rm(folder, { recursive: true, force: true })
})

const house = () => openHouse({ openPorts: async () => ({ ...hollowPorts, metadata }) })
const entries = (workspace = 'default'): Promise<readonly AuditEntry[]> =>
  auditReader(metadata)(workspace, { limit: 1000 })
const as = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' })
const attempt = (workspace: string, more: Partial<Attempt> = {}): Attempt => ({
  workspace,
  actor: { kind: 'token', id: 't-1', name: 'loader' },
  action: 'shelf.add',
  subject: { kind: 'book', id: 'Emma' },
  requestId: 'r-1',
  at: 1_000,
  ...more,
})

test('a secret in the query of a URL is not recorded with a state', async () => {
  const records = auditRecords(metadata)
  const after = { url: 'https://a.example/?page=2&api_key=hunter2', note: 'text' }
  await records.add(attempt('urls'), { outcome: 'succeeded', at: 2_000, after }, 1)
  assert.deepEqual((await entries('urls'))[0]?.after, { ...after, url: 'https://a.example/?page=2&api_key=***' })
})

test('a write is recorded with actor, subject, outcome, request and the state before and after', async () => {
  const { url, stop } = await house()
  const from = (await entries())[0]?.sequence ?? 0
  const added = await fetch(`${url}/api/v1/books`, {
    method: 'POST',
    headers: { ...as('all'), 'x-request-id': 'my-request' },
    body: JSON.stringify({ name: 'Emma', pages: 400 }),
  })
  assert.equal(added.status, 201)
  assert.equal((await fetch(`${url}/books/Emma`, { headers: as('all') })).status, 200)
  assert.equal((await fetch(`${url}/api/v1/books/Emma`, { method: 'DELETE', headers: as('all') })).status, 204)
  await stop()
  const [removal, addition] = await entries()
  assert.equal(addition?.sequence, from + 1)
  assert.equal(removal?.sequence, from + 2)
  const { action, actor, subject, outcome, requestId } = addition!
  assert.deepEqual(
    { action, actor, subject, outcome, requestId },
    {
      action: 'shelf.add',
      actor: { kind: 'token', id: 'all', name: 'all' },
      subject: { kind: 'book', id: 'Emma' },
      outcome: 'succeeded',
      requestId: 'my-request',
    },
  )
  assert.equal(removal?.action, 'shelf.remove')
  assert.deepEqual(removal?.before, { name: 'Emma', pages: 7 })
})

test('a missing permission, a wrong body and a failure are recorded with their code', async () => {
  const { url, stop } = await house()
  const post = (token: string, body: unknown) =>
    fetch(`${url}/api/v1/books`, { method: 'POST', headers: as(token), body: JSON.stringify(body) })
  assert.equal((await post('reader', { name: 'Persuasion', pages: 1 })).status, 403)
  assert.equal((await post('all', { name: 'Persuasion', pages: -1 })).status, 422)
  await stop()
  const [refused, denied] = await entries()
  assert.deepEqual([denied?.outcome, denied?.code, denied?.actor.id], ['denied', 'kernel.forbidden', 'reader'])
  assert.deepEqual([refused?.outcome, refused?.code], ['refused', 'kernel.invalidRequest'])
})

test('what a killed server left open is recorded as unknown at the next start, once', async () => {
  await auditRecords(metadata).begin(attempt('killed'))
  await openAudit(metadata, manualClock(5_000), quiet)
  await openAudit(metadata, manualClock(6_000), quiet)
  const all = await entries('killed')
  assert.deepEqual(
    all.map(({ outcome, at, endedAt }) => [outcome, at, endedAt]),
    [['unknown', '1970-01-01T00:00:01.000Z', '1970-01-01T00:00:05.000Z']],
  )
})

test('equal operations of a minute are one entry more, with their number', async () => {
  const clock = manualClock(0)
  const sums = auditSums(auditRecords(metadata), clock, (error) => assert.fail(String(error)))
  for (let times = 0; times < 5; times += 1) await sums.add(attempt('sums'), { outcome: 'succeeded', at: clock.now() })
  await sums.add(attempt('sums', { subject: { kind: 'book', id: 'Sanditon' } }), { outcome: 'succeeded', at: 0 })
  await sums.close()
  assert.deepEqual(
    (await entries('sums')).map(({ subject, times }) => [subject.id, times]),
    [
      ['Emma', 4],
      ['Sanditon', 1],
      ['Emma', 1],
    ],
  )
})

test('concurrent entries have dense sequence numbers, and a workspace sees its own only', async () => {
  const records = auditRecords(metadata)
  await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const one = attempt(index % 2 === 0 ? 'even' : 'odd')
      await records.end(await records.begin(one), one, { outcome: 'succeeded', at: 2_000 })
    }),
  )
  for (const workspace of ['even', 'odd'])
    assert.deepEqual(
      (await entries(workspace)).map(({ sequence }) => sequence).toReversed(),
      Array.from({ length: 20 }, (_, index) => index + 1),
    )
})

test('nobody changes or deletes an entry', async () => {
  for (const statement of ["update kernel.audit set outcome = 'failed'", 'delete from kernel.audit'])
    for (const sql of [metadata.system, metadata.inWorkspace('even')])
      await assert.rejects(sql.query(statement), /never changed or deleted/)
  await assert.rejects(metadata.system.query('truncate kernel.audit'), /never changed or deleted/)
})

test('texts that PostgreSQL cannot keep do not keep an operation out of the trail', async () => {
  const { url, stop } = await house()
  const name = `nul \0 and a lone ${'\ud800'} half${'x'.repeat(500)}`
  const added = await fetch(`${url}/api/v1/books`, {
    method: 'POST',
    headers: as('all'),
    body: JSON.stringify({ name, pages: 1 }),
  })
  assert.ok([201, 422].includes(added.status))
  await stop()
  const [last] = await entries()
  assert.equal(last?.action, 'shelf.add')
})

test('a module whose write names no effect or no subject does not start', () => {
  const shelf = shelfModule({ aborted: 0, stopped: [] })
  const withAdd = (add: object) => ({
    ...shelf,
    contract: { ...shelfContract, operations: { ...shelfContract.operations, add } },
  })
  const { effect: _, ...silent } = shelfContract.operations.add
  assert.throws(() => startOrder([withAdd(silent) as never, doorModule]), /"add" of "shelf" must declare its effect/)
  const nameless = { ...shelfContract.operations.add, subject: undefined }
  assert.throws(
    () => startOrder([withAdd(nameless) as never, doorModule]),
    /"add" of "shelf" writes and must name its subject/,
  )
})
