import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { until } from '#tests/house/until'
import type { FixtureConfig } from './child-fixture.ts'
import { processStart, startInStat } from './process-record.ts'
import { supervise, type ProcessEvent, type Supervised, type SupervisedOptions } from './supervisor.ts'

type Ready = { readonly pid: number }

describe('the supervisor of child processes', { timeout: 120_000 }, () => {
  let folder: string
  let events: ProcessEvent[] = []
  const started: Supervised<Ready>[] = []
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-processes-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))
  afterEach(async () => {
    await Promise.all(started.splice(0).map((process) => process.stop()))
    events = []
  })

  const record = () => join(folder, 'child.json')
  async function open(config: FixtureConfig = {}, more: Partial<SupervisedOptions<Ready>> = {}) {
    const process_ = await supervise<Ready>({
      name: 'the fixture',
      entry: new URL('./child-fixture.ts', import.meta.url),
      config,
      environment: { PATH: process.env['PATH'] },
      record: record(),
      onEvent: (event) => events.push(event),
      ...more,
    })
    started.push(process_)
    return process_
  }
  const kinds = () => events.map(({ kind }) => kind)
  async function gone(pid: number): Promise<void> {
    await until('the process ended', () => processStart(pid) === undefined)
  }

  test('a child is recorded while it runs, and ends when it is asked to', async () => {
    const child = await open()
    const { pid } = (await child.ready(0))!
    assert.equal(child.pid, pid)
    assert.equal((JSON.parse(readFileSync(record(), 'utf8')) as { pid: number }).pid, pid)
    await child.stop()
    assert.equal(processStart(pid), undefined)
    assert.deepEqual([existsSync(record()), await child.ready(1_000), child.pid], [false, undefined, undefined])
    assert.deepEqual(kinds(), ['ready'])
  })

  test('a child that was killed is started again, and callers that may wait get the new one', async () => {
    const child = await open()
    const { pid } = (await child.ready(0))!
    process.kill(pid, 'SIGKILL')
    await until('another process', () => child.pid !== pid)
    const again = (await child.ready(20_000))!
    assert.notEqual(again.pid, pid)
    assert.deepEqual(kinds(), ['ready', 'ended', 'ready'])
    assert.match((events[1] as { reason: string }).reason, /SIGKILL/)
  })

  test('a start that fails again and again is repeated with growing pauses, and the reason is short', async () => {
    const brokenWhile = join(folder, 'broken')
    const child = await open({ brokenWhile }, { times: { pauseMs: 10, maxPauseMs: 40, steadyMs: 60_000 } })
    await writeFile(brokenWhile, '')
    process.kill(child.pid!, 'SIGKILL')
    const ended = () => events.filter((event) => event.kind === 'ended')
    await until('the events came', () => ended().length >= 5)
    await rm(brokenWhile)
    assert.ok(((await child.ready(60_000))?.pid ?? 0) > 0)
    assert.deepEqual(
      ended()
        .slice(0, 5)
        .map(({ restartInMs }) => restartInMs),
      [0, 10, 20, 40, 40],
    )
    const { reason } = ended()[1]!
    assert.match(reason, /the process of the fixture ended \(code 3: .*the last words\)$/s)
    assert.ok(reason.length < 4_200)
  })

  test('a child that cannot start rejects the first start with its reason and leaves no record', async () => {
    await assert.rejects(open({ fails: 'the folder is locked' }), /^Error: the folder is locked$/)
  })

  test('a child that answers no probe is killed and started again', async () => {
    const hung = new Set<number>()
    const child = await open(
      {},
      {
        times: { probeEveryMs: 5 },
        probe: async ({ pid }) => {
          if (hung.has(pid)) throw new Error('no answer')
        },
      },
    )
    const { pid } = (await child.ready(0))!
    hung.add(pid)
    await until('the events came', () => events.some(({ kind }) => kind === 'hung'))
    await gone(pid)
    await until('the events came', () => events.length === 4)
    assert.deepEqual(kinds(), ['ready', 'hung', 'ended', 'ready'])
  })

  test('what a child says can replace it, once', async () => {
    const said: unknown[] = []
    const child = await open(
      { says: { stuck: 3 } },
      {
        onMessage: (message, from) => {
          said.push(message)
          if (said.length === 1) setTimeout(() => from.replace(0), 50)
        },
      },
    )
    await until('the events came', () => said.length === 2 && child.pid !== undefined)
    assert.deepEqual(said, [{ stuck: 3 }, { stuck: 3 }])
  })

  test('a child that does not end is killed after its time', async () => {
    const child = await open({ clings: true }, { times: { stopMs: 100 } })
    const { pid } = (await child.ready(0))!
    await child.stop()
    assert.equal(processStart(pid), undefined)
  })

  test('a stop does not wait for the pause before a restart', async () => {
    const brokenWhile = join(folder, 'broken')
    const child = await open({ brokenWhile }, { times: { pauseMs: 3_600_000, maxPauseMs: 3_600_000 } })
    await writeFile(brokenWhile, '')
    process.kill(child.pid!, 'SIGKILL')
    await until('the events came', () => events.some((event) => event.kind === 'ended' && event.restartInMs > 0))
    await child.stop()
    await rm(brokenWhile)
  })

  test('a start ends the process that is recorded, and no other that only has its number', async () => {
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    await once(left, 'spawn')
    await writeFile(record(), JSON.stringify({ pid: left.pid, started: 'another time' }))
    await (await open()).stop()
    assert.notEqual(processStart(left.pid!), undefined)
    await writeFile(record(), JSON.stringify({ pid: left.pid, started: processStart(left.pid!) }))
    await open()
    assert.equal(processStart(left.pid!), undefined)
    assert.deepEqual(kinds(), ['ready', 'left-behind', 'ready'])
  })

  test('a killed process runs until its last thread has ended, because it holds its files until then', () => {
    const stat = (state: string, threads: number) =>
      `7 (a (b) c) ${state} 1 7 7 0 -1 4194560 9 0 0 0 5 2 0 0 20 0 ${threads} 0 80300 0 0 0`
    assert.equal(startInStat(stat('S', 8)), '80300')
    assert.equal(startInStat(stat('Z', 8)), '80300')
    assert.equal(startInStat(stat('Z', 1)), undefined)
    assert.equal(startInStat(stat('X', 0)), undefined)
  })

  test('the watch ends a process whose main thread is held', async () => {
    const watch = new URL('./parent-watch.ts', import.meta.url).href
    const marker = join(folder, 'held')
    const held = `const watch = new (require('node:worker_threads').Worker)(new URL('${watch}')); setInterval(() => {}, 1000); watch.once('online', () => setTimeout(() => { require('node:fs').writeFileSync(${JSON.stringify(marker)}, ''); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0) }, 300))`
    const starts = `console.log(require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(held)}], { stdio: 'ignore' }).pid); setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['-e', starts], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(parent.stdout, 'data')
    const pid = Number(String(line))
    await until('the events came', () => existsSync(marker))
    parent.kill('SIGKILL')
    await gone(pid)
  })
})
