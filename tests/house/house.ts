/**
 * For tests: modules behind HTTP over embedded stores in a home of their own.
 *
 * `openHouse({ modules: [datasets, streams] })` boots them with a door that lets everybody in; the bearer
 * token of a call names its workspace. Modules' own fixtures add what their tests need.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Engine } from '#adapters/chdb'
import { pgBossJobs } from '#adapters/jobs-pgboss'
import { openEmbedded } from '#adapters/log-warehouse/embedded-fixture'
import { outboxMail } from '#adapters/mail-outbox'
import { boot, type Running } from '#kernel/boot'
import type { KernelPorts, Module } from '#kernel/module'
import { openVault } from '#kernel/vault'
import type { Clock } from '#ports/clock'
import type { Mail } from '#ports/mail'
import type { Metadata } from '#ports/metadata'
import { callAt, type Reply } from './call.ts'
import { door, quiet } from './door.ts'
import { openMetadataOnly } from './metadata-only.ts'

export interface HouseOptions {
  /** Besides the door; those that depend on the home are made from it. */
  readonly modules: readonly Module[] | ((home: string) => readonly Module[])
  /** The module that knows who asks. Default: the door. */
  readonly authenticator?: { readonly module: string }
  /** As MILLRACE_EGRESS. */
  readonly egress?: string
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: an embedded database in the home. Not for a house without a warehouse. */
  readonly openMetadata?: () => Promise<Metadata>
  /** `false`: for modules that use neither the warehouse nor the log; such a house opens in half the time. */
  readonly warehouse?: false
  /** Opens the mail port. Default: mails are kept in the outbox. */
  readonly mail?: (stores: { readonly metadata: Metadata; readonly clock: Clock }) => Promise<Mail>
  /** Replaces ports, for faults and the like. */
  readonly wrapPorts?: (ports: KernelPorts) => KernelPorts
}

export interface House {
  readonly home: string
  readonly url: string
  readonly running: Running
  readonly engine: Engine
  readonly ports: KernelPorts
  /** Returns status and parsed body. */
  call(
    method: string,
    path: string,
    body?: string | Uint8Array | object,
    headers?: Record<string, string>,
  ): Promise<Reply>
  /** Puts a file into the folder of MILLRACE_FILES and returns its path. */
  file(path: string, content: string | Uint8Array): Promise<string>
  /** Stops everything and starts it on the same home; `meanwhile` happens while it is down. */
  restart(meanwhile?: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-house-'))
  let now = await start(home, options)
  return {
    home,
    get url() {
      return now.running.url
    },
    get running() {
      return now.running
    },
    get engine() {
      return now.engine
    },
    get ports() {
      return now.ports
    },
    call: async (method, path, body, headers = {}) => {
      const { status, body: answer } = await callAt(now.running.url + path, { method, body, headers })
      return { status, body: answer }
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
      now = await start(home, options)
    },
    close: async () => {
      await now.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

interface Started {
  readonly running: Running
  readonly engine: Engine
  readonly ports: KernelPorts
  close(): Promise<void>
}

async function start(home: string, options: HouseOptions): Promise<Started> {
  const { authenticator = { module: 'door' }, wrapPorts = (ports) => ports } = options
  const modules = typeof options.modules === 'function' ? options.modules(home) : options.modules
  const { openMetadata } = options
  const stores = await (options.warehouse === false ? openMetadataOnly(home) : openEmbedded(home, { openMetadata }))
  const clock = options.clock ?? stores.ports.clock
  const usesJobs = modules.some((module) => module.jobs !== undefined)
  const jobs = usesJobs ? await pgBossJobs({ metadata: stores.ports.metadata, clock, alone: true }) : undefined
  const mail = await (options.mail ?? outboxMail)({ metadata: stores.ports.metadata, clock })
  const ports = wrapPorts({ ...stores.ports, clock, jobs, mail } as KernelPorts) // no module of today uses blobs
  const closeStores = async (): Promise<void> => {
    await jobs?.close(2_000)
    await stores.close()
  }
  const running = await boot({
    modules: authenticator.module === 'door' ? [door, ...modules] : modules,
    openPorts: async () => ports,
    vault: await openVault({ home }),
    egress: options.egress,
    environment: {},
    logger: quiet,
    authenticator,
    listen: { host: '127.0.0.1', port: 0 },
    version: '0',
    checkAnswers: true,
  }).catch(async (error: unknown) => {
    // An engine that still runs would keep the process of the test from ending.
    await closeStores()
    throw error
  })
  return {
    running,
    get engine() {
      return stores.engine
    },
    ports,
    close: async () => {
      await running.stop(0)
      await closeStores()
    },
  }
}
