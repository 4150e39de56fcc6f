/**
 * The child's side of a supervised process. Its configuration comes over the parent's pipe, `ready` goes back over it,
 * and the next message ends the child. A child whose parent is gone ends at once, whatever its main thread does.
 */
import { Worker } from 'node:worker_threads'
import { besideThisFile } from './beside-this-file.ts'
import type { ChildMessage } from './child-process.ts'

export interface RunningChild<Ready> {
  readonly ready: Ready
  /** Closes what is open. The process ends after it. */
  end(): Promise<void>
}

export function runChild<Config, Ready>(
  start: (config: Config, tell: (message: unknown) => void) => Promise<RunningChild<Ready>>,
): void {
  let running: RunningChild<Ready> | undefined
  const send = (message: ChildMessage<Ready>): void => void process.send?.(message)
  const end = async (): Promise<void> => {
    await running?.end()
    process.exit(0)
  }
  // The thread runs a timer and nothing else: it needs no more than the smallest heap.
  new Worker(besideThisFile('parent-watch', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: 1 },
  }).unref()
  // A signal to the whole group (a terminal, systemd) is the server's to answer: it still needs the child to stop in order.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.once('message', (config: Config) => {
    process.once('message', () => void end())
    start(config, (said) => send({ said })).then(
      (started) => {
        running = started
        send({ ready: started.ready })
      },
      (error: unknown) => {
        send({ failed: error instanceof Error ? error.message : String(error) })
        process.exitCode = 1
        process.disconnect()
      },
    )
  })
}
