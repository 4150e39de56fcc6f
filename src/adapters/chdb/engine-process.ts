/** The engine's own process: its configuration comes over the parent's pipe, its port goes back over it, the next message ends it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { engineHttp, type LanePlaces } from './engine-http.ts'
import { besideThisFile } from './entry.ts'
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

export type EngineMessage =
  | { readonly ready: { readonly port: number } }
  | { readonly failed: string }
  /** So many queries did not stop that the process has to be ended. */
  | { readonly stuck: number }

function tell(message: EngineMessage): void {
  process.send?.(message)
}

async function start(config: EngineConfig): Promise<void> {
  const engine = loadEngine(config.folder, config.connectionArgs)
  // Held open for ever: the engine shuts down with its last session.
  const first = engine.open()
  await first.run('SELECT 1')
  const places = Object.values(config.lanes).reduce((sum, count) => sum + count, 0)
  const stuck = watchStuckQueries(config.stuck, (count) => tell({ stuck: count }))
  const { server, running } = engineHttp({
    engine,
    secret: config.secret,
    lanes: config.lanes,
    pipes: makePipes(config.pipes, places + config.stuck.maxStuck),
    stuck,
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address !== null && typeof address === 'object') tell({ ready: { port: address.port } })
  })
  end = async () => {
    server.close()
    // What is under way loses its caller by this, and is stopped in the engine.
    server.closeAllConnections()
    for (let waited = 0; running() > stuck.count && waited < endWithinMs; waited += 20) await sleep(20)
    if (running() > 0) process.kill(process.pid, 'SIGKILL')
    first.close()
    process.exit(0)
  }
}

const endWithinMs = 5_000
let end = async (): Promise<void> => process.exit(0)

new Worker(besideThisFile('parent-watch', import.meta.url)).unref()
// A signal to the whole group (a terminal, systemd) is the server's to answer: it still needs the engine to stop in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.once('message', (config: EngineConfig) => {
  process.once('message', () => void end())
  start(config).catch((error: unknown) => {
    tell({ failed: error instanceof Error ? error.message : String(error) })
    process.exitCode = 1
    process.disconnect()
  })
})
