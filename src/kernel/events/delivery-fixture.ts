/** For tests: modules "source" and "target" over one metadata database, with a clock that tests turn. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { memoryBus } from '#adapters/bus-memory'
import { manualClock, type ManualClock } from '#adapters/clock-manual'
import type { Metadata } from '#ports/metadata'
import { until } from '#tests/house/until'
import type { Logger, Measurement, Ports } from '../module/module.ts'
import { defineEvents, event, type EventHandler, type Listening } from './events.ts'
import { openModuleEvents, type ModuleEvents } from './module-events.ts'

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }

const Payload = z.object({ key: z.string(), n: z.int() })
export type Payload = z.output<typeof Payload>

/** Names are new each time, so that what one test emits is not heard by another. */
export function deliveryFixture(metadata: Metadata) {
  const source = `source_${randomUUID().slice(0, 8)}`
  const target = `target_${randomUUID().slice(0, 8)}`
  const events = defineEvents(source, {
    changed: event({ about: 'A number was written.', schema: Payload, key: ({ key }) => key }),
  })
  const definition = events['changed']
  const clock = manualClock()
  const bus = memoryBus()

  /** A server: modules that emit and hear, until `stop`. */
  async function open({
    handler,
    from = 'oldest',
    over = metadata,
    log = silent,
  }: {
    handler?: EventHandler<typeof Payload>
    from?: Listening['from']
    over?: Metadata
    log?: Logger
  } = {}): Promise<Opened> {
    const modules = [
      { name: source, events },
      { name: target, ...(handler && { listens: [{ event: definition, from }] }) },
    ]
    const ports = { metadata: over, clock, bus } as unknown as Ports // events need no other port
    const opened = await openModuleEvents(modules, ports, log)
    const [first] = modules
    const emit = opened.emitOf(first!)
    return {
      ...opened,
      emit: async (workspace, key, n) =>
        await opened.ports.metadata.inWorkspace(workspace).transaction(async (session) => {
          await emit(session, definition, { subject: { kind: 'number', id: key, name: key }, payload: { key, n } })
        }),
      emitIn: async (session, key, n) =>
        await emit(session, definition, { subject: { kind: 'number', id: key, name: key }, payload: { key, n } }),
      deliver: async () => await opened.start(new Map(handler ? [[target, { [definition.name]: handler }]] : [])),
    }
  }
  return { clock, definition, target, open }
}

export interface Opened extends ModuleEvents {
  emit(workspace: string, key: string, n: number): Promise<void>
  emitIn(session: Parameters<ReturnType<ModuleEvents['emitOf']>>[0], key: string, n: number): Promise<void>
  /** Starts the dispatcher. */
  deliver(): Promise<void>
}

/** Turns the clock by `stepMs` at each look. */
export async function untilTurned(
  what: string,
  holds: () => boolean,
  { clock, stepMs }: { clock: ManualClock; stepMs: number },
): Promise<void> {
  const turned = async (): Promise<boolean> => {
    if (holds()) return true
    await clock.advance(stepMs)
    return false
  }
  await until(what, turned, { everyMs: 2 })
}

export function measured(events: ModuleEvents, name: string): number | undefined {
  return [...(events.measurements() as Iterable<Measurement>)].find((each) => each.name === name)?.value
}

export async function countEvents(metadata: Metadata, name: string): Promise<number> {
  const { rows } = await metadata.system.query<{ n: number }>(
    'select count(*) as n from kernel.event where name = $1',
    [name],
  )
  return rows[0]?.n ?? 0
}
