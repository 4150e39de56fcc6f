/** One handler of one module for one event: takes its events by position and parks those it cannot handle. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { systemActor } from '#core/actor'
import { clippedText } from '#core/storable-text'
import type { Clock } from '#ports/clock'
import type { Metadata } from '#ports/metadata'
import { requestScope } from '../logs/request-scope.ts'
import {
  consumerStore,
  type ConsumerName,
  type ParkedFailure,
  type Parking,
  type PositionedEvent,
} from './consumer-store.ts'
import type { EventDefinition, EventHandler } from './events.ts'

const batchSize = 100
const handlerMs = 60_000
const retry = { firstMs: 1_000, maxMs: 15 * 60_000 }
const maxErrorLength = 2_000

export interface ConsumerParts {
  readonly name: ConsumerName
  readonly definition: EventDefinition
  readonly handler: EventHandler
  readonly metadata: Metadata
  readonly clock: Clock
  /** Aborted when no further event may be taken. */
  readonly stopping: AbortSignal
  /** Aborted when handlers have to end. */
  readonly ended: AbortSignal
  readonly onFailure: (event: PositionedEvent, failure: ParkedFailure) => void
}

export interface Consumer {
  readonly name: ConsumerName
  readonly counts: { readonly delivered: number; readonly failures: number; readonly parked: number }
  /** Handles what there is. Returns the time of the next try of a parked event. */
  run(): Promise<number | undefined>
}

export function consumer(parts: ConsumerParts): Consumer {
  const { name, definition, handler, clock, stopping, ended } = parts
  const store = consumerStore(parts.metadata, name)
  const counts = { delivered: 0, failures: 0, parked: 0 }
  // Until looked at, also those that an earlier process has parked.
  let mayHaveParked = true

  /** Returns the failure, or nothing after a delivery. Rejects when it was cut off by the stop. */
  async function deliver(event: PositionedEvent, attempt: number): Promise<ParkedFailure | undefined> {
    const limit = new AbortController()
    const signal = AbortSignal.any([limit.signal, ended])
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    const done = new AbortController()
    clock.sleep(handlerMs, done.signal).then(
      () => limit.abort(new Error(`The handler had not finished after ${handlerMs / 1000} s.`)),
      () => undefined,
    )
    const scope = { requestId: event.requestId ?? event.id, actor: systemActor(name.module, event.workspace) }
    try {
      ended.throwIfAborted()
      const handling = requestScope.run(scope, async () => {
        const { position: _, ...record } = event
        await handler({ ...record, payload: definition.schema.parse(event.payload), attempt }, signal)
      })
      await Promise.race([handling, aborted])
      counts.delivered += 1
      return undefined
    } catch (error) {
      if (ended.aborted) throw error
      counts.failures += 1
      const failure = {
        attempts: attempt,
        nextAt: clock.now() + Math.min(retry.maxMs, retry.firstMs * 2 ** Math.min(attempt - 1, 30)),
        error: clippedText(error instanceof Error ? error.message : String(error), maxErrorLength),
      }
      parts.onFailure(event, failure)
      return failure
    } finally {
      signal.removeEventListener('abort', abort)
      done.abort()
    }
  }

  /** Tries the parked events whose time has come, key by key. Returns when the next ones are due. */
  async function retryParked(): Promise<number | undefined> {
    if (!mayHaveParked) return undefined
    for (const key of await store.parkedKeys()) {
      if (key.nextAt > clock.now()) continue
      for (;;) {
        if (stopping.aborted) return undefined
        const first = await store.firstParked(key)
        if (first === undefined) break
        const failure = await deliver(first.event, first.attempts + 1)
        if (failure !== undefined) {
          await store.failed(first.event, failure)
          break
        }
        await store.delivered(first.event)
      }
    }
    const left = await store.parkedKeys()
    counts.parked = left.length === 0 ? 0 : await store.countParked()
    mayHaveParked = left.length > 0
    return left.length === 0 ? undefined : Math.min(...left.map(({ nextAt }) => nextAt))
  }

  /** Returns how many events it has taken. */
  async function takeBatch(): Promise<number> {
    const batch = await store.next(batchSize)
    const parked: Parking[] = []
    const held = new Set<string>()
    let position: number | undefined
    try {
      for (const { event, held: behind } of batch) {
        if (stopping.aborted) break
        const key = JSON.stringify([event.workspace, event.key])
        if (behind || held.has(key)) parked.push({ event })
        else {
          const failure = await deliver(event, 1)
          if (failure !== undefined) {
            held.add(key)
            parked.push({ event, failure })
          }
        }
        position = event.position
      }
    } finally {
      if (position !== undefined) await store.advance(position, parked)
      if (parked.length > 0) mayHaveParked = true
    }
    return batch.length
  }

  return {
    name,
    counts,
    async run() {
      for (;;) {
        const nextTry = await retryParked()
        if (stopping.aborted || (await takeBatch()) === 0) return nextTry
        await nextTurn()
      }
    },
  }
}
