/**
 * Events tell other modules that something has changed. They are written in the transaction of the
 * change and delivered at least once, in order per key. SPEC.md beside this file has the guarantees.
 *
 * ```ts
 * import { z } from 'zod'
 *
 * const shelfEvents = defineEvents('shelf', {
 *   changed: event({
 *     about: 'A book was added or removed.',
 *     schema: z.object({ change: z.enum(['added', 'removed']), title: z.string() }),
 *     key: ({ title }) => title,
 *   }),
 * })
 * shelfEvents.changed.name // 'shelf.changed'
 * ```
 *
 * The module names them in its spec (`events: shelfEvents`) and writes one in a transaction of
 * `ports.metadata`: `await emit(session, shelfEvents.changed, { subject, payload })`. Another module
 * declares `listens: [{ event: shelfEvents.changed, from: 'now' }]` and brings
 * `on: { 'shelf.changed': async ({ payload }) => … }` when it starts.
 */
import type { z } from 'zod'
import type { Actor } from '#core/actor'
import type { ObjectRef } from '#core/object-ref'
import type { SqlSession } from '#ports/metadata'

export interface EventSpec<S extends z.ZodType = z.ZodType> {
  /** One sentence. */
  readonly about: string
  /** Fields may be added later, with a default: events written before are read with it too. */
  readonly schema: S
  /** Events with the same key are delivered in the order in which they were written. */
  key(payload: z.output<S>): string
}

export interface EventDefinition<N extends string = string, S extends z.ZodType = z.ZodType> extends EventSpec<S> {
  /** `<module>.<event>` */
  readonly name: N
}

export type Events = Readonly<Record<string, EventDefinition>>

export function event<S extends z.ZodType>(spec: EventSpec<S>): EventSpec<S> {
  return spec
}

type AnyEventSpec = EventSpec<any> // `any`: schemas differ; EventsOf keeps each one's own

type EventsOf<M extends string, E> = {
  readonly [K in keyof E & string]: E[K] extends EventSpec<infer S> ? EventDefinition<`${M}.${K}`, S> : never
}

export function defineEvents<const M extends string, const E extends Readonly<Record<string, AnyEventSpec>>>(
  module: M,
  specs: E,
): EventsOf<M, E> {
  const defined = Object.entries(specs).map(([key, spec]) => [key, { ...spec, name: `${module}.${key}` }])
  return Object.fromEntries(defined) as EventsOf<M, E>
}

export type EventActor = Pick<Actor, 'kind' | 'id' | 'name'>

export interface Emission<S extends z.ZodType = z.ZodType> {
  /** The thing that has changed. */
  readonly subject: ObjectRef
  readonly payload: z.input<S>
  /** Default: the actor of the request. */
  readonly actor?: EventActor
}

/** Writes an event in the transaction of the change; the workspace is that of the transaction. */
export type Emit = <D extends EventDefinition>(
  session: SqlSession,
  definition: D,
  emission: Emission<D['schema']>,
) => Promise<void>

/** What a module wants to hear of. */
export interface Listening<D extends EventDefinition = EventDefinition> {
  readonly event: D
  /** Where it begins when it is declared for the first time: `oldest` is the oldest event that is kept. */
  readonly from: 'now' | 'oldest'
}

export interface EventRecord {
  /** The same at each delivery. */
  readonly id: string
  readonly name: string
  readonly workspace: string
  readonly subject: ObjectRef
  readonly key: string
  readonly payload: unknown
  readonly actor?: EventActor
  readonly requestId?: string
  readonly at: Date
}

export interface DeliveredEvent<S extends z.ZodType = z.ZodType> extends EventRecord {
  readonly payload: z.output<S>
  /** 1 at the first try. */
  readonly attempt: number
}

// Declared as a method, so that handlers of different events fit into one table.
/** May be called again with the same event. Aborted after 60 s, and when the server stops without waiting longer. */
export type EventHandler<S extends z.ZodType = z.ZodType> = {
  handle(event: DeliveredEvent<S>, signal: AbortSignal): Promise<unknown> | void
}['handle']

export type EventHandlers<L extends readonly Listening[]> = {
  readonly [N in L[number]['event']['name']]: EventHandler<Extract<L[number]['event'], { readonly name: N }>['schema']>
}
