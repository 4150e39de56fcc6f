/** One life of the engine's process: started, ready, ended. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { besideThisFile } from './entry.ts'
import type { EngineConfig, EngineMessage } from './engine-process.ts'

export interface EngineChild {
  readonly pid: number
  readonly ready: Promise<{ port: number }>
  /** Resolves with their number when too many queries did not stop. */
  readonly stuck: Promise<number>
  /** Resolves with what it said last, when the process has ended. */
  readonly ended: Promise<string>
  /** Asks it to close what is open and end. */
  stop(): void
  kill(): void
}

/** `beforeOpen` runs while the process exists and has not opened the folder. */
export function startChild(config: EngineConfig, beforeOpen: (pid: number) => void): EngineChild {
  const places = Object.values(config.lanes).reduce((sum, count) => sum + count, 0)
  const child: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(besideThisFile('engine-process', import.meta.url))],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: engineEnvironment(places + config.stuck.maxStuck),
    },
  )
  let lastWords = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-4000)
  })
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(`${signal ?? `code ${code}`}${lastWords === '' ? '' : `: ${lastWords.trim()}`}`),
    )
    child.once('error', (error) => resolve(error.message))
  })
  const stuck = Promise.withResolvers<number>()
  const ready = new Promise<{ port: number }>((resolve, reject) => {
    child.on('message', (message: EngineMessage) => {
      if ('ready' in message) resolve(message.ready)
      else if ('stuck' in message) stuck.resolve(message.stuck)
      else reject(new Error(message.failed))
    })
    void ended.then((words) => reject(new Error(`the engine's process ended (${words})`)))
  })
  ready.catch(() => undefined)
  if (child.pid !== undefined) {
    beforeOpen(child.pid)
    child.send(config)
  }
  return {
    pid: child.pid ?? 0,
    ready,
    stuck: stuck.promise,
    ended,
    stop: () => void (child.connected && child.send({ end: true })),
    kill: () => void child.kill('SIGKILL'),
  }
}

/** Nothing of our environment reaches the engine but what a process needs: its readers would take up cloud credentials from there. */
function engineEnvironment(places: number): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH']
  const env = Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
  // Each query under way holds one of these threads; the rest serve the control calls and files.
  return { ...env, UV_THREADPOOL_SIZE: String(places + 8), TZ: 'UTC' }
}
