/** Numbers events after their commit and runs the consumers. Asleep until something wakes it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '#ports/clock'
import type { Metadata } from '#ports/metadata'
import type { Logger, Measurement } from '../module/module.ts'
import { consumer, type Consumer } from './consumer.ts'
import type { ConsumerName } from './consumer-store.ts'
import type { EventDefinition, EventHandler } from './events.ts'
import { numberEvents } from './numbering.ts'
import { purgeEvents } from './retention.ts'

const graceMs = 10_000
const purgeEveryMs = 3_600_000
const retry = { firstMs: 500, maxMs: 30_000 }

export interface HandlerOf {
  readonly name: ConsumerName
  readonly definition: EventDefinition
  readonly handler: EventHandler
}

export interface Dispatcher {
  /** Events may have been committed. */
  wake(): void
  /** The times of parked events of a module have changed. */
  wakeParked(module: string): void
  measurements(): Iterable<Measurement>
  /** Takes no further event, waits for handlers that run, then aborts them. */
  stop(): Promise<void>
}

export interface DispatcherParts {
  readonly metadata: Metadata
  readonly clock: Clock
  readonly log: Logger
  readonly handlers: readonly HandlerOf[]
}

export function startDispatcher({ metadata, clock, log, handlers }: DispatcherParts): Dispatcher {
  const stopping = new AbortController()
  const ended = new AbortController()
  let purgedAt: number | undefined

  const consumers = handlers.map((each) => {
    const one: Consumer = consumer({
      ...each,
      metadata,
      clock,
      stopping: stopping.signal,
      ended: ended.signal,
      onFailure: (event, { attempts, error }) =>
        log.warn(
          { consumer: each.name.module, event: event.name, id: event.id, workspace: event.workspace, attempts, error },
          'a handler of an event failed and is tried again',
        ),
    })
    return { one, loop: sleeper(() => one.run(), `the events of ${each.name.module}`) }
  })
  const numbering = sleeper(number, 'the outbox')

  async function number(): Promise<undefined> {
    for (let more = true; more && !stopping.signal.aborted;) {
      const numbered = await numberEvents(metadata)
      for (const { one, loop } of consumers) if (numbered.names.has(one.name.event)) loop.wake()
      ;({ more } = numbered)
    }
    if (purgedAt === undefined || clock.now() - purgedAt >= purgeEveryMs) {
      purgedAt = clock.now()
      await purgeEvents(metadata, clock.now())
    }
  }

  /** Works when woken and at the time that the work asks for; work that fails is repeated with growing pauses. */
  function sleeper(work: () => Promise<number | undefined>, what: string): { wake(): void; done: Promise<void> } {
    let woken = true
    let rouse: () => void = () => undefined
    const wake = (): void => {
      woken = true
      rouse()
    }
    const pause = async (ms: number | undefined): Promise<void> => {
      if (woken || stopping.signal.aborted) return
      const over = new AbortController()
      const { promise, resolve } = Promise.withResolvers<void>()
      rouse = resolve
      await Promise.race([
        promise,
        ...(ms === undefined ? [] : [clock.sleep(Math.max(0, ms), over.signal).catch(() => undefined)]),
      ])
      over.abort()
    }
    const loop = async (): Promise<void> => {
      let failures = 0
      while (!stopping.signal.aborted) {
        woken = false
        try {
          const next = await work()
          failures = 0
          await pause(next === undefined ? undefined : next - clock.now())
        } catch (error) {
          if (stopping.signal.aborted) return
          log.error({ err: error }, `${what} could not be read and are read again`)
          const ms = Math.min(retry.maxMs, retry.firstMs * 2 ** Math.min(failures++, 10))
          await clock.sleep(ms, stopping.signal).catch(() => undefined)
        }
      }
    }
    stopping.signal.addEventListener('abort', () => rouse(), { once: true })
    return { wake, done: loop() }
  }

  return {
    wake: numbering.wake,
    wakeParked: (module) => {
      for (const { one, loop } of consumers) if (one.name.module === module) loop.wake()
    },
    *measurements() {
      for (const { one } of consumers) {
        const labels = { consumer: one.name.module, event: one.name.event }
        const { delivered, failures, parked } = one.counts
        yield { name: 'millrace_outbox_delivered_total', help: 'Events that a module has handled.', type: 'counter', value: delivered, labels } // prettier-ignore
        yield { name: 'millrace_outbox_failures_total', help: 'Events that a module could not handle, at each try.', type: 'counter', value: failures, labels } // prettier-ignore
        yield { name: 'millrace_outbox_parked', help: 'Events that wait for another try, or for an earlier one of their key.', type: 'gauge', value: parked, labels } // prettier-ignore
      }
    },
    async stop() {
      stopping.abort(new DOMException('The server is stopping.', 'AbortError'))
      const all = Promise.all([numbering.done, ...consumers.map(({ loop }) => loop.done)])
      const done = new AbortController()
      const grace = sleep(graceMs, undefined, { signal: done.signal, ref: false }).catch(() => undefined)
      await Promise.race([all, grace])
      done.abort()
      ended.abort(new DOMException('The server has stopped.', 'AbortError'))
      await all
    },
  }
}
