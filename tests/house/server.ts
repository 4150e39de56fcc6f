/** For tests: the whole application in this process, on a home of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '#apps/server'
import type { KernelPorts } from '#kernel/module'

export interface TestServer {
  readonly home: string
  readonly url: string
  readonly ports: KernelPorts
  /** Of the administrator. */
  readonly token: string
  close(): Promise<void>
}

export async function openServer(): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-server-'))
  const environment = {
    MILLRACE_HOME: home,
    MILLRACE_PORT: '0',
    MILLRACE_DEMO: '0',
    MILLRACE_DURABILITY: 'process',
    MILLRACE_LOG_LEVEL: 'error',
  }
  const server = await startServer({ environment, cwd: home, purpose: 'test' })
  return {
    home,
    url: server.url,
    ports: server.ports,
    token: server.token,
    async close() {
      await server.stop(0)
      await rm(home, { recursive: true, force: true })
    },
  }
}
