import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const token = 'a-token-only-for-tests'
const program = join(import.meta.dirname, '..', 'src', 'apps', 'cli', 'main.ts')

/** A real server in a process of its own. */
export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** Also true when it was killed. */
  readonly over: () => boolean
  /** What it wrote, the end of it. */
  readonly said: () => string
  /** Kills the server, or the engine that it started. Answers whether there was one to kill. */
  kill(what: 'server' | 'engine'): boolean
  /** Resolves when `GET /ready` says so; rejects when the process ends before. */
  ready(withinMs?: number): Promise<void>
  ask(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>
  stop(): Promise<void>
}

export interface ServerOptions {
  readonly home: string
  readonly port: number
  readonly environment?: Readonly<Record<string, string>>
  /** The command line of another checkout, to run another version. */
  readonly cli?: string
}

export function startServer({ home, port, environment = {}, cli = program }: ServerOptions): ServerProcess {
  const settings = {
    MILLRACE_HOME: home,
    MILLRACE_PORT: String(port),
    MILLRACE_ADMIN_TOKEN: token,
    MILLRACE_DEMO: '0',
    ...environment,
  }
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const child = spawn(process.execPath, [cli, 'start'], {
    env: { ...inherited, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  let over = false
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-20_000)))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve((over = true) as unknown as void)))
  const onExit = (): void => void child.kill('SIGKILL')
  process.once('exit', onExit)
  void ended.then(() => process.off('exit', onExit))
  const url = `http://127.0.0.1:${port}`

  const ask: ServerProcess['ask'] = (path, { json, ...init } = {}) =>
    fetch(`${url}${path}`, {
      signal: AbortSignal.timeout(60_000),
      ...init,
      ...(json !== undefined && { method: init.method ?? 'POST', body: JSON.stringify(json) }),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers },
    })
  return {
    url,
    pid: child.pid!,
    over: () => over,
    said: () => text,
    kill(what) {
      if (what === 'server') return child.kill('SIGKILL')
      try {
        const { pid } = JSON.parse(readFileSync(join(home, 'warehouse.process.json'), 'utf8')) as { pid: number }
        return process.kill(pid, 'SIGKILL')
      } catch {
        return false
      }
    },
    async ready(withinMs = 90_000) {
      const until = Date.now() + withinMs
      while (Date.now() < until) {
        if (over) throw new Error(`The server ended while it started:\n${text}`)
        const answer = await ask('/ready', { signal: AbortSignal.timeout(5000) }).catch(() => undefined)
        if (answer?.status === 200) return
        await sleep(50)
      }
      throw new Error(`The server was not ready within ${withinMs} ms:\n${text}`)
    },
    ask,
    async stop() {
      child.kill('SIGTERM')
      await Promise.race([ended, sleep(20_000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))])
      await ended
    },
  }
}
