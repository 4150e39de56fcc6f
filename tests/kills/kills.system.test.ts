import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isLong, seed } from '../long-form.ts'
import { randomSource } from '../random.ts'
import { startServer, type ServerProcess } from '../server-process.ts'
import { freePort } from '../../tools/testing/free-port.ts'
import {
  assertCellsAreRows,
  assertExact,
  assertFollowed,
  assertNothingLost,
  assertRunsEnded,
  rowsOf,
} from './account.ts'
import { startLoad } from './load.ts'
import { startAgain } from './start-again.ts'

const kills = Number(process.env['MILLRACE_TEST_KILLS'] ?? (isLong ? 300 : 3))

test(
  `${kills} kills lose nothing: events once, runs ended, cells equal to rows (seed ${seed})`,
  { timeout: 60_000 + kills * 60_000 },
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'millrace-kills-'))
    const port = await freePort()
    let server: ServerProcess = startServer({ home, port })
    const random = randomSource(seed)
    try {
      await server.ready()
      const copy = await setUp(server)
      const load = startLoad(() => server, 4, copy)
      for (let kill = 1; kill <= kills; kill += 1) {
        await sleep(100 + random.next() * 2400)
        const target = kill % 3 === 0 ? 'engine' : 'server'
        server.kill(target)
        if (target === 'server') server = await startAgain(server, { home, port }, random)
        await server.ready()
        await assertNothingLost(server, { ...load.acknowledged() })
        if (kill % 25 === 0)
          console.error(
            `  ${kill} of ${kills} kills, ${load.acknowledged().rows} events, ${load.acknowledged().runs.length} runs`,
          )
      }
      await sleep(500)
      await load.drain()
      const owed = load.acknowledged()
      await assertExact(server, owed)
      await assertCellsAreRows(server)
      await assertRunsEnded(server, owed.runs)
      await assertFollowed(server, owed)
      const last = await server.ask(`/api/v1/pipelines/${copy}/run?wait=60s`, { method: 'POST' })
      assert.equal(((await last.json()) as { status: string }).status, 'succeeded')
      const [counts = []] = await rowsOf(server, 'select count(), uniqExact(id) from copied')
      assert.deepEqual(counts.map(Number), [owed.large, owed.large])
      console.error(`  ${owed.rows} events, ${owed.runs.length} runs, ${kills} kills`)
    } finally {
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    }
  },
)

async function setUp(server: ServerProcess): Promise<string> {
  const made = async (path: string, json: unknown): Promise<Record<string, unknown>> => {
    const answer = await server.ask(path, { json })
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`)
    return (await answer.json()) as Record<string, unknown>
  }
  const column = (name: string, type: string): object => ({ name, type, nullable: false })
  await made('/api/v1/datasets', {
    name: 'events',
    kind: 'events',
    columns: [
      column('id', 'string'),
      column('region', 'string'),
      column('cents', 'integer'),
      column('at', 'timestamp'),
    ],
  })
  for (const [code, measure] of [
    ['KILL.SUM', { type: 'sum', expression: 'cents' }],
    ['KILL.COUNT', { type: 'count' }],
    ['KILL.MAX', { type: 'max', expression: 'cents' }],
  ] as const) {
    await made('/api/v1/metrics', { code, name: code, dataset: 'events', time: 'at', measure, dimensions: ['region'] })
  }
  const large = [{ type: 'filter', config: { field: 'cents', operator: 'gt', value: 500 } }]
  const source = { type: 'stream', config: { stream: 'events' } }
  const copy = await made('/api/v1/pipelines', {
    name: 'copy',
    type: 'batch',
    source,
    transformations: large,
    destination: { type: 'dataset', config: { dataset: 'copied', mode: 'overwrite', key: ['id'] } },
  })
  const follow = await made('/api/v1/pipelines', {
    name: 'follow',
    type: 'streaming',
    source,
    transformations: large,
    destination: { type: 'dataset', config: { dataset: 'followed' } },
  })
  const resumed = await server.ask(`/api/v1/pipelines/${String(follow['id'])}/resume`, { method: 'POST' })
  assert.ok(resumed.ok, await resumed.text())
  return String(copy['id'])
}
