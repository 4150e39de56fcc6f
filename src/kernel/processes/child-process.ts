/** One life of a child process that runs `runChild` (child-entry.ts): started, ready, ended. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a child says to its parent. `said` is for whoever supervises this kind of child. */
export type ChildMessage<Ready> = { readonly ready: Ready } | { readonly failed: string } | { readonly said: unknown }

export interface ChildOptions<Ready> {
  /** Whose process it is, for sentences: `the engine`. */
  readonly name: string
  readonly entry: URL
  /** Sent to the child over its pipe, so nobody sees it in a command line. */
  readonly config: unknown
  /** All of the child's environment. */
  readonly environment: NodeJS.ProcessEnv
  /** Called while the process exists and has not received its configuration. */
  readonly beforeStart: (pid: number) => void
  readonly onMessage?: ((message: unknown, child: Child<Ready>) => void) | undefined
}

export interface Child<Ready> {
  readonly pid: number
  readonly ready: Promise<Ready>
  /** Resolves with its exit code and the end of its error output when the process has ended. */
  readonly ended: Promise<string>
  /** Asks it to close what is open and end. */
  stop(): void
  kill(): void
}

const maxErrorOutput = 4_000

export function startChild<Ready>(options: ChildOptions<Ready>): Child<Ready> {
  const process_ = spawn(process.execPath, [fileURLToPath(options.entry)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: options.environment,
  })
  let errorOutput = ''
  process_.stderr?.on('data', (chunk: Buffer) => {
    errorOutput = (errorOutput + chunk.toString()).slice(-maxErrorOutput)
  })
  const ended = new Promise<string>((resolve) => {
    process_.once('exit', (code, signal) =>
      resolve(`${signal ?? `code ${code}`}${errorOutput === '' ? '' : `: ${errorOutput.trim()}`}`),
    )
    // Without a number it was never started. Otherwise a message or signal failed: the process may live, and its exit says when it ends.
    process_.on('error', (error) => {
      if (process_.pid === undefined) resolve(error.message)
    })
  })
  const { promise: ready, resolve, reject } = Promise.withResolvers<Ready>()
  ready.catch(() => undefined)
  process_.on('error', reject)
  const child: Child<Ready> = {
    pid: process_.pid ?? 0,
    ready,
    ended,
    stop: () => void (process_.connected && process_.send({ end: true })),
    kill: () => void process_.kill('SIGKILL'),
  }
  process_.on('message', (message: ChildMessage<Ready>) => {
    if ('ready' in message) resolve(message.ready)
    else if ('failed' in message) reject(new Error(message.failed))
    else options.onMessage?.(message.said, child)
  })
  void ended.then((reason) => reject(new Error(`the process of ${options.name} ended (${reason})`)))
  if (process_.pid !== undefined) {
    options.beforeStart(process_.pid)
    process_.send(options.config as object)
  }
  return child
}
