import { isDiskFull } from '#kernel/disk-full'
import { shrinkHeapWhenIdle } from '#kernel/idle-heap'
import type { Server } from './server.ts'

const SAME_WISH_MS = 500

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Stays until a signal comes; a second one ends the process at once. Never returns: it exits with 0, or 1 after a fault. */
export async function keepServing(server: Server): Promise<never> {
  let stoppingSince: number | undefined
  const stop = (why: string, code: number): void => {
    // A terminal and a launcher may both pass the same key press on.
    if (stoppingSince !== undefined && performance.now() - stoppingSince < SAME_WISH_MS) return
    if (stoppingSince !== undefined) process.exit(code === 0 ? 130 : code)
    stoppingSince = performance.now()
    server.log.info({ why }, 'stopping; once more ends it at once')
    server.stop().then(
      () => process.exit(code),
      (error: unknown) => {
        server.log.error({ err: error }, 'the server did not stop cleanly')
        process.exit(1)
      },
    )
  }
  for (const signal of signals) process.on(signal, () => stop(signal, 0))
  const onReplaced = (): void => {
    server.log.error({ err: server.replaced.reason }, 'another server has taken over')
    stop('another server has taken over', 1)
  }
  if (server.replaced.aborted) onReplaced()
  else server.replaced.addEventListener('abort', onReplaced, { once: true })
  // Nobody reads the output any more: not a reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  process.on('unhandledRejection', (error) => server.log.error({ err: error }, 'a failure was not handled'))
  process.on('uncaughtException', (error) => {
    server.log.error({ err: error }, 'an error was not caught')
    if (!isDiskFull(error)) stop('an error was not caught', 1)
  })
  shrinkHeapWhenIdle()
  return new Promise<never>(() => {})
}
