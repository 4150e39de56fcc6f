/**
 * A module says what it brings in one file, as data that can be read without starting anything.
 * Only services, handlers and jobs are made in `start`.
 *
 * ```ts
 * import { z } from 'zod'
 * import { defineContract, operation } from '#kernel/contract'
 * import { datasets } from '#modules/datasets'
 *
 * export default defineModule({
 *   name: 'census',
 *   about: 'Counts the datasets of a workspace.',
 *   needs: { datasets },
 *   permissions: { 'census.read': 'See how many datasets there are.' },
 *   contract: defineContract('census', {
 *     get: operation({
 *       method: 'GET', path: '/api/v1/census', permission: 'census.read',
 *       summary: 'How many datasets there are.', answer: z.object({ datasets: z.number() }),
 *     }),
 *   }),
 *   async start({ needs, log }) {
 *     const count = async (workspace: string) => (await needs.datasets.list(workspace)).length
 *     return {
 *       face: { count },
 *       handlers: { get: async ({ workspace }) => ({ datasets: await count(workspace) }) },
 *       stop: async () => log.info({}, 'no more counting'),
 *     }
 *   },
 * })
 * ```
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { z } from 'zod'
import type { Actor } from '#core/actor'
import type { ErrorCatalogue } from '#core/errors'
import type { ObjectRef } from '#core/object-ref'
import type { Blobs } from '#ports/blobs'
import type { Bus } from '#ports/bus'
import type { Clock } from '#ports/clock'
import type { Jobs } from '#ports/jobs'
import type { Leases } from '#ports/leases'
import type { Log } from '#ports/log'
import type { Mail } from '#ports/mail'
import type { Metadata, SqlSession } from '#ports/metadata'
import type { Warehouse } from '#ports/warehouse'
import type { AuditReader } from '../audit/read.ts'
import type { Egress } from '../egress/egress.ts'
import type { Vault } from '../vault/vault.ts'
import type { Emit, EventHandlers, Events, Listening } from '../events/events.ts'
import type { ParkedEvents } from '../events/parked-events.ts'
import type { ReferencesTo } from '../definitions/definition-locks.ts'
import type { DefinitionVersions } from '../definitions/definition-versions.ts'
import type { JobDefinitions, JobHandlers, ModuleJobs } from '../jobs/jobs.ts'
import type { JobRecords } from '../jobs/job-records.ts'
import type { WarehouseMigrations } from '../stores/warehouse-migrations.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { Contract, Handlers } from './contract.ts'
import type { PackKind } from './pack-kind.ts'

export type { PackKind } from './pack-kind.ts'
export type { WarehouseMigrations } from '../stores/warehouse-migrations.ts'

/** Names a module's face and carries its type: `export const datasets = face<Datasets>('datasets')`. */
export interface Face<T> {
  readonly module: string
  /** Never set: the type alone. */
  readonly $type?: T
}

export function face<T>(module: string): Face<T> {
  return { module }
}

export type Faces = Readonly<Record<string, Face<unknown>>>
export type Given<N extends Faces> = { readonly [K in keyof N]: N[K] extends Face<infer T> ? T : never }

export interface Ports {
  readonly metadata: Metadata
  readonly warehouse: Warehouse
  readonly log: Log
  readonly blobs: Blobs
  readonly bus: Bus
  readonly clock: Clock
  readonly leases: Leases
  readonly mail: Mail
}

/** What an application is opened on; modules queue work through the kernel. */
export interface KernelPorts extends Ports {
  readonly jobs: Jobs
}

/** Structured logging; the request id and module name are already in it. Never pass secrets. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface StartContext<N extends Faces, Config> {
  readonly needs: Given<N>
  readonly ports: Ports
  /** Seals the secrets that a module writes down. */
  readonly vault: Vault
  /** Which addresses `MILLRACE_EGRESS` allows; whoever connects to the outside asks it first. */
  readonly egress: Egress
  readonly config: Config
  readonly log: Logger
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal
  /** Those that all modules of the house declare, and what each allows. */
  readonly permissions: ReadonlyMap<string, string>
  /** Entries of the audit trail. The kernel writes them around every operation. */
  readonly audit: AuditReader
  /** Brings the databases of a workspace to the form that all modules expect: for the module that makes them. */
  readonly warehouseMigrations: WarehouseMigrations
  /** Writes an event of this module in a transaction of `ports.metadata.inWorkspace(…)`. */
  readonly emit: Emit
  /** Keeps the versions of definitions. */
  readonly versions: DefinitionVersions
  /** Threads for work that would hold the event loop. */
  readonly workers: Pick<WorkerPool, 'run'>
  /** Queues the jobs that this module declares. */
  readonly jobs: ModuleJobs
  /** The jobs of all modules, for the list of jobs. */
  readonly jobRecords: JobRecords
  /** Events that modules could not handle yet, for the list of them. */
  readonly parkedEvents: ParkedEvents
  /** What uses this thing: the answers of all modules that bring `references`. `sql` is the session of a transaction that holds it. */
  readonly referencesTo: ReferencesTo
  /** Views that modules make in the database of each workspace, for those who read them; complete when all have started. */
  readonly warehouseViews: () => readonly WarehouseView[]
  /** What packs may hold, those a definition refers to before it; complete when all have started. */
  readonly packKinds: () => readonly PackKind[]
}

/** A WebSocket route: authenticated and authorised by the kernel before the module sees the socket. */
export interface SocketRoute {
  readonly path: string
  readonly permission: string
  /** Further permissions the caller needs, because the socket shows what belongs to other modules. */
  readonly alsoNeeds?: readonly string[]
  readonly summary: string
}

export interface SocketCall {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly actor: Actor
  readonly workspace: string
  /** Aborted when the caller's credential ends; the connection is cut right after. Time to say why. */
  readonly signal: AbortSignal
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

export interface Started<
  F,
  C extends Contract,
  L extends readonly Listening[] = readonly [],
  J extends JobDefinitions = {},
> {
  /** What other modules may do with this one. */
  readonly face?: F
  readonly handlers: Handlers<C>
  /** One per entry of `sockets`, by the same key. Takes over the connection (`ws` in noServer mode). */
  readonly sockets?: Readonly<Record<string, (call: SocketCall) => void>>
  /** One per entry of `listens`, by the name of the event. Called from when all modules have started. */
  readonly on?: EventHandlers<L>
  /** One per entry of `jobs`, by the same key. Called from when all modules have started. */
  readonly work?: JobHandlers<J>
  readonly warehouseViews?: readonly WarehouseView[]
  /** In the order in which they are made. */
  readonly packKinds?: readonly PackKind[]
  /** Called when all modules have started, before the first operation is answered. */
  readonly begin?: () => Promise<void>
  /**
   * Things of this module that use the subject, and would break without it. Ask the metadata only through `sql`: it may
   * be the session of the transaction that deletes the subject.
   */
  readonly references?: (workspace: string, subject: ObjectRef, sql: SqlSession) => Promise<readonly ObjectRef[]>
  /** Holds until true: `GET /ready` names what is missing. */
  readonly ready?: () => Promise<{ ok: boolean; detail?: string }>
  /** Lines for `GET /metrics` in Prometheus' text format. */
  readonly measurements?: () => Iterable<Measurement>
  /** Called in reverse order of start. What was acknowledged is already safe. */
  readonly stop?: () => Promise<void>
}

/** A view in the database of each workspace, which people may query by its name. */
export interface WarehouseView {
  readonly name: string
  /** Called before it is read, so that it holds what was acknowledged before. */
  readonly prepare: (workspace: string, signal: AbortSignal) => Promise<void>
}

export interface Measurement {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  readonly value: number
  readonly labels?: Readonly<Record<string, string>>
}

/** `{ what: 'the dataset of a metric', permission: 'datasets.read' }` */
export interface DefinitionUse {
  readonly what: string
  readonly permission: string
}

export interface ModuleSpec<
  F,
  N extends Faces,
  C extends Contract,
  S extends z.ZodType,
  L extends readonly Listening[] = readonly [],
  J extends JobDefinitions = {},
> {
  readonly name: string
  /** One sentence. */
  readonly about: string
  /** Faces of other modules that `start` uses. */
  readonly needs?: N
  /** Permission → what it allows, one sentence. */
  readonly permissions: Readonly<Record<string, string>>
  /** What the definitions of this module may use, with the permission that whoever saves one needs for it. */
  readonly definitionUses?: readonly DefinitionUse[]
  readonly contract: C
  readonly sockets?: Readonly<Record<string, SocketRoute>>
  /** Its catalogue of errors, read as data. */
  readonly errors?: Pick<ErrorCatalogue<any>, '$area' | '$entries'> // `any`: catalogues differ in their entries
  /** Events that this module emits, by the second part of their name. */
  readonly events?: Events
  /** Events of other modules that this one handles. */
  readonly listens?: L
  /** Work that this module queues, by the second part of its name. */
  readonly jobs?: J
  /** Folder of `0001-….sql`, run in order, once each, inside the module's own schema. */
  readonly migrations?: URL
  /**
   * Folder of `0001-….sql` and `0002-….ts` for the warehouse: run in order, once each, in the databases of each
   * workspace. A file that was cut off runs again, so each may be repeated (`stores/warehouse-migrations.ts`).
   */
  readonly warehouseMigrations?: URL
  /** Environment variables by name; what they parse to is `config` in `start`. */
  readonly config?: S
  start(context: StartContext<N, z.output<S>>): Promise<Started<F, C, L, J>>
}

// `any`: modules differ in face, needs, configuration, jobs and what they hear; boot reads them as data.
export type Module = ModuleSpec<any, any, Contract<any>, any, any, any>

export function defineModule<
  F,
  const N extends Faces = {},
  C extends Contract = Contract,
  S extends z.ZodType = z.ZodType<unknown>,
  const L extends readonly Listening[] = readonly [],
  J extends JobDefinitions = {},
>(spec: ModuleSpec<F, N, C, S, L, J>): ModuleSpec<F, N, C, S, L, J> {
  return spec
}
