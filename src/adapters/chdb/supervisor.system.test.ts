import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { WarehouseUnavailable } from '#ports/warehouse'
import { processStart } from '#kernel/process-record'
import { until } from '#tests/house/until'
import { startEngine as startUnwatched, type Engine, type EngineEvent } from './supervisor.ts'

describe('the supervisor of the embedded engine', { timeout: 120_000 }, () => {
  let home: string
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'millrace-engine-'))
  })
  after(() => rm(home, { recursive: true, force: true }))

  let started: Engine[] = []
  async function startEngine(options: Parameters<typeof startUnwatched>[0]): Promise<Engine> {
    const engine = await startUnwatched(options)
    started.push(engine)
    return engine
  }
  afterEach(async () => {
    await Promise.all(started.map((engine) => engine.stop()))
    started = []
  })

  async function gone(pid: number): Promise<void> {
    await until('the process ended', () => processStart(pid) === undefined)
  }

  async function ask(engine: Engine, sql: string): Promise<string> {
    const { url, username, password } = await engine.endpoint(0)
    const answer = await fetch(url, {
      method: 'POST',
      body: sql,
      headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    })
    return `${answer.status} ${await answer.text()}`.trim()
  }

  test('an engine that was stopped starts again with its data', async () => {
    const first = await startEngine({ home, durability: 'disk' })
    assert.equal(await ask(first, 'CREATE TABLE kept (a Int64) ENGINE = MergeTree ORDER BY a'), '200')
    assert.equal(await ask(first, 'INSERT INTO kept VALUES (1), (2)'), '200')
    await first.stop()
    assert.deepEqual((await readdir(home)).includes('warehouse.process.json'), false)
    const second = await startEngine({ home, durability: 'disk' })
    assert.equal(await ask(second, 'SELECT count() FROM kept'), '200 2')
    await second.stop()
    await assert.rejects(second.endpoint(1000), WarehouseUnavailable)
  })

  test('the endpoint is one object as long as the process is the same, so that connections are kept', async () => {
    const engine = await startEngine({ home, durability: 'process' })
    assert.equal(await engine.endpoint(0), await engine.endpoint(0))
  })

  test('nobody without the secret is answered, and the secret is in no command line', async () => {
    const engine = await startEngine({ home, durability: 'process' })
    const { url, password } = await engine.endpoint(0)
    for (const headers of [{}, { 'x-clickhouse-key': 'wrong' }, { authorization: `Basic ${btoa('millrace:')}` }]) {
      assert.equal((await fetch(`${url}/?query=SELECT+1`, { headers: headers as Record<string, string> })).status, 403)
    }
    if (process.platform === 'linux') {
      for (const file of ['cmdline', 'environ'])
        assert.ok(!readFileSync(`/proc/${engine.pid}/${file}`, 'utf8').includes(password))
    }
    await engine.stop()
  })

  test('stopping does not wait for queries that run', async () => {
    const engine = await startEngine({ home, durability: 'process' })
    const running = ask(engine, 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1').catch(
      (error: unknown) => String(error),
    )
    await sleep(300)
    const began = Date.now()
    await engine.stop()
    assert.ok(Date.now() - began < 4000)
    assert.match(await running, /fetch failed|terminated/)
  })

  test('a crash is followed by a restart; callers that may wait get it, others an error', async () => {
    const events: EngineEvent[] = []
    const engine = await startEngine({ home, durability: 'process', onEvent: (event) => events.push(event) })
    const before = engine.pid ?? 0
    process.kill(before, 'SIGKILL')
    while (events.length < 2) await sleep(10)
    const waited = engine.endpoint(20_000)
    if (engine.pid === undefined) await assert.rejects(engine.endpoint(0), WarehouseUnavailable)
    await waited
    assert.equal(await ask(engine, 'SELECT 1'), '200 1')
    assert.notEqual(engine.pid, before)
    assert.deepEqual(
      events.map((event) => event.kind),
      ['ready', 'ended', 'ready'],
    )
    await engine.stop()
  })

  test('an engine whose parent is killed ends by itself at once', async () => {
    const parent = spawn(process.execPath, [fileURLToPath(new URL('./orphan-fixture.ts', import.meta.url)), home], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await Promise.race([
      once(parent.stdout, 'data'),
      once(parent, 'exit').then(() => assert.fail('the parent ended')),
    ])
    const pid = Number(String(line))
    assert.notEqual(processStart(pid), undefined)
    parent.kill('SIGKILL')
    await gone(pid)
  })

  test('a start ends an engine that was left behind before it opens the folder', async () => {
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    await once(left, 'spawn')
    await writeFile(
      join(home, 'warehouse.process.json'),
      JSON.stringify({ pid: left.pid, started: processStart(left.pid ?? 0) }),
    )
    const events: EngineEvent[] = []
    const engine = await startEngine({ home, durability: 'process', onEvent: (event) => events.push(event) })
    assert.equal(processStart(left.pid ?? 0), undefined)
    assert.deepEqual(
      events.map((event) => event.kind),
      ['left-behind', 'ready'],
    )
    await engine.stop()
  })

  test('a process that only has the recorded number is left alone', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    await once(other, 'spawn')
    await writeFile(join(home, 'warehouse.process.json'), JSON.stringify({ pid: other.pid, started: 'another time' }))
    const engine = await startEngine({ home, durability: 'process' })
    assert.notEqual(processStart(other.pid ?? 0), undefined)
    await engine.stop()
    other.kill('SIGKILL')
  })

  test('a folder that cannot be opened stops the start with a reason', async () => {
    const broken = await mkdtemp(join(tmpdir(), 'millrace-engine-'))
    await writeFile(join(broken, 'tmp'), 'a file where a folder belongs')
    await assert.rejects(startEngine({ home: broken, durability: 'process' }))
    await rm(broken, { recursive: true })
  })

  test('it runs from built JavaScript too', async () => {
    const built = await mkdtemp(join(fileURLToPath(new URL('.', import.meta.url)), 'built-'))
    try {
      await build({
        entryPoints: ['./supervisor.ts', './engine-process.ts', '../../kernel/processes/parent-watch.ts'].map((file) =>
          fileURLToPath(new URL(file, import.meta.url)),
        ),
        entryNames: '[name]',
        outdir: built,
        bundle: true,
        platform: 'node',
        format: 'esm',
        packages: 'external',
        logLevel: 'error',
        alias: Object.fromEntries(
          [
            'ports/warehouse',
            'core/sql-text',
            'core/dataset',
            ...['beside-this-file', 'available-memory', 'supervisor', 'child-entry'].map(
              (name) => `kernel/processes/${name}`,
            ),
          ].map((path) => [
            `#${path.replace('/processes', '')}`,
            fileURLToPath(new URL(`../../${path}.ts`, import.meta.url)),
          ]),
        ),
      })
      const { startEngine: startBuilt }: { startEngine: typeof startUnwatched } = await import(
        join(built, 'supervisor.js')
      )
      const engine = await startBuilt({ home, durability: 'process' })
      assert.equal(await ask(engine, 'SELECT count() FROM kept'), '200 2')
      await engine.stop()
    } finally {
      await rm(built, { recursive: true, force: true })
    }
  })
})
