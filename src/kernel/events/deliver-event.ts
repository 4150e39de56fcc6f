/** One attempt to hand an event to the handler of a module. */
import { systemActor } from '#core/actor'
import { isMillraceError } from '#core/errors'
import { clippedText } from '#core/storable-text'
import { requestScope } from '../logs/request-scope.ts'
import type { Clock } from '#ports/clock'
import type { ConsumerName, ParkedFailure, PositionedEvent } from './consumer-store.ts'
import type { EventDefinition, EventHandler } from './events.ts'

const handlerMs = 60_000
const retry = { firstMs: 1_000, maxMs: 15 * 60_000 }
const maxErrorLength = 2_000

export interface DeliveryParts {
  readonly name: ConsumerName
  readonly definition: EventDefinition
  readonly handler: EventHandler
  readonly clock: Clock
  /** Aborted when handlers have to end. */
  readonly ended: AbortSignal
}

/** Returns the failure, or nothing after a delivery. Rejects when it was cut off by the stop. */
export async function deliverEvent(
  { name, definition, handler, clock, ended }: DeliveryParts,
  event: PositionedEvent,
  attempt: number,
): Promise<ParkedFailure | undefined> {
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
    return undefined
  } catch (error) {
    if (ended.aborted) throw error
    return {
      attempts: attempt,
      nextAt: clock.now() + Math.min(retry.maxMs, retry.firstMs * 2 ** Math.min(attempt - 1, 30)),
      error: clippedText(error instanceof Error ? error.message : String(error), maxErrorLength),
      ...(isMillraceError(error) && error.kind !== 'bug' ? { code: error.code } : {}),
    }
  } finally {
    signal.removeEventListener('abort', abort)
    done.abort()
  }
}
