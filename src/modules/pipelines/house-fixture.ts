/** A server with pipelines over the real engines, for tests. Its home outlives a restart. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connectors } from '#connectors'
import type { Engine } from '#adapters/chdb'
import { pgBossJobs } from '#adapters/jobs-pgboss'
import { openEmbedded } from '#adapters/log-warehouse/embedded-fixture'
import { boot } from '#kernel/boot'
import type { Running } from '#kernel/boot'
import type { KernelPorts } from '#kernel/module'
import { openVault } from '#kernel/vault'
import type { Clock } from '#ports/clock'
import { connectorsModule } from '#modules/connectors/module'
import datasetsModule from '#modules/datasets/module'
import exploreModule from '#modules/explore/module'
import identityModule from '#modules/identity/module'
import { door, quiet } from '#modules/streams/house-fixture'
import streamsModule from '#modules/streams/module'
import { pipelines } from './index.ts'
import type { Pipelines } from './index.ts'
import pipelinesModule from './module.ts'

export interface House {
  readonly home: string
  readonly url: string
  readonly engine: Engine
  readonly ports: KernelPorts
  readonly pipelines: Pipelines
  /** Answers status and parsed body; the token names the workspace. */
  call(
    method: string,
    path: string,
    body?: string | object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: any }> // `any`: answers differ by route
  /** Puts a file into the folder of MILLRACE_FILES. */
  file(path: string, content: string | Uint8Array): Promise<string>
  /** `meanwhile` happens while it is down. */
  restart(meanwhile?: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

interface Options {
  readonly egress?: string
  /** When schedules come; the system's otherwise. */
  readonly clock?: Clock
}

export async function openHouse(options: Options = {}): Promise<House> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-pipelines-'))
  let now = await started(home, options)
  return {
    home,
    get url() {
      return now.running.url
    },
    get engine() {
      return now.engine
    },
    get ports() {
      return now.ports
    },
    get pipelines() {
      return now.running.face(pipelines)
    },
    call: async (method, path, body, headers = {}) => {
      const json = typeof body === 'object'
      const response = await fetch(now.running.url + path, {
        method,
        headers: { ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
        ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : body }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    file: async (path, content) => {
      const whole = join(home, 'files', path)
      await mkdir(dirname(whole), { recursive: true })
      await writeFile(whole, content)
      return whole
    },
    restart: async (meanwhile) => {
      await now.close()
      await meanwhile?.()
      now = await started(home, options)
    },
    close: async () => {
      await now.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function started(
  home: string,
  { egress, clock }: Options,
): Promise<{ running: Running; engine: Engine; ports: KernelPorts; close(): Promise<void> }> {
  const stores = await openEmbedded(home)
  const jobs = await pgBossJobs({ metadata: stores.ports.metadata, clock: clock ?? stores.ports.clock, alone: true })
  const ports = { ...stores.ports, ...(clock && { clock }), jobs } as KernelPorts // blobs are not used here
  const running = await boot({
    modules: [
      door,
      identityModule,
      datasetsModule,
      streamsModule,
      connectorsModule({ connectors, home, files: [join(home, 'files')] }),
      exploreModule,
      pipelinesModule,
    ],
    openPorts: async () => ports,
    vault: await openVault({ home }),
    egress,
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
    close: async () => {
      await running.stop(0)
      await jobs.close(2_000)
      await stores.close()
    },
  }
}
