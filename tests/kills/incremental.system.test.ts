/** Pipelines that read a growing source on from its state, in a server that is killed again and again. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../tools/testing/free-port.ts'
import { isLong, seed } from '../long-form.ts'
import { randomSource, type Random } from '../random.ts'
import { startServer, type ServerProcess } from '../server-process.ts'
import { eventually, rowsOf } from './account.ts'
import { startGrowingSource, streams, type GrowingSource, type SourceStream } from './growing-source.ts'
import { startAgain } from './start-again.ts'

const kills = Number(process.env['MILLRACE_TEST_KILLS'] ?? (isLong ? 150 : 2))
const keys = 40

test(
  `after ${kills} kills the rows of a growing source are loaded once and its last state is kept (seed ${seed})`,
  { timeout: 120_000 + kills * 30_000 },
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'millrace-incremental-'))
    const cli = join(import.meta.dirname, 'cli-with-growing-connector.ts')
    const options = { home, port: await freePort(), cli, environment: { MILLRACE_EGRESS: '127.0.0.0/8' } }
    const random = randomSource(seed)
    const source = await startGrowingSource()
    let server = startServer(options)
    const growing = setInterval(() => grow(source, random), 100)
    try {
      await server.ready()
      const pipelines = await createPipelines(server, source.url)
      const runs: string[] = []
      for (let kill = 1; kill <= kills; kill += 1) {
        const lastPage = source.lastPage()
        runs.push(...(await startRuns(server, pipelines)))
        // What a kill can break lies behind the last page: the load and the commit of the state.
        if (random.chance(0.8)) await Promise.race([lastPage, sleep(2_000)])
        await sleep(random.whole(0, 300))
        server.kill(random.chance(0.2) ? 'engine' : 'server')
        server.kill('server')
        server = await startAgain(server, options, random)
        await server.ready()
        await assertNothingTwice(server)
      }
      clearInterval(growing)
      await assertWhole(server, source, pipelines)
      console.error(`  ${kills} kills, ${await finishedLoads(server, runs)} cut-off loads finished by a later attempt`)
    } finally {
      clearInterval(growing)
      await server.stop()
      await source.close()
      rmSync(home, { recursive: true, force: true })
    }
  },
)

function grow(source: GrowingSource, random: Random): void {
  const from = source.rows('events').length
  source.append(
    'events',
    Array.from({ length: random.whole(0, 40) }, (_, index) => ({ n: from + index })),
  )
  const version = source.rows('changes').length
  source.append(
    'changes',
    Array.from({ length: random.whole(0, 20) }, (_, index) => ({
      id: random.whole(1, keys),
      version: version + index,
    })),
  )
}

type Pipelines = Readonly<Record<SourceStream, string>>

async function createPipelines(server: ServerProcess, url: string): Promise<Pipelines> {
  const create = async (stream: SourceStream, load: object): Promise<string> => {
    const answer = await server.ask('/api/v1/pipelines', {
      json: {
        name: stream,
        type: 'batch',
        source: { type: 'growing', config: { url, stream } },
        transformations: [],
        destination: { type: 'dataset', config: { dataset: stream, ...load } },
      },
    })
    assert.equal(answer.status, 201, await answer.clone().text())
    return ((await answer.json()) as { id: string }).id
  }
  return { events: await create('events', {}), changes: await create('changes', { mode: 'merge', key: ['id'] }) }
}

/** A run that was killed continues beside these; a pipeline with too many waiting runs refuses another. */
async function startRuns(server: ServerProcess, pipelines: Pipelines): Promise<string[]> {
  const started = streams.map(async (stream) => {
    const answer = await server.ask(`/api/v1/pipelines/${pipelines[stream]}/run`, { method: 'POST' })
    return answer.status === 202 ? [((await answer.json()) as { runId: string }).runId] : []
  })
  return (await Promise.all(started)).flat()
}

async function assertNothingTwice(server: ServerProcess): Promise<void> {
  const { items } = (await (await server.ask('/api/v1/datasets')).json()) as { items: { name: string }[] }
  if (!items.some(({ name }) => name === 'events')) return
  const [[count, distinct] = []] = await rowsOf(server, 'select count(), uniqExact(n) from events')
  assert.equal(count, distinct, 'a row is there twice')
}

async function assertWhole(server: ServerProcess, source: GrowingSource, pipelines: Pipelines): Promise<void> {
  for (const stream of streams) {
    await eventually(`a run of "${stream}" reads the source to its end`, async () => {
      const run = await ranTo(server, pipelines[stream])
      return run.status === 'succeeded' ? true : undefined
    })
    const requests = source.asked(stream).length
    const idle = await ranTo(server, pipelines[stream])
    assert.deepEqual([idle.status, idle.rows], ['succeeded', { read: 0, written: 0, quarantined: 0 }])
    assert.deepEqual(source.asked(stream).slice(requests), [source.rows(stream).length], 'the state is the last one')
  }
  const events = await rowsOf(server, 'select count(), uniqExact(n), min(n), max(n) from events')
  const count = source.rows('events').length
  assert.deepEqual(events[0]?.map(Number), [count, count, 0, count - 1])
  const newest = new Map((source.rows('changes') as { id: number; version: number }[]).map((row) => [row.id, row]))
  const changes = await rowsOf(server, 'select id, version from changes order by id')
  assert.deepEqual(
    changes.map(([id, version]) => ({ id: Number(id), version: Number(version) })),
    [...newest.values()].toSorted((a, b) => a.id - b.id),
  )
}

async function ranTo(server: ServerProcess, pipeline: string): Promise<{ status: string; rows: object }> {
  const answer = await server.ask(`/api/v1/pipelines/${pipeline}/run?wait=60s`, { method: 'POST' })
  return (await answer.json()) as { status: string; rows: object }
}

/** How often a kill came between the begin of a load and the commit of its state. */
async function finishedLoads(server: ServerProcess, runs: readonly string[]): Promise<number> {
  let found = 0
  for (const run of runs) {
    const answer = await server.ask(`/api/v1/runs/${run}/logs?limit=1000`)
    found += (await answer.text()).split('An unfinished load is finished').length - 1
  }
  return found
}
