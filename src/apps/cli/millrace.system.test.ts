/** The command line and the server as people meet them: real processes on a real home. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../../../bin/millrace', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
const home = join(folder, 'home')
/** What a test run sets: it makes starts cheaper, and collects which lines run. */
const ofTestRun = ['NODE_COMPILE_CACHE', 'NODE_OPTIONS', 'MILLRACE_TEST_PGLITE_TEMPLATE', 'NODE_V8_COVERAGE'].flatMap(
  (name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  },
)
const environment = {
  ...Object.fromEntries(ofTestRun),
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  MILLRACE_HOME: home,
  MILLRACE_PORT: '0',
  MILLRACE_DEMO: '0',
  MILLRACE_CHECK_ANSWERS: '1',
}

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly said: string
}

function begin(
  args: readonly string[],
  more: Record<string, string> = {},
  input?: string,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: folder,
    env: { ...environment, ...more },
    stdio: 'pipe',
  })
  const heard = { out: '', said: '' }
  child.stdout.on('data', (chunk) => (heard.out += chunk))
  child.stderr.on('data', (chunk) => (heard.said += chunk))
  child.stdin.end(input)
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...heard })) }
}
const run = (args: readonly string[], more?: Record<string, string>, input?: string) => begin(args, more, input).ended

async function startServer(): Promise<ReturnType<typeof begin> & { url: string }> {
  const started = begin(['start', '--json'])
  const [first] = await Promise.race([
    once(started.child.stdout!, 'data'),
    started.ended.then(({ said }) => Promise.reject(new Error(said))),
  ])
  return { ...started, url: (JSON.parse(String(first)) as { url: string }).url }
}

async function stopped({ child, ended }: ReturnType<typeof begin>): Promise<Ended> {
  child.kill('SIGTERM')
  return ended
}

let server: Awaited<ReturnType<typeof startServer>>
before(async () => {
  server = await startServer()
})
after(async () => {
  await stopped(server)
  rmSync(folder, { recursive: true, force: true })
})

const events = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => `${JSON.stringify({ id: from + i, amount: 1.5 })}\n`).join('')
/** Asked without a command, which would cost a process each time. */
async function rowsOf(dataset: string): Promise<number> {
  const authorization = `Bearer ${readFileSync(join(home, 'admin.token'), 'utf8').trim()}`
  const answer = await fetch(`${server.url}/api/v1/datasets/${dataset}`, { headers: { authorization } })
  return Number(((await answer.json()) as { rows: number }).rows)
}

test('a started server is ready, and keeps its token and address for itself', async () => {
  assert.equal((await fetch(`${server.url}/ready`)).status, 200)
  assert.equal(statSync(join(home, 'admin.token')).mode & 0o777, 0o600)
  assert.equal(statSync(join(home, 'server.json')).mode & 0o777, 0o600)
  assert.equal((await fetch(`${server.url}/`, { redirect: 'manual' })).headers.get('location'), '/app/')
})

test('a second server on the home is told who holds it, and the first lives on', async () => {
  const { code, said } = await run(['start'])
  assert.equal(code, 5)
  assert.match(said, new RegExp(`in use by process ${server.child.pid} .*at ${server.url}`))
  assert.equal((await fetch(`${server.url}/health`)).status, 200)
})

test('a taken port is named together with who holds it, and nothing is left behind', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  const other = join(folder, 'other')
  const { code, said } = await run(['start'], { MILLRACE_HOME: other, MILLRACE_PORT: String(port) })
  holder.close()
  assert.equal(code, 5)
  assert.match(
    said,
    new RegExp(`Port ${port} on 127.0.0.1 is taken${process.platform === 'linux' ? ` by process ${process.pid}` : ''}`),
  )
  assert.doesNotMatch(said, /\bat .*\.ts:\d+/)
  assert.equal(existsSync(join(other, 'metadata')), false)
})

test('a wrong setting, a newer home and a corrupt home are each explained in a sentence', async () => {
  const port = await run(['start'], { MILLRACE_PORT: 'eighty' })
  assert.deepEqual([port.code, /MILLRACE_PORT is "eighty"/.test(port.said)], [5, true])
  const files = await run(['start'], { MILLRACE_HOME: join(folder, 'nowhere'), MILLRACE_FILES: import.meta.filename })
  assert.equal(files.code, 5)
  assert.match(files.said, /MILLRACE_FILES names ".*millrace.system.test.ts", which is not a folder/)
  const missing = await run(['start'], { MILLRACE_HOME: join(folder, 'nowhere'), MILLRACE_FILES: '/nowhere/data' })
  assert.deepEqual(
    [missing.code, missing.said.match(/MILLRACE_FILES names .*/)?.[0]],
    [5, 'MILLRACE_FILES names "/nowhere/data", which does not exist. Use existing folders, separated by ":".'],
  )
  const unknown = await run(['start'], { MILLRACE_HOME: join(folder, 'nowhere'), MILLRACE_PROT: '1' })
  assert.deepEqual(
    [unknown.code, /no setting "MILLRACE_PROT". Did you mean "MILLRACE_PORT"\?/.test(unknown.said)],
    [5, true],
  )
  const token = await run(['start'], { MILLRACE_HOME: join(folder, 'nowhere'), MILLRACE_ADMIN_TOKEN: 'x' })
  assert.deepEqual(
    [token.code, /MILLRACE_ADMIN_TOKEN is not valid; its value is a secret.*at least 8/.test(token.said)],
    [5, true],
  )
  if (process.platform === 'linux')
    assert.match(
      (await run(['start'], { MILLRACE_HOME: '/proc/nowhere' })).said,
      /home "\/proc\/nowhere" cannot be made/,
    )
  const database = await run(['start'], {
    MILLRACE_HOME: join(folder, 'nowhere'),
    DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/x',
  })
  assert.match(
    database.said,
    /DATABASE_URL is "postgres:\/\/me:…@127.0.0.1:1\/x", and the metadata there could not be opened/,
  )
  const strange = mkdtempSync(join(folder, 'strange-'))
  writeFileSync(join(strange, 'format.json'), '{"format":99}')
  assert.match((await run(['start'], { MILLRACE_HOME: strange })).said, /format 99, made by a newer Millrace/)
  writeFileSync(join(strange, 'format.json'), '{')
  const corrupt = await run(['start'], { MILLRACE_HOME: strange })
  assert.deepEqual([corrupt.code, /is damaged/.test(corrupt.said)], [5, true])
  writeFileSync(join(strange, 'format.json'), '{"format":1}')
  writeFileSync(join(strange, 'warehouse'), 'not a folder')
  const store = await run(['start'], { MILLRACE_HOME: strange })
  assert.equal(store.code, 5)
  assert.match(store.said, /The warehouse in ".*" could not be opened: .*restore the home from a backup/)
  assert.doesNotMatch(store.said, /\bat .*\.ts:\d+/)
})

test('ingest sends a file, and sending it again changes nothing', async () => {
  const file = join(folder, 'events.ndjson')
  writeFileSync(file, events(25_000))
  for (let i = 0; i < 2; i++) {
    const { code, out } = await run(['ingest', 'sent', file, '--json'])
    assert.deepEqual([code, (JSON.parse(out) as { accepted: number }).accepted], [0, 25_000])
  }
  assert.equal(await rowsOf('sent'), 25_000)
  assert.equal((await run(['ingest', 'sent', '-', '--again'], {}, events(10))).code, 0)
  assert.equal(await rowsOf('sent'), 25_010)
  await run(['ingest', 'digits', '-'], {}, '{"doc":{"id":9007199254740993,"price":1.10}}\n')
  const { out: rows } = await run(['datasets', 'rows', 'digits', '--json'])
  assert.match(rows, /"id": 9007199254740993,\s*"price": 1\.10/)
})

test('rejected rows are counted, explained and show in the exit code', async () => {
  await run(['ingest', 'mixed', '-'], {}, events(5))
  const { code, out, said } = await run(
    ['ingest', 'mixed', '-', '--json'],
    {},
    `${events(3, 5)}{"id":"not a number","amount":1}\n`,
  )
  const answer = JSON.parse(out) as { accepted: number; rejected: number }
  assert.deepEqual([code, answer.accepted, answer.rejected], [6, 3, 1])
  assert.match(said, /quarantine/)
})

test('what the server refuses ends with the code for it and a sentence', async () => {
  const unknown = await run(['datasets', 'get', 'nowhere'])
  assert.deepEqual([unknown.code, /"nowhere"/.test(unknown.said)], [3, true])
  const stranger = await run(['datasets', 'list', '--token', 'mr_wrong'])
  assert.equal(stranger.code, 4)
  assert.equal((await run(['datasets', 'gte', 'x'])).code, 2)
  assert.equal((await run(['ingest', 'x', 'no-such-file'])).code, 2)
  assert.equal((await run(['datasets', 'list', '--url', 'http://127.0.0.1:1', '--token', 'x'])).code, 5)
  const name = await run(['ingest', 'bad name', '-'], {}, events(1))
  assert.deepEqual([name.code, /"bad name" is not a valid stream name/.test(name.said)], [3, true])
  const file = await run(['run', 'nowhere.json'])
  assert.deepEqual([file.code, file.said.trim()], [2, 'There is no file "nowhere.json".'])
  const answer = JSON.parse((await run(['datasets', 'get', 'nowhere', '--json'])).out) as {
    code: string
    status: number
  }
  assert.deepEqual([answer.code, answer.status], ['datasets.unknown', 404])
})

test('tokens are made, listed and revoked by generated commands', async () => {
  const made = JSON.parse(
    (await run(['token', 'create', 'reader', '--data', '{"permissions": ["datasets.read"]}', '--json'])).out,
  ) as { id: string; token: string }
  assert.equal((await run(['datasets', 'list', '--token', made.token])).code, 0)
  assert.equal((await run(['token', 'list', '--token', made.token])).code, 4)
  assert.match((await run(['token', 'list'])).out, /^id +name .*\n.*\n[^]*reader/)
  assert.match((await run(['token', 'list', '--limit', '1'])).said, /There is more: --cursor \S+, or --all/)
  const all = JSON.parse((await run(['token', 'list', '--limit', '1', '--all', '--json'])).out) as {
    items: { name: string }[]
    next: null
  }
  assert.deepEqual(
    [all.items.map(({ name }) => name).includes('reader'), all.items.length > 1, all.next],
    [true, true, null],
  )
  assert.equal((await run(['token', 'revoke', made.id])).code, 0)
  assert.equal((await run(['datasets', 'list', '--token', made.token])).code, 4)
})

test('a sign-in link opens a session', async () => {
  const { link } = JSON.parse((await run(['login-link', '--json'])).out) as { link: string }
  const code = new URL(link).searchParams.get('code')
  const answer = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  })
  assert.equal(answer.status, 201)
})

test('the doctor finds the server sound', async () => {
  const { code, out } = await run(['doctor', '--json'])
  const { findings } = JSON.parse(out) as { findings: { check: string; state: string }[] }
  assert.equal(code, 0)
  assert.ok(findings.some(({ check, state }) => check === 'warehouse' && state === 'ok'))
  assert.equal(findings.filter(({ check }) => check === 'disk').length, 1)
})

test('a body that was not given is reported field by field', async () => {
  const { code, said } = await run(['token', 'create'])
  assert.equal(code, 3)
  assert.match(said, /name: This is needed/)
})

test('help teaches: the commands, the exit codes, and where a command is in the API', async () => {
  const { code, out } = await run(['--help'])
  assert.equal(code, 0)
  for (const word of ['start', 'doctor', 'ingest', 'Exit codes', 'token', 'datasets'])
    assert.ok(out.includes(word), word)
  assert.match((await run(['datasets', 'get', '--help'])).out, /GET \/api\/v1\/datasets\/\{name\}/)
})

test('a stopped server leaves everything in order; a command then opens the home itself; the next start has all rows', async () => {
  await run(['ingest', 'kept', '-'], {}, events(7))
  const ended = await stopped(server)
  assert.equal(ended.code, 0, ended.said)
  assert.equal(existsSync(join(home, 'server.json')), false)
  const alone = await run(['datasets', 'get', 'kept', '--json'])
  assert.equal((JSON.parse(alone.out) as { rows: number }).rows, 7, alone.said)
  assert.match(alone.said, /opening it here/)
  assert.equal((await run(['login-link'])).code, 5)
  const sound = await run(['doctor'], { MILLRACE_PORT: '0' })
  assert.equal(sound.code, 0, sound.out + sound.said)
  const began = performance.now()
  server = await startServer()
  assert.ok(performance.now() - began < 10_000)
  assert.equal(await rowsOf('kept'), 7)
})

test('after a SIGKILL the next start takes the home over and acknowledged rows are there', async () => {
  await run(['ingest', 'survivors', '-'], {}, events(9))
  server.child.kill('SIGKILL')
  await server.ended
  assert.ok(existsSync(join(home, 'server.json')), 'the dead one could not tidy up')
  server = await startServer()
  assert.equal(await rowsOf('survivors'), 9)
  assert.equal((JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { pid: number }).pid, server.child.pid)
})

test('without a home the commands say how to make one, and init makes it', async () => {
  const elsewhere = mkdtempSync(join(folder, 'elsewhere-'))
  const lost = spawn(process.execPath, [launcher, 'datasets', 'list'], {
    cwd: elsewhere,
    env: { ...Object.fromEntries(ofTestRun), PATH: environment.PATH, HOME: folder },
  })
  let said = ''
  lost.stderr.on('data', (chunk) => (said += chunk))
  const [code] = await once(lost, 'close')
  assert.equal(code, 5, said)
  assert.match(said, /"bin\/millrace init"/)
  const made = spawn(process.execPath, [launcher, 'init'], {
    cwd: elsewhere,
    env: { ...Object.fromEntries(ofTestRun), PATH: environment.PATH, HOME: folder },
  })
  assert.deepEqual(await once(made, 'close'), [0, null])
  assert.ok(existsSync(join(elsewhere, '.millrace', 'format.json')))
})
