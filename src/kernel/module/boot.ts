/**
 * Brings modules to life and ends them in order. SPEC.md beside this file has the states.
 *
 * ```ts
 * import identity from '#modules/identity/module'
 *
 * const running = await boot({
 *   modules: [identity], openPorts: async () => ports, environment: process.env, logger: log,
 *   authenticator: { module: 'identity' }, listen: { host: '127.0.0.1', port: 0 }, version: '0.1.0',
 * })
 * running.url // 'http://127.0.0.1:…'
 * await running.ready() // { ready: true, … }
 * await running.stop()
 * ```
 */
import type { AddressInfo } from 'node:net'
import { openAudit, type Audit } from '../audit/open.ts'
import { egress } from '../egress/egress.ts'
import { openModuleEvents, type ModuleEvents } from '../events/module-events.ts'
import { openJobQueue } from '../jobs/job-queue.ts'
import { readSettings, type Environment } from '../settings/read-settings.ts'
import { storesTables } from '../stores/tables.ts'
import { openWarehouseMigrations } from '../stores/warehouse-migrations.ts'
import { passingVault, type Vault } from '../vault/vault.ts'
import { workerPool } from '../workers/worker-pool.ts'
import { House, type ReadyQuestion } from './house.ts'
import { httpFaces } from './http-faces.ts'
import { migrate, migrateOne } from './migrations.ts'
import type { KernelPorts, Module } from './module.ts'
import type { Readiness } from './readiness.ts'
import type { RootLogger } from './root-logger.ts'
import { startModule, stopModule } from './start-module.ts'
import { startOrder } from './start-order.ts'

export type { RootLogger } from './root-logger.ts'

export interface BootOptions {
  /** The whole application, as an explicit list in any order. */
  readonly modules: readonly Module[]
  /** Called once the address is bound. Boot closes none of them: who opens, closes. */
  readonly openPorts: () => Promise<KernelPorts>
  readonly environment: Environment
  readonly logger: RootLogger
  /** The module whose face tells who asks. */
  readonly authenticator: { readonly module: string }
  readonly listen: { readonly host: string; readonly port: number }
  /** Folder of the built web, served under `/app/`. */
  readonly web?: string
  /** Asked by `GET /ready` besides the stores and the modules, by name. */
  readonly parts?: Readonly<Record<string, ReadyQuestion>>
  /** Default: a vault whose seals nobody opens after a restart. */
  readonly vault?: Vault
  /** `MILLRACE_EGRESS` as it is written. */
  readonly egress?: string | undefined
  readonly version: string
  /** Hold answers against their contracts: for tests and development. */
  readonly checkAnswers?: boolean
  /** Most bytes of bodies in memory at once. Default: 512 MiB, or an eighth of a smaller memory. */
  readonly bodyBytes?: number
  /** Called when every module has started and no operation is answered yet. */
  readonly beforeReady?: (face: Running['face']) => Promise<void>
  /** Called at each step of the start, for people who wait. */
  readonly onStep?: (step: string) => void
}

export interface Running {
  readonly url: string
  readonly address: { readonly host: string; readonly port: number }
  face<T>(face: { readonly module: string; readonly $type?: T }): T
  ready(): Promise<Readiness>
  /** Ends everything in reverse order; what is being answered gets `graceMs`. */
  stop(graceMs?: number): Promise<void>
}

export async function boot(options: BootOptions): Promise<Running> {
  const { logger, listen, onStep } = options
  const house = new House(startOrder(options.modules), options.parts ?? {})
  const configs = readConfigs(house.order, options.environment)
  const allowed = egress(options.egress)
  const open: Opened = {}
  const faces = httpFaces(house, {
    ...options,
    audit: () => open.audit!,
    measured: () => [...house.started.values(), ...(open.events ? [open.events] : [])],
  })
  const workers = workerPool()
  const { app } = faces

  const stop = async (graceMs = 5_000): Promise<void> => {
    house.stopping.abort(new DOMException('The server is stopping.', 'AbortError'))
    const closed = app.close()
    await faces.idle(graceMs)
    house.ended.abort(new DOMException('The server has stopped.', 'AbortError'))
    await open.events?.stop()
    for (const [name, module] of [...house.started].toReversed()) {
      await stopModule(name, module, logger)
      house.started.delete(name)
    }
    await workers.close()
    await open.audit?.sums.close()
    faces.cut()
    await closed
  }

  try {
    await app.listen({ host: listen.host, port: listen.port })
    onStep?.('opening the stores')
    const ports = (house.ports = await options.openPorts())
    onStep?.('migrating')
    const kernel = await openKernel(house, ports, open, logger)
    const shared = { ...kernel, vault: options.vault ?? passingVault(), egress: allowed, workers }
    for (const module of house.order) {
      onStep?.(`starting ${module.name}`)
      const started = await startModule(module, {
        ...shared,
        started: house.started,
        config: configs.get(module.name),
        log: logger.child({ module: module.name }),
        stopping: house.stopping.signal,
        permissions: house.permissions,
      })
      house.started.set(module.name, started)
    }
    for (const { begin } of house.started.values()) await begin?.()
    await options.beforeReady?.((wanted) => house.started.get(wanted.module)?.face as never)
    await kernel.events.start(new Map([...house.started].map(([name, { on }]) => [name, on ?? {}])))
    await kernel.jobs.start(new Map([...house.started].map(([name, { work }]) => [name, work ?? {}])))
    house.complete = true
  } catch (error) {
    await stop(0)
    throw error
  }

  const { address, port } = app.server.address() as AddressInfo
  let stopped: Promise<void> | undefined
  return {
    url: urlOf(listen.host, port),
    address: { host: address, port },
    face: <T>(wanted: { module: string; $type?: T }) => house.living(wanted.module).face as T,
    ready: () => house.ready(),
    stop: (graceMs) => (stopped ??= stop(graceMs)),
  }
}

/** What a stop has to close, as far as the start came. */
interface Opened {
  audit?: Audit
  events?: ModuleEvents
}

/** What the kernel does for all modules, over stores in the form that they expect. */
async function openKernel(house: House, ports: KernelPorts, open: Opened, logger: RootLogger) {
  const { order, stopping } = house
  const log = logger.child({ module: 'kernel' })
  await migrate(ports.metadata, order)
  if (order.some((module) => module.warehouseMigrations)) await migrateOne(ports.metadata, storesTables)
  const warehouseMigrations = await openWarehouseMigrations(order, ports)
  open.audit = await openAudit(ports.metadata, ports.clock, logger)
  open.events = await openModuleEvents(order, ports, log)
  const { metadata, jobs, clock } = ports
  return {
    warehouseMigrations,
    audit: open.audit.read,
    events: open.events,
    jobs: openJobQueue(order, { metadata, jobs, clock, log, stopping: stopping.signal }),
  }
}

function readConfigs(order: readonly Module[], environment: Environment): ReadonlyMap<string, unknown> {
  return new Map(
    order.map((module) => [module.name, module.config ? readSettings(module.config, environment) : undefined]),
  )
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`
}
