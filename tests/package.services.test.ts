import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '..')
const empty = mkdtempSync(join(tmpdir(), 'millrace-package-'))
after(() => rmSync(empty, { recursive: true, force: true }))

const home = join(empty, 'home')
/** Without what npm and the test run left in the environment, such as the empty database that tests copy. */
const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_|^MILLRACE_TEST_/i.test(name))),
  MILLRACE_PORT: '0',
  MILLRACE_ADMIN_TOKEN: 'package-test-token',
  MILLRACE_HOME: home,
  MILLRACE_DEMO: '0',
}
const path = environment['PATH'] ?? ''

/** The environment of somebody who has this Node. */
function having(node: string): NodeJS.ProcessEnv {
  const folder = mkdtempSync(join(empty, 'bin-'))
  symlinkSync(node, join(folder, 'node'))
  return { ...environment, PATH: [folder, path].join(delimiter) }
}

/** One that is too old for Millrace, as many people have it. */
const olderNode = path
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((node) => existsSync(node) && /^v2[0-3]\./.test(execFileSync(node, ['--version'], { encoding: 'utf8' })))

before(() => {
  execFileSync('npm', ['pack', '--pack-destination', empty, '--loglevel=error'], { cwd: root, env: environment })
  const tarball = readdirSync(empty).find((name) => name.endsWith('.tgz'))!
  writeFileSync(join(empty, 'package.json'), '{"private":true}')
  const install = ['install', '--no-audit', '--no-fund', '--loglevel=error', `./${tarball}`]
  execFileSync('npm', install, { cwd: empty, env: having(olderNode ?? process.execPath) })
})

test('the installed package starts, takes events and answers; when npx is ended, it ends', async () => {
  const server = await started(having(process.execPath))
  try {
    assert.equal((await server.ask('/ready')).status, 200)
    const body = '[{"id":1,"amount":2.5},{"id":2,"amount":4}]'
    const accepted = await server.ask('/api/v1/streams/orders/events', { method: 'POST', body })
    assert.equal(accepted.status, 202, await accepted.clone().text())
    const answer = await server.ask('/query', { method: 'POST', body: '{"sql":"select count() as n from orders"}' })
    assert.deepEqual(((await answer.json()) as { rows: unknown }).rows, [['2']])
    assert.match(await (await server.ask('/app/')).text(), /<div id="root">/)
    assert.match(await (await server.ask('/docs/rapidoc.js')).text(), /rapi-doc/)
    process.kill(server.npx, 'SIGTERM')
    assert.match(await server.ended(), /"msg":"stopping/)
    assert.equal(existsSync(join(home, 'holder.json')), false)
  } finally {
    server.destroy()
  }
})

test(
  'with Node 20 the package fetches Node 24 once; help, the doctor, start and Ctrl-C are as with Node 24',
  { skip: olderNode === undefined && 'there is no Node 20 to 23 on the path' },
  async () => {
    const elsewhere = join(empty, 'home-20')
    const env = { ...having(olderNode!), XDG_CACHE_HOME: join(empty, 'cache'), MILLRACE_HOME: elsewhere }
    const without = { ...env, npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' }
    const refused = spawnSync('npx', ['millrace', '--help'], { cwd: empty, env: without, encoding: 'utf8' })
    assert.equal(refused.status, 5)
    assert.match(refused.stderr, /ECONNREFUSED[^]*install Node\.js 24 yourself, and start again\.\n$/)
    const millrace = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync('npx', ['millrace', ...args], { cwd: empty, env, encoding: 'utf8' })
      assert.equal(status, 0, stdout + stderr)
      return { stdout, stderr }
    }
    const leftOver = join(empty, 'cache', 'millrace', 'fetching-cut-off')
    mkdirSync(leftOver, { recursive: true })
    utimesSync(leftOver, new Date('2026-01-01'), new Date('2026-01-01'))
    const cold = millrace('--help')
    assert.match(cold.stderr, /Fetching Node\.js 24\.\d+\.\d+ into .*cache/)
    assert.equal(existsSync(leftOver), false)
    const warm = millrace('--help')
    assert.doesNotMatch(warm.stderr, /Fetching/)
    assert.match(warm.stdout, /^Usage: millrace /)
    assert.equal(warm.stdout, cold.stdout)
    const { stdout } = millrace('doctor')
    assert.match(stdout, /^node +ok +24\..*cache/m)
    assert.match(stdout, /^warehouse +ok /m)
    assert.equal(existsSync(elsewhere), false, 'looking makes no home')
    const server = await started(env)
    try {
      assert.equal((await server.ask('/ready')).status, 200)
      process.kill(-server.npx, 'SIGINT')
      assert.match(await server.ended(), /"msg":"stopping/)
      assert.equal(existsSync(join(elsewhere, 'holder.json')), false)
    } finally {
      server.destroy()
    }
  },
)

test('a connector written outside is held to the types of the sdk, without the types of Node', () => {
  const outside = join(empty, 'outside')
  mkdirSync(outside)
  const compilerOptions = { module: 'nodenext', target: 'es2022', strict: true, noEmit: true, types: [] }
  writeFileSync(join(outside, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['connector.ts'] }))
  const connector = (unit: string): string => `
    import { bound, defineConnector, httpClient, sql } from 'millrace/sdk'
    import { z } from 'zod'

    export const numbers = defineConnector({
      type: 'numbers', title: 'Numbers', category: 'files', about: 'Counts up.', proven: 'its own tests',
      source: {
        settings: z.strictObject({ count: z.number() }), reads: 'engine', modes: ['full'],
        load: async () => ({ read: async ({ count }, around) => {
          const { bytes } = await httpClient(around, { baseUrl: 'https://example.com' }).read({ url: 'count' })
          const rows: ${unit} = count + bytes.length
          return { by: 'engine', from: sql\`numbers(\${bound(rows, 'UInt64')})\`, columns: [{ name: 'number', type: 'UInt64' }] }
        } }),
      },
    })
`
  const typeErrors = (unit: string): string => {
    writeFileSync(join(outside, 'connector.ts'), connector(unit))
    const tsc = join(root, 'node_modules', '.bin', 'tsc')
    return spawnSync(process.execPath, [tsc, '-p', outside, '--pretty', 'false'], { encoding: 'utf8' }).stdout
  }
  assert.equal(typeErrors('number'), '')
  assert.match(typeErrors('string'), /^\S*connector\.ts\(11,17\): error TS2322: [^\n]*'number'[^\n]*\n$/)
})

interface Started {
  /** Also the group of all processes it started. */
  readonly npx: number
  ask(path: string, init?: RequestInit): Promise<Response>
  /** What was said in all, once nothing of it runs any more; half a minute at most. */
  ended(): Promise<string>
  destroy(): void
}

async function started(env: NodeJS.ProcessEnv): Promise<Started> {
  const npx = spawn('npx', ['millrace', 'start'], {
    cwd: empty,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  let over = false
  for (const stream of [npx.stdout, npx.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const closed = new Promise<void>((resolve) => npx.on('close', () => resolve(void (over = true))))
  const destroy = (): void => {
    if (!over) process.kill(-npx.pid!, 'SIGKILL')
  }
  for (let tries = 0; tries < 1200 && !over; tries += 1) {
    const url = /Address\s+(http:\S+)/.exec(said)?.[1]
    if (url === undefined) {
      await sleep(100)
      continue
    }
    return {
      npx: npx.pid!,
      ask: (path, init) =>
        fetch(`${url}${path}`, {
          ...init,
          headers: { authorization: 'Bearer package-test-token', 'content-type': 'application/json' },
        }),
      ended() {
        const patience = sleep(30_000, undefined, { ref: false }).then(() => {
          throw new Error(`Something of the package still runs:\n${said}`)
        })
        return Promise.race([closed, patience]).then(() => said)
      },
      destroy,
    }
  }
  destroy()
  throw new Error(`The server did not start:\n${said}`)
}
