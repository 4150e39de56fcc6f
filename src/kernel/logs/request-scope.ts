import { AsyncLocalStorage } from 'node:async_hooks'

/** Carries the request's id to every log line that is written on its behalf. */
export const requestScope = new AsyncLocalStorage<{ readonly requestId: string }>()
