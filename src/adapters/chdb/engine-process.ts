/** The engine's own process. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { runChild, type RunningChild } from '#kernel/child-entry'
import { shrinkHeapWhenIdle } from '#kernel/idle-heap'
import { engineHttp, type LanePlaces } from './engine-http.ts'
import { loadEngine } from './native-engine.ts'
import { makePipes } from './pipes.ts'
import { watchStuckQueries, type StuckLimits } from './stuck-queries.ts'

export interface EngineConfig {
  readonly folder: string
  readonly pipes: string
  readonly secret: string
  readonly lanes: LanePlaces
  readonly stuck: StuckLimits
  readonly connectionArgs: readonly string[]
}

export interface EngineReady {
  readonly port: number
}

const endWithinMs = 5_000
/** Of this process's JavaScript heap, which holds little: answers and bodies pass through as buffers outside of it. */
const idleYoungBytes = 4 * 2 ** 20

/** Tells the number of stuck queries when they are so many that the process has to be ended. */
async function start(config: EngineConfig, tell: (stuckQueries: number) => void): Promise<RunningChild<EngineReady>> {
  const engine = loadEngine(config.folder, config.connectionArgs)
  // Held open for ever: the engine shuts down with its last session.
  const first = engine.open()
  await first.run('SELECT 1')
  const places = Object.values(config.lanes).reduce((sum, count) => sum + count, 0)
  const stuck = watchStuckQueries(config.stuck, tell)
  const { server, running } = engineHttp({
    engine,
    secret: config.secret,
    lanes: config.lanes,
    pipes: makePipes(config.pipes, places + config.stuck.maxStuck),
    stuck,
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  shrinkHeapWhenIdle(idleYoungBytes)
  return {
    ready: { port: (server.address() as AddressInfo).port },
    async end() {
      server.close()
      // What is under way loses its caller by this, and is stopped in the engine.
      server.closeAllConnections()
      for (let waited = 0; running() > stuck.count && waited < endWithinMs; waited += 20) await sleep(20)
      if (running() > 0) process.kill(process.pid, 'SIGKILL')
      first.close()
    },
  }
}

runChild(start)
