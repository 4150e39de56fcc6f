import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { manualClock } from '#adapters/clock-manual'
import { pgliteMetadata } from '#adapters/pglite'
import { isMillraceError } from '#core/errors'
import { migrateOne } from '../module/migrations.ts'
import type { Logger } from '../module/module.ts'
import type { Metadata } from '#ports/metadata'
import { storesTables } from './guard-stores.ts'
import { joinServers, type JoinOptions } from './servers.ts'

const home = await mkdtemp(join(tmpdir(), 'millrace-servers-'))
const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
await migrateOne(metadata, storesTables)
after(async () => {
  await metadata.close()
  await rm(home, { recursive: true })
})
beforeEach(async () => {
  await metadata.system.query('delete from stores.server')
})

const clock = manualClock()
const log: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const lapseMs = 12_000
const join_ = (name: string, more: Partial<JoinOptions> = {}) =>
  joinServers({
    metadata,
    clock,
    log,
    lapseMs,
    alone: false,
    identity: { home: name, host: `host-of-${name}`, process: 4711, version: '1.0.0', role: 'all' },
    ...more,
  })
const inUse = (error: unknown): boolean =>
  isMillraceError(error) && error.code === 'stores.in_use' && /process 4711 on host-of-a, since 2/.test(error.message)
const running = async (): Promise<string[]> =>
  (await metadata.system.query<{ home: string }>('select home from stores.server where ended is null')).rows.map(
    (row) => row.home,
  )
const silent = (ms: number): Promise<unknown> =>
  metadata.system.query(
    `update stores.server set heartbeat = clock_timestamp() - $1::float8 * interval '1 millisecond'`,
    [ms],
  )

test('a server of another home is refused as soon as the first one gives a sign of life, and says for whom it waits', async () => {
  const first = await join_('a')
  const said = Promise.withResolvers<string>()
  const second = join_('b', { onWait: said.resolve })
  assert.match(
    await said.promise,
    /^process 4711 on host-of-a \(since 2.*\) uses the same stores; waiting for up to 12 s/,
  )
  await first.beat()
  await assert.rejects(second, inUse)
  assert.deepEqual(await running(), ['a'])
  assert.equal(first.replaced.aborted, false)
  await first.end()
})

test('a server of another home takes the place of a silent one, which learns it and stops', async () => {
  const first = await join_('a')
  await silent(lapseMs + 1)
  const waits: string[] = []
  const second = await join_('b', { onWait: (sentence) => waits.push(sentence) })
  assert.deepEqual([await running(), waits], [['b'], []])
  await first.beat()
  assert.match(String(first.replaced.reason), /taken over by process 4711 on host-of-b/)
  await first.end()
  assert.deepEqual(await running(), ['b'])
  await second.end()
})

test('a waiting server continues as soon as the other one has ended', async () => {
  const first = await join_('a')
  const second = join_('b', { onWait: () => void first.end() })
  await (await second).end()
})

test('the same home takes its own place at once', async () => {
  const first = await join_('a')
  const second = await join_('a')
  await first.beat()
  assert.ok(first.replaced.aborted)
  await second.beat()
  assert.equal(second.replaced.aborted, false)
  await second.end()
})

test('of many that start at once, one gets in', async () => {
  const names = ['a', 'b', 'c', 'd']
  const waiting = names.map(() => Promise.withResolvers<void>())
  const starts = names.map((name, index) => join_(name, { onWait: () => waiting[index]?.resolve() }))
  const states = await Promise.all(
    starts.map((start, index) => Promise.race([start, waiting[index]?.promise.then(() => undefined)])),
  )
  const [winner, ...others] = states.filter((state) => state !== undefined)
  assert.deepEqual([others, (await running()).length], [[], 1])
  await winner?.beat()
  const ends = await Promise.allSettled(starts)
  assert.equal(ends.filter(({ status }) => status === 'rejected').length, 3)
  await winner?.end()
})

test('alone there are no heartbeats: an hour passes without a call into the database', async () => {
  let calls = 0
  const counting: Metadata = {
    ...metadata,
    system: {
      query: (text, values) => ((calls += 1), metadata.system.query(text, values)),
      transaction: (work) => ((calls += 1), metadata.system.transaction(work)),
    },
  }
  const presence = await join_('a', { metadata: counting, alone: true })
  const joined = calls
  await clock.advance(3_600_000)
  await presence.beat()
  assert.equal(calls, joined)
  await presence.end()
})
