/**
 * Makes the fixture of one version: `node tests/homes/make-home.ts <checkout> <name>`, see README.md.
 * The server of the checkout fills a home and is killed in the middle of its runs. A copy of the home is then
 * opened by the same version, and what that answers is recorded.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPostgres } from '../../tools/testing/postgres.ts'
import { startServer } from '../server-process.ts'
import { freePort } from '../../tools/testing/free-port.ts'
import type { ServerProcess } from '../server-process.ts'
import { collectAnswers } from './answers.ts'
import { packHome } from './archive.ts'
import { caughtRuns } from './catch-runs.ts'
import type { CaughtRun } from './catch-runs.ts'
import { bigRows, caught, readings, tick, ticks, writeFiles } from './contents.ts'
import { fillHome, fillPostgres, rows, send } from './fill-home.ts'
import type { Filled } from './fill-home.ts'
import { writeRecord } from './home-record.ts'
import type { HomeRecord, Unfinished } from './home-record.ts'
import { finishRuns } from './finish-runs.ts'
import { postgresPort, whileListening } from './stand-in-servers.ts'

const [checkout = '', name = ''] = process.argv.slice(2)
if (name === '') throw new Error('Usage: node tests/homes/make-home.ts <checkout of the version> <name of the folder>')
const cli = join(resolve(checkout), 'src', 'apps', 'cli', 'main.ts')
const work = mkdtempSync(join(tmpdir(), 'millrace-make-home-'))
const tries = 80

const open = async (home: string): Promise<ServerProcess> => {
  const server = startServer({ home, port: await freePort(), cli, environment: { MILLRACE_EGRESS: '127.0.0.0/8' } })
  await server.ready()
  return server
}

async function makeBase(home: string): Promise<Filled> {
  mkdirSync(join(home, 'files'), { recursive: true })
  writeFiles(join(home, 'files'))
  const postgres = await startPostgres()
  try {
    await fillPostgres(postgres.url)
    const target = new URL(postgres.url)
    const proxy = createServer((socket) => {
      const beyond = connect(Number(target.port), target.hostname)
      for (const each of [socket, beyond]) each.on('error', () => [socket, beyond].forEach((end) => end.destroy()))
      socket.pipe(beyond).pipe(socket)
    })
    let filled: Filled | undefined
    await whileListening(proxy, postgresPort, async () => {
      const server = await open(home)
      filled = await fillHome(server)
      await server.stop()
    })
    assert.ok(filled)
    return filled
  } finally {
    await postgres.stop()
  }
}

/** Starts all runs that are to be caught, and kills the server and its engine while they work. */
async function killDuringRuns(home: string, { ids }: Filled): Promise<void> {
  const server = await open(home)
  let over = false
  let last = ticks.length - 1
  const sending = (async () => {
    while (!over) {
      const body = Array.from({ length: 20 }, () => tick((last += 1)))
      await server.ask('/api/v1/streams/ticks/events', { json: body }).catch(() => undefined)
      await sleep(30)
    }
  })()
  const start = async (key: string): Promise<string> => {
    const answer = await send(server, `/api/v1/pipelines/${ids[key]}/run`, undefined)
    return String(answer['runId'])
  }
  await start('fastStream')
  const started = [await start('bigEvents'), await start('bigTable'), await start('bigFile')]
  await start('bigTable')
  await start('slowStream')
  const statuses = () =>
    Promise.all(
      started.map(async (run) => (await send(server, `/api/v1/runs/${run}`, undefined, { method: 'GET' }))['status']),
    )
  for (let now = await statuses(); now.includes('queued'); now = await statuses()) await sleep(20)
  // Requests to the metadata make the moment between a load and its commit longer.
  const asking = Array.from({ length: 24 }, async () => {
    while (!over)
      await server.ask('/api/v1/tokens').then(
        (answer) => answer.text(),
        () => sleep(50),
      )
  })
  await sleep(100 + Math.random() * 900)
  server.kill('server')
  server.kill('engine')
  over = true
  await Promise.all([sending, ...asking])
  while (!server.over()) await sleep(10)
}

/** All batch runs cut off; one slice intended and not loaded, the other loaded and not committed. */
function isCaught(runs: readonly CaughtRun[]): boolean {
  const named = (spec: { name: string }) => runs.filter((run) => run.name === spec.name)
  const working = [caught.bigEvents, caught.bigTable, caught.bigFile].every((spec) =>
    named(spec).some((run) => run.status === 'running' && run.attempt === 1),
  )
  const [slow] = named(caught.slowStream)
  const [fast] = named(caught.fastStream)
  const isOpen = (run: CaughtRun | undefined): boolean =>
    run?.slice !== undefined && run.slice.position === run.slice.after && run.slice.to - run.slice.after >= 20n
  console.log(runs.map((run) => `${run.name}: ${run.status}`).join(', '))
  console.log(
    `working ${working}, slow ${isOpen(slow)} known ${slow?.slice?.known}, fast ${isOpen(fast)} known ${fast?.slice?.known}`,
  )
  return (
    working &&
    named(caught.bigTable).some((run) => run.status === 'queued') &&
    isOpen(slow) &&
    slow?.slice?.known === false &&
    isOpen(fast) &&
    fast?.slice?.known === true
  )
}

async function unfinishedOf(runs: readonly CaughtRun[], server: ServerProcess): Promise<Unfinished[]> {
  const kept = Array.from({ length: bigRows }, (_, id) => ({ id, value: id % 97 }))
  const total = (list: readonly { id: number; value: number }[]): string =>
    String(list.reduce((sum, { id, value }) => sum + id * 100 + value, 0))
  const good = (list: readonly { id: number; value: number }[]) => list.filter(({ value }) => value <= 95)
  const [[count, sum] = []] = (await rows(server, 'SELECT count(), sum(n) FROM ticks')) ?? []
  return runs.map((run) => {
    const base = {
      run: run.id,
      pipeline: run.pipeline,
      name: run.name,
      kind: run.trigger === 'stream' ? ('streaming' as const) : ('batch' as const),
      quarantined: 0,
    }
    switch (run.name) {
      case caught.bigEvents.name: {
        const rest = good(kept)
        const quarantined = bigRows - rest.length
        return {
          ...base,
          caught: 'while its rows were read',
          into: { dataset: 'big_events' },
          rows: rest.length,
          sum: total(rest),
          quarantined,
        }
      }
      case caught.bigTable.name: {
        const at = run.status === 'queued' ? 'while it waited for the run before it' : 'while its rows were read'
        return { ...base, caught: at, into: { dataset: 'big_table' }, rows: bigRows, sum: total(kept) }
      }
      case caught.bigFile.name:
        return {
          ...base,
          caught: 'while its rows were read',
          into: { file: 'big.ndjson' },
          rows: bigRows,
          sum: total(kept),
        }
      case caught.slowStream.name: {
        const rest = good(readings)
        const quarantined = readings.length - rest.length
        return {
          ...base,
          caught: 'with a slice that was not loaded',
          into: { dataset: 'slow_readings' },
          rows: rest.length,
          sum: total(rest),
          quarantined,
        }
      }
      default:
        return {
          ...base,
          caught: 'with a slice that was loaded and not committed',
          into: { dataset: 'ticks_copy' },
          rows: Number(count),
          sum: String(sum),
        }
    }
  })
}

const base = join(work, 'base')
const filled = await makeBase(base)
for (let attempt = 1; ; attempt += 1) {
  if (attempt > tries) throw new Error(`The runs were not caught as wanted in ${tries} tries.`)
  const home = join(work, `try-${attempt}`)
  cpSync(base, home, { recursive: true, preserveTimestamps: true })
  await killDuringRuns(home, filled)
  const madeAt = new Date().toISOString()
  const runs = await caughtRuns(home)
  if (isCaught(runs)) {
    const folder = join(import.meta.dirname, name)
    mkdirSync(folder)
    await packHome(home, join(folder, 'home.tar.zst'))
    const server = await open(home)
    const unfinished = await unfinishedOf(runs, server)
    await finishRuns(server, home, unfinished)
    const { ids, ...known } = filled
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: checkout, encoding: 'utf8' }).trim()
    const record: HomeRecord = { madeAt, commit, ...known, unfinished }
    const answers = await collectAnswers(server, {
      tokens: known.tokens,
      movingPipelines: new Set([...runs.map((run) => run.pipeline), ids['customers'] ?? '']),
      movingDatasets: new Set([
        'customers',
        'ticks',
        ...unfinished.flatMap(({ into }) => ('dataset' in into ? [into.dataset] : [])),
      ]),
    })
    await server.stop()
    writeRecord(folder, record, answers)
    console.log(
      `${folder}: ${statSync(join(folder, 'home.tar.zst')).size} bytes, ${answers.length} answers, try ${attempt}`,
    )
    break
  }
  rmSync(home, { recursive: true, force: true })
}
rmSync(work, { recursive: true, force: true })
