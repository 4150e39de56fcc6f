import { AsyncLocalStorage } from 'node:async_hooks'
import type { Actor } from '#core/actor'

export interface RequestScope {
  readonly requestId: string
  /** Known once the request was admitted. */
  readonly actor?: Actor
}

/** Carries the request's id and actor to every log line and event that is written on its behalf. */
export const requestScope = new AsyncLocalStorage<RequestScope>()
