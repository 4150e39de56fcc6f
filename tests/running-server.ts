/**
 * The real server as a process of its own, as a user starts it: on a home under /tmp, on any free port.
 *
 * ```ts
 * await using server = await startServer({ MILLRACE_DEMO: '0' })
 * const answer = await server.call('POST', '/api/v1/streams/orders/events', { id: 1 })
 * ```
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('../src/apps/cli/main.ts', import.meta.url))

export interface RunningServer extends AsyncDisposable {
  readonly url: string
  readonly home: string
  readonly token: string
  readonly signInLink: string
  readonly process: ChildProcess
  /** What it has printed so far, both outputs together. */
  printed(): string
  /** JSON in, JSON out, as the admin of `default`. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  kill(): Promise<void>
  stop(): Promise<void>
}

export interface Answer {
  readonly status: number
  // `any`: tests look into answers freely, and a wrong guess fails the test
  readonly body: any
}

/** Where a home made here lies; given one, it is opened again and not taken away. */
export async function startServer(
  environment: Readonly<Record<string, string>> = {},
  givenHome?: string,
): Promise<RunningServer> {
  const home = givenHome ?? (await mkdtemp(join(tmpdir(), 'millrace-')))
  const { child, printed } = launch(['start'], { MILLRACE_HOME: home, MILLRACE_PORT: '0', ...environment })
  await until(
    () => /Ready after/.test(printed()) || child.exitCode !== null || child.signalCode !== null,
    60_000,
    printed,
  )
  if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server did not start:\n${printed()}`)
  await until(() => /sign-in\?code=\S+/.test(printed()), 5000, printed)
  const url = /http:\/\/[\d.]+:\d+/.exec(printed())![0]
  const signInLink = /http\S+sign-in\?code=\S+/.exec(printed())![0]
  const token = (await readFile(join(home, 'admin.token'), 'utf8')).trim()
  const ended = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal)
      await once(child, 'exit')
    }
  }
  return {
    url,
    home,
    token,
    signInLink,
    process: child,
    printed,
    async call(method, path, body, headers = {}) {
      const answer = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await answer.text()
      return {
        status: answer.status,
        body: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
      }
    },
    kill: () => ended('SIGKILL'),
    stop: () => ended('SIGTERM'),
    async [Symbol.asyncDispose]() {
      await ended('SIGTERM')
      if (givenHome === undefined) await rm(home, { recursive: true, force: true })
    },
  }
}

/** Runs one command to its end. */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ code: number | null; printed: string }> {
  const { child, printed } = launch(args, environment)
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  if (child.exitCode === null) await once(child, 'close')
  clearTimeout(timer)
  return { code: child.exitCode, printed: printed() }
}

function launch(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): { child: ChildProcess; printed: () => string } {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (part: string) => (text = (text + part).slice(-200_000)))
  return { child, printed: () => text }
}

/** Asks again and again until it is so; then what was printed tells why it never was. */
export async function until(
  question: () => boolean | Promise<boolean>,
  withinMs: number,
  explain: () => string = () => '',
): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await question())) {
    if (Date.now() > end) throw new Error(`It did not come to pass within ${withinMs} ms.\n${explain()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
