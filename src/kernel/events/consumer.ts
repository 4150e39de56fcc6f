/** One handler of one module for one event: takes its events by position and parks those it cannot handle. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Metadata } from '#ports/metadata'
import {
  consumerStore,
  type ConsumerName,
  type ParkedFailure,
  type Parking,
  type PositionedEvent,
} from './consumer-store.ts'
import { deliverEvent, type DeliveryParts } from './deliver-event.ts'

const batchSize = 100

export interface ConsumerParts extends DeliveryParts {
  readonly metadata: Metadata
  /** Aborted when no further event may be handled. */
  readonly stopping: AbortSignal
  readonly onFailure: (event: PositionedEvent, failure: ParkedFailure) => void
}

export interface Consumer {
  readonly name: ConsumerName
  readonly counts: { readonly delivered: number; readonly failures: number; readonly parked: number }
  /** Handles what there is. Returns the time of the next try of a parked event. */
  run(): Promise<number | undefined>
}

export function consumer(parts: ConsumerParts): Consumer {
  const { name, clock, stopping } = parts
  const store = consumerStore(parts.metadata, name)
  const counts = { delivered: 0, failures: 0, parked: 0 }
  // Until looked at, also those that an earlier process has parked.
  let mayHaveParked = true

  async function deliver(event: PositionedEvent, attempt: number): Promise<ParkedFailure | undefined> {
    const failure = await deliverEvent(parts, event, attempt)
    counts[failure === undefined ? 'delivered' : 'failures'] += 1
    if (failure !== undefined) parts.onFailure(event, failure)
    return failure
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

  /** Returns how many events it has handled. */
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
