import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { systemClock } from '#adapters/clock-system'
import { pgBossJobs } from '#adapters/jobs-pgboss'
import { pgliteMetadata } from '#adapters/pglite'
import type { Jobs } from '#ports/jobs'
import type { Metadata } from '#ports/metadata'
import { until } from '#tests/house/until'
import { egress } from '../egress/egress.ts'
import { cloudEvent } from '../events/cloud-event.ts'
import { openJobQueue, type JobQueue } from '../jobs/job-queue.ts'
import { defineJobs, type JobHandler, type ModuleJobs } from '../jobs/jobs.ts'
import { migrate } from '../module/migrations.ts'
import { quiet } from '../module/test-house.ts'
import { passingVault } from '../vault/vault.ts'
import { newWebhookSecret, webhookKey } from './webhook-signature.ts'
import { webhookHandler, webhookJob, type WebhookEndpoint } from './webhooks.ts'

const hookJobs = defineJobs('hooks', { deliver: { ...webhookJob({ about: 'Deliver.' }), retryDelayMs: 10 } })
const secret = newWebhookSecret()
const vault = passingVault()

interface Received {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
type Answer = (received: Received, response: ServerResponse) => void

let folder: string
let metadata: Metadata
let queue: Jobs
let jobs: ModuleJobs
let records: JobQueue['records']
let server: Server
let base: string
const stopping = new AbortController()
const received: Received[] = []
const answers = new Map<string, Answer>()
const endpoints = new Map<string, WebhookEndpoint>()
const gone: string[] = []

before(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const path = request.url ?? ''
      const one = { path, headers: request.headers, body: Buffer.concat(chunks).toString() }
      received.push(one)
      const answer = answers.get(path)
      if (answer === undefined) response.writeHead(204).end()
      else answer(one, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  folder = await mkdtemp(join(tmpdir(), 'millrace-webhooks-'))
  metadata = await pgliteMetadata({ directory: join(folder, 'metadata'), durability: 'process' })
  await migrate(metadata, [])
  const clock = systemClock()
  queue = await pgBossJobs({ metadata, clock, alone: true, pollMs: 50 })
  const module = { name: 'hooks', jobs: hookJobs }
  const opened = openJobQueue([module], { metadata, jobs: queue, clock, log: quiet, stopping: stopping.signal })
  const deliver = webhookHandler({
    egress: egress('127.0.0.1'),
    vault,
    clock,
    endpoint: async (workspace, id) => endpoints.get(`${workspace}/${id}`),
    onGone: async (workspace, id) => void gone.push(`${workspace}/${id}`),
  })
  await opened.start(new Map([['hooks', { deliver: deliver as JobHandler }]]))
  jobs = opened.of(module)
  records = opened.records
})
after(async () => {
  stopping.abort(new Error('The server is stopping.'))
  await queue.close(1_000)
  await metadata.close()
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

const event = (id: string) =>
  cloudEvent({
    id,
    name: 'datasets.changed',
    workspace: 'w',
    key: 'orders',
    subject: { kind: 'dataset', id: 'orders' },
    payload: { change: 'created', note: 'é ✓' },
    at: new Date('2026-11-01T09:00:00Z'),
  })

async function queued(id: string, url: string, given = secret): Promise<string> {
  endpoints.set(`w/${id}`, { url, sealedSecret: vault.seal(given, `hooks/${id}`), place: `hooks/${id}` })
  return await jobs.enqueue('w', hookJobs.deliver, { endpoint: id, event: event(`evt_${id}`) })
}
async function untilReached(job: string, reached: 'succeeded' | 'failed' | 'has an error') {
  return await until(`the job ${reached}`, async () => {
    const record = (await records.get('w', job))!
    return (reached === 'has an error' ? record.error !== null : record.status === reached) && record
  })
}
const receivedAt = (path: string) => received.filter((one) => one.path === path)

test('an event arrives as CloudEvent with a signature that another implementation verifies', async () => {
  const job = await queued('plain', `${base}/plain?key=in-the-url`)
  const { subject } = await untilReached(job, 'succeeded')
  assert.deepEqual(subject, { kind: 'webhook', id: 'plain' })
  const [{ headers, body } = assert.fail(), ...more] = receivedAt('/plain?key=in-the-url')
  assert.equal(more.length, 0)
  assert.deepEqual(JSON.parse(body), event('evt_plain'))
  assert.match(headers['content-type'] ?? '', /^application\/cloudevents\+json/)
  assert.equal(headers['webhook-id'], 'evt_plain')
  const timestamp = Number(headers['webhook-timestamp'])
  assert.ok(Math.abs(timestamp - Date.now() / 1000) < 60)
  const expected = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(`evt_plain.${timestamp}.${body}`)
    .digest('base64')
  assert.equal(headers['webhook-signature'], `v1,${expected}`)
})

test('a refused delivery is tried again under the same id, and the job holds neither address nor secret', async () => {
  answers.set('/flaky', (_, response) =>
    response.writeHead(receivedAt('/flaky').length === 1 ? 500 : 200).end('x'.repeat(100)),
  )
  const job = await queued('flaky', `${base}/flaky`)
  const { attempt } = await untilReached(job, 'succeeded')
  assert.equal(attempt, 2)
  assert.deepEqual(
    receivedAt('/flaky').map(({ headers }) => headers['webhook-id']),
    ['evt_flaky', 'evt_flaky'],
  )
  const { rows } = await metadata.system.query('select * from kernel.job')
  const { rows: entries } = await metadata.system.query('select * from jobs.job')
  const stored = JSON.stringify([rows, entries])
  assert.ok(stored.includes('evt_flaky'))
  for (const hidden of [secret, secret.replace('whsec_', ''), 'in-the-url', '/flaky'])
    assert.ok(!stored.includes(hidden), hidden)
})

test('429 and 503 are tried again when their Retry-After says, and the error names only the host', async () => {
  for (const [id, status, header] of [
    ['later', 429, '7200'],
    ['date', 503, new Date(Date.now() + 7_200_000).toUTCString()],
  ] as const) {
    answers.set(`/${id}/s3cret`, (_, response) => response.writeHead(status, { 'retry-after': header }).end())
    const { status: state, runAt, error } = await untilReached(await queued(id, `${base}/${id}/s3cret`), 'has an error')
    assert.equal(state, 'queued')
    assert.ok(runAt.getTime() > Date.now() + 7_000_000)
    assert.equal(error?.code, 'webhooks.refused')
    assert.ok(error.detail.includes(String(status)) && !error.detail.includes('s3cret'))
  }
})

test('410 ends the delivery at once and is reported to the module', async () => {
  answers.set('/gone', (_, response) => response.writeHead(410).end())
  const { attempt, error } = await untilReached(await queued('gone', `${base}/gone`), 'failed')
  assert.deepEqual([attempt, error?.code, gone], [1, 'webhooks.gone', ['w/gone']])
})

test('an address that egress refuses gets nothing, and no further attempt', async () => {
  for (const host of ['127.0.0.2', '169.254.169.254', '[::1]']) {
    const job = await queued(`egress-${host.length}`, `http://${host}:${new URL(base).port}/refused`)
    const { attempt, error } = await untilReached(job, 'failed')
    assert.deepEqual([attempt, error?.code], [1, 'connectors.forbidden_address'], host)
  }
  assert.equal(receivedAt('/refused').length, 0)
})

test('a redirect is not followed', async () => {
  answers.set('/away', (_, response) => response.writeHead(307, { location: `${base}/inside` }).end())
  const { error } = await untilReached(await queued('away', `${base}/away`), 'has an error')
  assert.equal(error?.code, 'webhooks.redirected')
  assert.equal(receivedAt('/inside').length, 0)
})

test('of a long answer only the beginning is read', async () => {
  const cut = Promise.withResolvers<void>()
  answers.set('/endless', (_, response) => {
    response.writeHead(200)
    const more = () => {
      while (response.write('x'.repeat(1_000)));
    }
    response.on('drain', more).on('close', () => cut.resolve())
    more()
  })
  await untilReached(await queued('endless', `${base}/endless`), 'succeeded')
  await cut.promise
})

test('a connection that breaks, a removed endpoint, and an unusable address or secret are named', async () => {
  answers.set('/broken', (_, response) => response.destroy())
  const broken = await untilReached(await queued('broken', `${base}/broken`), 'has an error')
  assert.equal(broken.error?.code, 'webhooks.unreachable')
  const removed = await jobs.enqueue('w', hookJobs.deliver, { endpoint: 'nobody', event: event('evt') })
  assert.equal((await untilReached(removed, 'failed')).error?.code, 'webhooks.removed')
  const file = await untilReached(await queued('file', 'file:///etc/passwd'), 'failed')
  assert.equal(file.error?.code, 'webhooks.address')
  const weak = await untilReached(await queued('weak', `${base}/weak`, 'hunter2'), 'failed')
  assert.equal(weak.error?.code, 'webhooks.secret')
  assert.ok(!weak.error.detail.includes('hunter2'))
})

test('an event that is too large is refused when it is queued', async () => {
  const large = { ...event('large'), data: 'x'.repeat(300_000) }
  await assert.rejects(jobs.enqueue('w', hookJobs.deliver, { endpoint: 'any', event: large }), /262144 bytes/)
})

test('secrets have the form of Standard Webhooks', () => {
  assert.match(newWebhookSecret(), /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.equal(webhookKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')?.length, 24)
  for (const wrong of ['', 'whsec_', 'whsec_AAAA', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', `whsec_${'A'.repeat(400)}`])
    assert.equal(webhookKey(wrong), undefined, wrong)
})
