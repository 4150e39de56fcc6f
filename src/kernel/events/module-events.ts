/** The events of all modules of an application: what `boot` opens, starts and stops. */
import { randomUUID } from 'node:crypto'
import type { Logger, Measurement, Ports } from '../module/module.ts'
import { registerConsumers } from './consumer-store.ts'
import type { DeclaringModule } from './declarations.ts'
import { startDispatcher, type Dispatcher } from './dispatcher.ts'
import type { Emit, EventHandler } from './events.ts'
import { outbox } from './outbox.ts'
import { parkedEvents, type ParkedEvents } from './parked-events.ts'

export interface ModuleEvents {
  /** The ports that modules get. */
  readonly ports: Ports
  emitOf(module: DeclaringModule): Emit
  readonly parked: ParkedEvents
  /** Begins to deliver, when all modules have started. */
  start(handlers: ReadonlyMap<string, Readonly<Record<string, EventHandler>>>): Promise<void>
  measurements(): Iterable<Measurement>
  stop(): Promise<void>
}

/** Other processes hear here that there are events; without it they find them at the next wake. */
const hintTopic = 'kernel.events'

export function usesEvents(modules: readonly DeclaringModule[]): boolean {
  return modules.some(({ events, listens }) => events !== undefined || listens !== undefined)
}

/** Needs the tables of `src/kernel/migrations` when a module declares or hears events. */
export async function openModuleEvents(
  modules: readonly DeclaringModule[],
  ports: Ports,
  log: Logger,
): Promise<ModuleEvents> {
  const { metadata, clock, bus } = ports
  const process = randomUUID()
  let dispatcher: Dispatcher | undefined
  let hints: { close(): Promise<void> } | undefined
  const out = outbox(metadata, clock, () => {
    dispatcher?.wake()
    bus.publish(hintTopic, { process }).catch((error: unknown) => log.warn({ err: error }, 'a hint was not sent'))
  })
  const listening = modules.flatMap(({ name: module, listens = [] }) =>
    listens.map(({ event, from }) => ({ module, event: event.name, definition: event, from })),
  )
  if (usesEvents(modules)) await registerConsumers(metadata, listening)

  return {
    ports: { ...ports, metadata: out.metadata },
    emitOf: out.emitOf,
    parked: parkedEvents(metadata, clock, (module) => dispatcher?.wakeParked(module)),
    async start(handlers) {
      if (!usesEvents(modules)) return
      const started = startDispatcher({
        metadata,
        clock,
        log,
        handlers: listening.flatMap(({ module, event, definition }) => {
          const handler = handlers.get(module)?.[event]
          return handler === undefined ? [] : [{ name: { module, event }, definition, handler }]
        }),
      })
      dispatcher = started
      hints = await bus.subscribe(hintTopic, (message) => {
        if ((message as { process?: unknown } | null)?.process !== process) started.wake()
      })
    },
    measurements: () => dispatcher?.measurements() ?? [],
    async stop() {
      await hints?.close()
      await dispatcher?.stop()
    },
  }
}
