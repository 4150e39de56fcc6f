import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import { startServer, type ServerOptions, type ServerProcess } from '../server-process.ts'

/** Starts the server that was killed again. Every fourth time it is killed once more while it starts. */
export async function startAgain(
  before: ServerProcess,
  options: ServerOptions,
  random: Random,
): Promise<ServerProcess> {
  while (!before.over()) await sleep(5)
  if (random.chance(0.25)) {
    const short = startServer(options)
    await sleep(random.whole(0, 2000))
    short.kill('server')
    while (!short.over()) await sleep(5)
  }
  return startServer(options)
}
