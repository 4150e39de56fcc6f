import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEngine, type Engine } from '#adapters/chdb'
import { openClickhouse } from '#adapters/clickhouse'
import type { Warehouse } from '#ports/warehouse'
import { startServer, type ServerProcess } from '../tests/server-process.ts'
import { freePort } from '../tools/testing/free-port.ts'

export interface BenchServer {
  readonly server: ServerProcess
  readonly home: string
  /** Of the server and its engine. */
  pids(): { readonly server: number; readonly engine: number }
  made(path: string, json: unknown): Promise<Record<string, unknown>>
  close(): Promise<void>
}

export async function openServer(environment: Readonly<Record<string, string>> = {}): Promise<BenchServer> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
  const server = startServer({ home, port: await freePort(), environment })
  await server.ready()
  return {
    server,
    home,
    pids: () => ({
      server: server.pid,
      engine: (JSON.parse(readFileSync(join(home, 'warehouse.process.json'), 'utf8')) as { pid: number }).pid,
    }),
    async made(path, json) {
      const answer = await server.ask(path, { json })
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
      return (await answer.json()) as Record<string, unknown>
    },
    async close() {
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** The same engine with nothing around it: what every ratio is against. */
export interface BareEngine {
  readonly engine: Engine
  readonly warehouse: Warehouse
  readonly home: string
  close(): Promise<void>
}

export async function openBareEngine(): Promise<BareEngine> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-bare-'))
  const engine = await startEngine({ home, durability: 'disk' })
  const warehouse = openClickhouse({ endpoint: (waitMs) => engine.endpoint(waitMs), features: { localFiles: true } })
  return {
    engine,
    warehouse,
    home,
    async close() {
      await warehouse.close()
      await engine.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
