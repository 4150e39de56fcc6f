/** Everything that the modules of a house offer over HTTP. */
import type { FastifyInstance } from 'fastify'
import { operationAudit } from '../audit/operations.ts'
import type { Audit } from '../audit/open.ts'
import { httpApp } from '../http/app.ts'
import { bodyBudget } from '../http/body-budget.ts'
import { docsRoutes } from '../http/docs.ts'
import { guard } from '../http/guard.ts'
import { inFlight } from '../http/in-flight.ts'
import { rememberRoute } from '../http/known-routes.ts'
import { operationRoute } from '../http/operation-route.ts'
import { fastifyPath } from '../http/path.ts'
import { sendProblem } from '../http/send.ts'
import { traffic } from '../http/traffic.ts'
import { serveUpgrades } from '../http/upgrade.ts'
import { vitalRoutes } from '../http/vitals.ts'
import { serveWeb } from '../http/web.ts'
import { eventLoopDelay } from '../logs/event-loop.ts'
import { kernelErrors } from '../problems/errors.ts'
import type { Authenticator } from './authentication.ts'
import type { Handler } from './contract.ts'
import type { House } from './house.ts'
import type { Logger, Measurement, SocketRoute } from './module.ts'
import type { RootLogger } from './root-logger.ts'
import { operationsOf } from './start-order.ts'
import type { AnyStarted } from './start-module.ts'

export interface HttpFacesOptions {
  readonly logger: RootLogger
  readonly authenticator: { readonly module: string }
  readonly version: string
  readonly web?: string
  readonly checkAnswers?: boolean
  readonly bodyBytes?: number
  /** There once the stores are open. */
  readonly audit: () => Audit
  readonly measured: () => readonly { readonly measurements?: () => Iterable<Measurement> }[]
}

export interface HttpFaces {
  readonly app: FastifyInstance
  /** Resolves when no call is being answered, or after `graceMs`. */
  idle(graceMs: number): Promise<void>
  /** Cuts every connection. */
  cut(): void
}

export function httpFaces(house: House, options: HttpFacesOptions): HttpFaces {
  const { logger, version } = options
  const app = httpApp(logger)
  const delay = eventLoopDelay()
  const doorkeeper = guard(() => house.living(options.authenticator.module).face as Authenticator, house.permissions)
  const requests = traffic()
  const calls = inFlight()
  addOperations(app, house, {
    guard: doorkeeper,
    log: logger,
    traffic: requests,
    calls,
    bodies: bodyBudget(options.bodyBytes),
    checkAnswers: options.checkAnswers ?? false,
    audit: operationAudit({
      records: () => options.audit().records,
      sums: () => options.audit().sums,
      now: () => house.ports!.clock.now(),
      read: (name) => readOperation(house, name),
      onFailure: (error) => logger.error({ err: error }, 'an audit entry is not complete'),
    }),
    stopping: house.stopping.signal,
    ended: house.ended.signal,
  })
  vitalRoutes(app, {
    version,
    ready: () => house.ready(),
    traffic: requests,
    delay,
    guard: doorkeeper,
    log: logger,
    measured: options.measured,
  })
  docsRoutes(app, house.order, version)
  serveWeb(app, options.web)
  const sockets = addSockets(app, house, doorkeeper, logger)
  return {
    app,
    idle: (graceMs) => calls.idle(graceMs),
    cut() {
      sockets.cut()
      app.server.closeAllConnections()
      delay.stop()
    },
  }
}

function addOperations(app: FastifyInstance, house: House, context: Parameters<typeof operationRoute>[3]): void {
  for (const module of house.order) {
    for (const [key, operation] of operationsOf(module)) {
      const handlerOf = (): Handler => house.living(module.name).handlers[key] as Handler
      const handler = operationRoute(operation, `${module.name}.${key}`, handlerOf, context)
      for (const path of [operation.path, ...(operation.aliases ?? [])]) {
        app.route({ method: operation.method, url: fastifyPath(path), handler })
        rememberRoute(app, operation.method === 'GET' ? ['GET', 'HEAD'] : [operation.method], path)
      }
    }
  }
}

function addSockets(app: FastifyInstance, house: House, doorkeeper: ReturnType<typeof guard>, log: Logger) {
  const routes = house.order.flatMap((module) =>
    Object.entries((module.sockets ?? {}) as Record<string, SocketRoute>).map(([key, route]) => ({
      route,
      handler: () => socketHandler(house.living(module.name), module.name, key),
    })),
  )
  for (const { route } of routes) {
    const { path } = route
    rememberRoute(app, ['GET'], path)
    app.get(fastifyPath(path), (request, reply) =>
      sendProblem(request, reply, kernelErrors.upgradeNeeded({ path }), log),
    )
  }
  return serveUpgrades(app.server, routes, doorkeeper, log)
}

/** An operation and its handler by its whole name, as the audit trail asks for it. */
function readOperation(house: House, name: string) {
  const [owner = '', key = ''] = name.split('.', 2)
  const module = house.order.find((candidate) => candidate.name === owner)
  const operation = module && new Map(operationsOf(module)).get(key)
  return operation && { operation, handler: house.living(owner).handlers[key] as Handler }
}

function socketHandler(module: AnyStarted, name: string, key: string) {
  const handler = module.sockets?.[key]
  if (!handler) throw new Error(`The module "${name}" brings no socket "${key}".`)
  return handler
}
