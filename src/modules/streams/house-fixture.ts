/** A server with datasets and streams over the real engines, for tests. */
import type { Engine } from '#adapters/chdb'
import { systemActor } from '#core/actor'
import { openEmbedded } from '#adapters/log-warehouse/embedded-fixture'
import type { Authenticator } from '#kernel/authentication'
import { boot, type RootLogger, type Running } from '#kernel/boot'
import { defineContract } from '#kernel/contract'
import { defineModule, type KernelPorts, type Module } from '#kernel/module'
import datasetsModule from '#modules/datasets/module'
import streamsModule from './module.ts'

export interface House {
  readonly running: Running
  readonly engine: Engine
  readonly ports: KernelPorts
  /** Answers status and parsed body; `token` names the workspace. */
  call(
    method: string,
    path: string,
    body?: string | Uint8Array | object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: any }> // `any`: answers differ by route
  close(): Promise<void>
}

/** Also for the houses of other modules' tests. */
export const door = defineModule({
  name: 'door',
  about: 'Lets everybody in, the token names the workspace.',
  needs: {},
  permissions: {},
  contract: defineContract('door', {}),
  start: async () => ({
    face: {
      authenticate: async ({ headers }) => {
        const workspace = headers.authorization?.replace('Bearer ', '') ?? 'default'
        return systemActor('test', workspace)
      },
    } satisfies Authenticator,
    handlers: {},
  }),
})

export const quiet: RootLogger = {
  child: () => quiet,
  debug() {},
  info() {},
  warn() {},
  error: (fields, message) => console.error(message, fields),
}

/** With further modules, for tests of what they hear or say. */
export async function openHouse(more: readonly Module[] = []): Promise<House> {
  const stores = await openEmbedded()
  const ports = stores.ports as KernelPorts // blobs and jobs are not used here
  const running = await boot({
    modules: [...more, door, datasetsModule, streamsModule],
    openPorts: async () => ports,
    environment: {},
    logger: quiet,
    authenticator: { module: 'door' },
    listen: { host: '127.0.0.1', port: 0 },
    version: '0',
    checkAnswers: true,
  })
  return {
    running,
    engine: stores.engine,
    ports,
    async call(method, path, body, headers = {}) {
      const json = typeof body === 'object' && !(body instanceof Uint8Array)
      const response = await fetch(running.url + path, {
        method,
        headers: { ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
        ...(body === undefined
          ? {}
          : { body: json ? JSON.stringify(body) : (body as string | Uint8Array<ArrayBuffer>) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    async close() {
      await running.stop(0)
      await stores.remove()
    },
  }
}
