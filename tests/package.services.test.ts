import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '..')
const empty = mkdtempSync(join(tmpdir(), 'millrace-package-'))
after(() => rmSync(empty, { recursive: true, force: true }))

/** Without what this run of npm left in the environment. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_TEST/i.test(name)))
const inEmpty = { cwd: empty, encoding: 'utf8' as const, env: environment as NodeJS.ProcessEnv }

test(
  'the package, installed in an empty folder, starts, takes events, answers and stops',
  { timeout: 300_000 },
  async () => {
    execFileSync('npm', ['pack', '--pack-destination', empty, '--loglevel=error'], { ...inEmpty, cwd: root })
    const tarball = readdirSync(empty).find((name) => name.endsWith('.tgz'))!
    writeFileSync(join(empty, 'package.json'), '{"private":true}')
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `./${tarball}`], inEmpty)
    const server = spawn('npx', ['millrace', 'start'], {
      cwd: empty,
      env: {
        ...environment,
        MILLRACE_PORT: '0',
        MILLRACE_ADMIN_TOKEN: 'package-test-token',
        MILLRACE_HOME: join(empty, 'home'),
        MILLRACE_DEMO: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let said = ''
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const ended = new Promise<number | null>((resolve) => server.on('close', resolve))
    try {
      const url = await addressIn(() => said, ended)
      const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
        fetch(`${url}${path}`, {
          ...init,
          headers: { authorization: 'Bearer package-test-token', 'content-type': 'application/json', ...init.headers },
        })
      assert.equal((await ask('/ready')).status, 200)
      const taken = await ask('/api/v1/streams/orders/events', {
        method: 'POST',
        body: '[{"id":1,"amount":2.5},{"id":2,"amount":4}]',
      })
      assert.equal(taken.status, 202, await taken.clone().text())
      assert.deepEqual(
        (
          (await (
            await ask('/query', { method: 'POST', body: '{"sql":"select count() as n from orders"}' })
          ).json()) as { rows: unknown }
        ).rows,
        [['2']],
      )
      assert.match(await (await ask('/app/')).text(), /<div id="root">/)
      assert.match(await (await ask('/docs/rapidoc.js')).text(), /rapi-doc/)
    } finally {
      process.kill(-server.pid!, 'SIGTERM')
      await Promise.race([
        ended,
        sleep(20_000, undefined, { ref: false }).then(() => process.kill(-server.pid!, 'SIGKILL')),
      ])
    }
  },
)

async function addressIn(said: () => string, ended: Promise<unknown>): Promise<string> {
  let over = false
  void ended.then(() => (over = true))
  for (let tries = 0; tries < 1200 && !over; tries += 1) {
    const found = /Address\s+(http:\S+)/.exec(said())?.[1]
    if (found) return found
    await sleep(100)
  }
  throw new Error(`The server did not start:\n${said()}`)
}
