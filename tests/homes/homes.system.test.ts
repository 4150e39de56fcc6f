/** Homes made by earlier versions keep working. How the fixtures are made and used: README.md. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { nextTime } from '#core/cron'
import { startServer } from '../server-process.ts'
import { freePort } from '../../tools/testing/free-port.ts'
import type { ServerProcess } from '../server-process.ts'
import { isLong, seed } from '../long-form.ts'
import { randomSource } from '../random.ts'
import { unpackHome } from './archive.ts'
import { changes, moved } from './changes.ts'
import { compareAnswers, differencesOf, report } from './compare.ts'
import { finishRuns } from './finish-runs.ts'
import { readAnswers, readRecord } from './home-record.ts'
import type { HomeRecord } from './home-record.ts'
import { withHttpSource, withPostgresDoor } from './stand-in-servers.ts'

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'home.tar.zst')))
  .map((entry) => entry.name)
const killedHomes = isLong ? 12 : 1
/** A run is given up after five attempts, and each kill may cost one. */
const killsOfHome = isLong ? 3 : 2
const needed = new Set<unknown>()

interface Opened {
  readonly path: string
  server: ServerProcess
}

async function unpacked(name: string): Promise<string> {
  const path = mkdtempSync(join(tmpdir(), 'millrace-home-'))
  await unpackHome(join(import.meta.dirname, name, 'home.tar.zst'), path)
  return path
}

/** With `clock`, as if it were that time when the server starts. */
async function start(home: string, clock?: string): Promise<ServerProcess> {
  const moveMs = clock === undefined ? 0 : Date.parse(clock) - Date.now()
  return startServer({
    home,
    port: await freePort(),
    environment: {
      MILLRACE_EGRESS: '127.0.0.0/8',
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${join(import.meta.dirname, 'set-clock.ts')}`,
      MILLRACE_TEST_CLOCK_MS: String(moveMs),
    },
  })
}

async function json(server: ServerProcess, path: string, init: Parameters<ServerProcess['ask']>[1] = {}): Promise<any> {
  const answer = await server.ask(path, init)
  const text = await answer.text()
  assert.ok(answer.ok, `${init.method ?? 'GET'} ${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}

for (const name of folders) {
  const folder = join(import.meta.dirname, name)
  const record = readRecord(folder)
  const answers = readAnswers(folder)
  /** After kills a third of the questions is asked, another one with each seed; the long form asks them all. */
  const sample = answers.filter((_, index) => isLong || index % 3 === seed % 3)

  const assertSameAnswers = async (server: ServerProcess, when: string, asked = answers): Promise<void> => {
    const until = Date.now() + 30_000
    while (/"folding"/.test(JSON.stringify(await json(server, '/api/v1/metrics'))) && Date.now() < until)
      await sleep(50)
    const compared = await compareAnswers(server, { name, record, answers }, asked)
    for (const change of compared.needed) needed.add(change)
    const { length } = compared.differences
    assert.equal(
      length,
      0,
      `The home "${name}" answers ${when} otherwise than when it was made:\n${report(compared.differences)}`,
    )
  }

  describe(`the home "${name}"`, () => {
    let home: Opened
    before(async () => {
      const path = await unpacked(name)
      home = { path, server: await start(path, new Date(Date.parse(record.madeAt) + 60_000).toISOString()) }
      await home.server.ready()
    })
    after(async () => {
      await home.server.stop()
      rmSync(home.path, { recursive: true, force: true })
    })

    test('ends the runs and slices that the old version was killed in, with each row once', async () => {
      await finishRuns(home.server, home.path, record.unfinished)
    })

    test('answers every recorded question as before', async () => {
      await assertSameAnswers(home.server, 'after its first start')
    })

    test('knows the idempotency keys, sessions and positions of before', async () => {
      await assertRepeated(home.server, record)
      await assertSession(home.server, record)
    })

    test('keeps its schedules', async () => {
      await assertSchedules(home.server, record, Date.parse(record.madeAt) + 60_000)
    })

    test('starts a second time, at the present time', async () => {
      await home.server.stop()
      home.server = await start(home.path)
      await home.server.ready()
      await finishRuns(home.server, home.path, record.unfinished)
      await assertSameAnswers(home.server, 'after its second start')
      await assertSchedules(home.server, record, Date.now())
    })

    test('opens the secrets that were kept', async () => {
      await assertSecrets(home.server, record)
    })

    test('lets a paused streaming pipeline load the rest of its stream', async () => {
      await assertRest(home.server, record)
    })

    for (let round = 1; round <= killedHomes; round += 1) {
      test(`is the same after ${killsOfHome} kills while it is first opened (seed ${seed}, home ${round})`, async () => {
        const path = await unpacked(name)
        const random = randomSource(seed + round)
        let server: ServerProcess | undefined
        try {
          for (let kill = 0; kill < killsOfHome; kill += 1) {
            server = await start(path)
            await sleep(200 + random.next() * 2300)
            server.kill(random.chance(0.3) ? 'engine' : 'server')
            server.kill('server')
            while (!server.over()) await sleep(5)
          }
          server = await start(path)
          await server.ready()
          await finishRuns(server, path, record.unfinished)
          if (isLong) console.error(`  ${round} of ${killedHomes} homes opened after ${killsOfHome} kills`)
          await assertSameAnswers(server, `after ${killsOfHome} kills (seed ${seed}, home ${round})`, sample)
        } finally {
          await server?.stop()
          rmSync(path, { recursive: true, force: true })
        }
      })
    }
  })
}

test('there is a home of an earlier version', () => {
  assert.ok(folders.length > 0)
})

test('every declared change is one that a home shows', () => {
  const idle = [...changes, ...moved].filter((change) => !needed.has(change))
  assert.deepEqual(
    idle.map(({ at, because }) => `${String(at)}: ${because}`),
    [],
  )
})

test('a difference is named with its place; added fields are none, added items are', () => {
  const recorded = { items: [{ name: 'a', rows: 1 }], next: null }
  assert.deepEqual(differencesOf(recorded, { items: [{ name: 'a', rows: 1, owner: 'x' }], next: null }), [])
  assert.deepEqual(differencesOf(recorded, { items: [{ name: 'a', rows: 2 }] }), [
    { at: 'items[a].rows', recorded: 1, now: 2 },
    { at: 'next', recorded: null, now: undefined },
  ])
  const b = { name: 'b', rows: 3 }
  assert.deepEqual(differencesOf(recorded, { items: [b], next: null }), [
    { at: 'items[a]', recorded: recorded.items[0], now: undefined },
    { at: 'items[b]', recorded: undefined, now: b },
  ])
  assert.deepEqual(differencesOf([1, 2], [1, 3, 4], 'list'), [
    { at: 'list.length', recorded: 2, now: 3 },
    { at: 'list[1]', recorded: 2, now: 3 },
  ])
  assert.deepEqual(differencesOf([recorded.items[0], b], [b, recorded.items[0]], 'list'), [
    { at: 'list (order)', recorded: ['a', 'b'], now: ['b', 'a'] },
  ])
})

async function assertRepeated(server: ServerProcess, { repeated }: HomeRecord): Promise<void> {
  const { path, key, body, answer } = repeated
  const before = await json(server, '/api/v1/datasets/orders')
  const now = await json(server, path, { json: body, headers: { 'idempotency-key': key } })
  assert.deepEqual(differencesOf(answer, now), [], `POST ${path} with the key "${key}" is answered otherwise`)
  assert.equal((await json(server, '/api/v1/datasets/orders')).rows, before.rows, 'a repeated block is loaded twice')
}

async function assertSession(server: ServerProcess, { cookie }: HomeRecord): Promise<void> {
  const answer = await fetch(`${server.url}/api/v1/session`, { headers: { cookie } })
  assert.equal(answer.status, 200, `the session is refused: ${await answer.clone().text()}`)
  const { permissions } = (await answer.json()) as { permissions: unknown }
  assert.deepEqual(permissions, ['dashboards.read', 'metrics.read'])
}

/** `opened` is when the server was started. */
async function assertSchedules(server: ServerProcess, record: HomeRecord, opened: number): Promise<void> {
  for (const { id, name, cron, zone, status } of record.schedules) {
    const pipeline = await json(server, `/api/v1/pipelines/${id}`)
    assert.equal(pipeline.status, status, `status of "${name}"`)
    if (status === 'paused') {
      assert.equal(pipeline.nextRunAt, undefined, `"${name}" is paused`)
      continue
    }
    const next = (after: number): string => new Date(nextTime(cron, zone, after)).toISOString()
    const right = [next(opened), next(opened + 120_000)]
    assert.ok(
      right.includes(pipeline.nextRunAt),
      `"${name}" (${cron} in ${zone}) runs next at ${pipeline.nextRunAt}, not at ${right[0]}`,
    )
    if (nextTime(cron, zone, Date.parse(record.madeAt)) >= opened) continue
    for (let tries = 0; ; tries += 1) {
      const { items } = await json(server, `/api/v1/pipelines/${id}/runs`)
      if (items.some((run: any) => run.trigger === 'schedule' && run.status === 'succeeded')) break
      assert.ok(tries < 300, `"${name}" was due while no server ran, and is not made up for: ${JSON.stringify(items)}`)
      await sleep(100)
    }
  }
}

async function assertSecrets(server: ServerProcess, { secrets }: HomeRecord): Promise<void> {
  const { http, postgresSource, postgresDestination } = secrets
  const run = (id: string) => json(server, `/api/v1/pipelines/${id}/run?wait=30s`, { method: 'POST' })
  for (const how of ['as it was kept', 'after what GET answers was sent back']) {
    const headers = await withHttpSource(async () => {
      const { status, error } = await run(http.id)
      assert.equal(status, 'succeeded', JSON.stringify(error))
    })
    const sent = headers.map((each) => [each.authorization, each['x-api-key']])
    assert.deepEqual(sent, [[`Bearer ${http.token}`, http.apiKey]], `the secrets of the http source, ${how}`)
    const definition = await json(server, `/api/v1/pipelines/${http.id}`)
    assert.doesNotMatch(JSON.stringify(definition), new RegExp(http.token))
    await json(server, `/api/v1/pipelines/${http.id}`, { method: 'PUT', json: definition })
  }
  for (const [side, { id, password }] of Object.entries({ postgresSource, postgresDestination })) {
    const given = await withPostgresDoor(async () => void (await run(id)))
    assert.ok(
      given.length > 0 && given.every((each) => each === password),
      `${side} gave ${given.length} passwords, not the kept one`,
    )
  }
}

async function assertRest(server: ServerProcess, { half }: HomeRecord): Promise<void> {
  const count = async (): Promise<number[]> => {
    const question = { sql: `SELECT count(), uniqExact(id) FROM ${half.dataset}` }
    return (await json(server, '/query', { json: question })).rows[0].map(Number)
  }
  assert.deepEqual(await count(), [half.rows - half.missing, half.rows - half.missing], 'before it continues')
  await json(server, `/api/v1/pipelines/${half.id}/resume`, { method: 'POST' })
  const until = Date.now() + 30_000
  while ((await count())[0]! < half.rows && Date.now() < until) await sleep(50)
  await json(server, `/api/v1/pipelines/${half.id}/pause`, { method: 'POST' })
  assert.deepEqual(await count(), [half.rows, half.rows], `"${half.dataset}" has other rows (count, different ids)`)
}
