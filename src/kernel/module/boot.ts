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
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { openAudit, type Audit } from '../audit/open.ts'
import { operationAudit } from '../audit/operations.ts'
import type { AuditReader } from '../audit/read.ts'
import type { Authenticator } from './authentication.ts'
import { readSettings, type Environment } from '../settings/config-values.ts'
import type { Handler } from './contract.ts'
import { kernelErrors } from '../problems/errors.ts'
import { eventLoopDelay } from '../logs/event-loop.ts'
import { httpApp } from '../http/app.ts'
import { rememberRoute } from '../http/known-routes.ts'
import { docsRoutes } from '../http/docs.ts'
import { bodyBudget } from '../http/body-budget.ts'
import { guard } from '../http/guard.ts'
import { operationRoute } from '../http/operation-route.ts'
import { fastifyPath } from '../http/path.ts'
import { sendProblem } from '../http/send.ts'
import { traffic } from '../http/traffic.ts'
import { serveUpgrades } from '../http/upgrade.ts'
import { vitalRoutes } from '../http/vitals.ts'
import { serveWeb } from '../http/web.ts'
import { handlerFaults } from '../events/declarations.ts'
import { definitionVersions } from '../definitions/definition-versions.ts'
import { workFaults } from '../jobs/declarations.ts'
import { egress, type Egress } from '../egress/egress.ts'
import { openJobQueue, type JobQueue } from '../jobs/job-queue.ts'
import { openModuleEvents, type ModuleEvents } from '../events/module-events.ts'
import { migrate, migrateOne } from './migrations.ts'
import { storesTables } from '../stores/tables.ts'
import { openWarehouseMigrations, type WarehouseMigrations } from '../stores/warehouse-migrations.ts'
import { inFlight } from '../http/in-flight.ts'
import type { KernelPorts, Logger, Module, SocketRoute, StartContext, Started } from './module.ts'
import { passingVault, type Vault } from '../vault/vault.ts'
import { ask, askPorts, type Readiness } from './readiness.ts'
import { operationsOf, startOrder } from './start-order.ts'

/** The logger of the whole process; modules get children that carry their name. */
export interface RootLogger extends Logger {
  child(bindings: object): Logger
}

export interface BootOptions {
  /** The whole application, as an explicit list in any order. */
  readonly modules: readonly Module[]
  /** Called once the address is taken. Boot closes none of them: who opens, closes. */
  readonly openPorts: () => Promise<KernelPorts>
  readonly environment: Environment
  readonly logger: RootLogger
  /** The module whose face tells who asks. */
  readonly authenticator: { readonly module: string }
  readonly listen: { readonly host: string; readonly port: number }
  /** Folder of the built web, served under `/app/`. */
  readonly web?: string
  /** Asked by `GET /ready` besides the stores and the modules, by name. */
  readonly parts?: Readonly<Record<string, () => Promise<{ ok: boolean; detail?: string }>>>
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

type AnyStarted = Started<unknown, any, any, any> // `any`: handlers are found by name here, their types were checked in the module

export async function boot(options: BootOptions): Promise<Running> {
  const order = startOrder(options.modules)
  const configs = new Map(
    order.map((module) => [module.name, module.config ? readSettings(module.config, options.environment) : undefined]),
  )
  const { logger, vault = passingVault() } = options
  const allowed = egress(options.egress)
  const started = new Map<string, AnyStarted>()
  const stopping = new AbortController()
  const ended = new AbortController()
  let ports: KernelPorts | undefined
  let audit: Audit | undefined
  let events: ModuleEvents | undefined
  let complete = false

  const ready = async (): Promise<Readiness> => {
    if (!ports || !complete)
      return { ready: false, parts: order.map(({ name }) => ({ name, ok: false, detail: 'Still starting.' })) }
    const questions = [...started].flatMap(([name, { ready: question }]) => (question ? [ask(name, question)] : []))
    const others = Object.entries(options.parts ?? {}).map(([name, question]) => ask(name, question))
    const parts = await Promise.all([...askPorts(ports), ...others, ...questions])
    return { ready: parts.every(({ ok }) => ok) && !stopping.signal.aborted, parts }
  }
  const living = (name: string): AnyStarted => {
    const module = complete ? started.get(name) : undefined
    if (!module) throw stopping.signal.aborted ? kernelErrors.stopping({}) : kernelErrors.starting({})
    return module
  }

  const app = httpApp(logger)
  const delay = eventLoopDelay()
  const permissions = new Map(order.flatMap((module) => Object.entries(module.permissions as Record<string, string>)))
  const doorkeeper = guard(() => living(options.authenticator.module).face as Authenticator, permissions)
  const requests = traffic()
  const calls = inFlight()
  const context = {
    guard: doorkeeper,
    log: logger,
    traffic: requests,
    calls,
    bodies: bodyBudget(options.bodyBytes),
    checkAnswers: options.checkAnswers ?? false,
    audit: operationAudit({
      records: () => audit!.records,
      sums: () => audit!.sums,
      now: () => ports!.clock.now(),
      read: (name) => readOperation(order, name, living),
      onFailure: (error) => logger.error({ err: error }, 'an audit entry is not complete'),
    }),
    stopping: stopping.signal,
    ended: ended.signal,
  }
  addOperations(app, order, (module, key) => living(module).handlers[key] as Handler, context)
  vitalRoutes(app, {
    version: options.version,
    ready,
    traffic: requests,
    delay,
    guard: doorkeeper,
    log: logger,
    measured: () => [...started.values(), ...(events ? [events] : [])],
  })
  docsRoutes(app, order, options.version)
  serveWeb(app, options.web)
  for (const { path } of order.flatMap((module) =>
    Object.values((module.sockets ?? {}) as Record<string, SocketRoute>),
  )) {
    rememberRoute(app, ['GET'], path)
    app.get(fastifyPath(path), (request, reply) =>
      sendProblem(request, reply, kernelErrors.upgradeNeeded({ path }), logger),
    )
  }
  const sockets = serveUpgrades(
    app.server,
    order.flatMap((module) =>
      Object.entries(module.sockets ?? {}).map(([key, route]) => ({
        route,
        handler: () => socketHandler(living(module.name), module.name, key),
      })),
    ),
    doorkeeper,
    logger,
  )

  const stop = async (graceMs = 5_000): Promise<void> => {
    stopping.abort(new DOMException('The server is stopping.', 'AbortError'))
    const closed = app.close()
    await calls.idle(graceMs)
    ended.abort(new DOMException('The server has stopped.', 'AbortError'))
    await events?.stop()
    for (const [name, module] of [...started].toReversed()) {
      await stopModule(name, module, logger)
      started.delete(name)
    }
    await audit?.sums.close()
    sockets.cut()
    app.server.closeAllConnections()
    await closed
    delay.stop()
  }

  try {
    await app.listen({ host: options.listen.host, port: options.listen.port })
    options.onStep?.('opening the stores')
    ports = await options.openPorts()
    options.onStep?.('migrating')
    await migrate(ports.metadata, order)
    if (order.some((module) => module.warehouseMigrations)) await migrateOne(ports.metadata, storesTables)
    const warehouseMigrations = await openWarehouseMigrations(order, ports)
    audit = await openAudit(ports.metadata, ports.clock, logger)
    events = await openModuleEvents(order, ports, logger.child({ module: 'kernel' }))
    const jobs = openJobQueue(order, {
      metadata: ports.metadata,
      jobs: ports.jobs,
      clock: ports.clock,
      log: logger.child({ module: 'kernel' }),
      stopping: stopping.signal,
    })
    for (const module of order) {
      options.onStep?.(`starting ${module.name}`)
      started.set(
        module.name,
        await startModule(module, {
          events,
          jobs,
          vault,
          egress: allowed,
          started,
          config: configs.get(module.name),
          log: logger.child({ module: module.name }),
          stopping: stopping.signal,
          permissions,
          audit: audit.read,
          warehouseMigrations,
        }),
      )
    }
    await options.beforeReady?.((wanted) => started.get(wanted.module)?.face as never)
    await events.start(new Map([...started].map(([name, { on }]) => [name, on ?? {}])))
    await jobs.start(new Map([...started].map(([name, { work }]) => [name, work ?? {}])))
    complete = true
  } catch (error) {
    await stop(0)
    throw error
  }

  const { address, port } = app.server.address() as AddressInfo
  const host = options.listen.host
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`,
    address: { host: address, port },
    face: <T>(wanted: { module: string; $type?: T }) => living(wanted.module).face as T,
    ready,
    stop: (() => {
      let stopped: Promise<void> | undefined
      return (graceMs?: number) => (stopped ??= stop(graceMs))
    })(),
  }
}

function addOperations(
  app: FastifyInstance,
  modules: readonly Module[],
  handlerOf: (module: string, key: string) => Handler,
  context: Parameters<typeof operationRoute>[3],
): void {
  for (const module of modules) {
    for (const [key, operation] of operationsOf(module)) {
      const handler = operationRoute(operation, `${module.name}.${key}`, () => handlerOf(module.name, key), context)
      for (const path of [operation.path, ...(operation.aliases ?? [])]) {
        app.route({ method: operation.method, url: fastifyPath(path), handler })
        rememberRoute(app, operation.method === 'GET' ? ['GET', 'HEAD'] : [operation.method], path)
      }
    }
  }
}

/** An operation and its handler by its whole name, as the audit trail asks for it. */
function readOperation(modules: readonly Module[], name: string, living: (module: string) => AnyStarted) {
  const [owner = '', key = ''] = name.split('.', 2)
  const module = modules.find((candidate) => candidate.name === owner)
  const operation = module && new Map(operationsOf(module)).get(key)
  return operation && { operation, handler: living(owner).handlers[key] as Handler }
}

interface StartNeeds {
  readonly events: ModuleEvents
  readonly jobs: JobQueue
  readonly vault: Vault
  readonly egress: Egress
  readonly started: ReadonlyMap<string, AnyStarted>
  readonly config: unknown
  readonly log: Logger
  readonly stopping: AbortSignal
  readonly permissions: ReadonlyMap<string, string>
  readonly audit: AuditReader
  readonly warehouseMigrations: WarehouseMigrations
}

async function startModule(module: Module, { events, jobs, started, ...context }: StartNeeds): Promise<AnyStarted> {
  const needs = Object.fromEntries(
    Object.entries(module.needs as Record<string, { module: string }>).map(([key, face]) => [
      key,
      started.get(face.module)?.face,
    ]),
  )
  const referencesTo: StartContext<{}, unknown>['referencesTo'] = async (workspace, subject) =>
    (await Promise.all([...started.values()].map((other) => other.references?.(workspace, subject) ?? []))).flat()
  const result: AnyStarted = await module.start({
    needs,
    ...context,
    ports: events.ports,
    emit: events.emitOf(module),
    versions: definitionVersions(events.ports.metadata),
    jobs: jobs.of(module),
    jobRecords: jobs.records,
    parkedEvents: events.parked,
    referencesTo,
    warehouseViews: () => [...started.values()].flatMap((other) => other.warehouseViews ?? []),
  })
  const missing = operationsOf(module).filter(([key]) => typeof result.handlers[key] !== 'function')
  const silent = Object.keys(module.sockets ?? {}).filter((key) => typeof result.sockets?.[key] !== 'function')
  const [fault] = [...handlerFaults(module, result.on), ...workFaults(module, result.work)]
  if (missing.length + silent.length === 0 && fault === undefined) return result
  await result.stop?.()
  if (fault !== undefined) throw new Error(fault)
  throw new Error(
    `The module "${module.name}" brings no handler for ${[...missing.map(([key]) => key), ...silent].map((key) => `"${key}"`).join(', ')}.`,
  )
}

const STOP_PATIENCE_MS = 15_000

/** One that fails or hangs must not keep the others from stopping. */
async function stopModule(name: string, module: AnyStarted, log: Logger): Promise<void> {
  const patience = new AbortController()
  const hangs = sleep(STOP_PATIENCE_MS, 'hangs', { signal: patience.signal, ref: false }).catch(() => undefined)
  try {
    if ((await Promise.race([module.stop?.(), hangs])) === 'hangs')
      log.error({ module: name }, 'a module does not stop and is left behind')
  } catch (error) {
    log.error({ module: name, err: error }, 'a module did not stop cleanly')
  } finally {
    patience.abort()
  }
}

function socketHandler(module: AnyStarted, name: string, key: string) {
  const handler = module.sockets?.[key]
  if (!handler) throw new Error(`The module "${name}" brings no socket "${key}".`)
  return handler
}
