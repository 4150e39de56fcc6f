/** For tests: modules behind HTTP over an embedded metadata database, without a warehouse. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryBus } from '#adapters/bus-memory'
import { systemClock } from '#adapters/clock-system'
import { pgBossJobs } from '#adapters/jobs-pgboss'
import { pgliteMetadata } from '#adapters/pglite'
import { providePgliteTemplate } from '#adapters/pglite/template-fixture'
import type { Clock } from '#ports/clock'
import type { Mail } from '#ports/mail'
import type { Metadata } from '#ports/metadata'
import { boot, type Running } from './boot.ts'
import type { KernelPorts, Module } from './module.ts'
import { door, doorModule, quiet } from './test-house.ts'

export interface ModuleHouse {
  readonly running: Running
  readonly ports: KernelPorts
  /** As somebody who may do everything in the workspace `default`. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> // `any`: answers differ by route
  close(): Promise<void>
}

export interface ModulePorts {
  /** Opens the mail port. Default: none. */
  readonly mail?: (stores: { readonly metadata: Metadata; readonly clock: Clock }) => Promise<Mail>
}

export async function openModules(modules: readonly Module[], more: ModulePorts = {}): Promise<ModuleHouse> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-modules-'))
  await providePgliteTemplate()
  const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
  const clock = systemClock()
  const jobs = await pgBossJobs({ metadata, clock, alone: true })
  const warehouse = { ping: async () => undefined }
  const mail = await more.mail?.({ metadata, clock })
  const ports = { metadata, clock, jobs, mail, bus: memoryBus(), warehouse } as unknown as KernelPorts // there is no engine here
  const running = await boot({
    modules: [doorModule, ...modules],
    openPorts: async () => ports,
    environment: {},
    logger: quiet,
    authenticator: door,
    listen: { host: '127.0.0.1', port: 0 },
    version: '0',
    checkAnswers: true,
  })
  return {
    running,
    ports,
    async call(method, path, body) {
      const response = await fetch(running.url + path, {
        method,
        headers: { authorization: 'Bearer all', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    async close() {
      await running.stop(0)
      await jobs.close(1_000)
      await metadata.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
