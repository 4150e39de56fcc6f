/**
 * At most `max` pieces of work at once; the others wait in the order in which they came.
 *
 * ```ts
 * const limit = semaphore({ max: 2 })
 * await limit.run(async () => 'done') // 'done'
 * limit.waiting // 0
 * ```
 */
export interface SemaphoreOptions {
  readonly max: number
  /** One more is refused. Default: no limit. */
  readonly maxWaiting?: number
}

export interface EnterOptions {
  /** An abort while waiting rejects with its reason. */
  readonly signal?: AbortSignal | undefined
  /** The error when too many wait already. */
  readonly busy?: (waiting: number) => Error
}

export interface Semaphore {
  /** Resolves with the function that gives the place back. */
  enter(options?: EnterOptions): Promise<() => void>
  run<T>(work: () => Promise<T>, options?: EnterOptions): Promise<T>
  /** Rejects what waits, and what comes later. */
  close(reason: Error): void
  readonly running: number
  readonly waiting: number
}

interface Waiter {
  readonly admit: () => void
  readonly refuse: (reason: unknown) => void
}

export function semaphore({ max, maxWaiting = Infinity }: SemaphoreOptions): Semaphore {
  let running = 0
  let waiters: Waiter[] = []
  let closed: Error | undefined

  async function enter({ signal, busy }: EnterOptions = {}): Promise<() => void> {
    if (closed !== undefined) throw closed
    signal?.throwIfAborted()
    if (running < max) running += 1
    else {
      if (waiters.length >= maxWaiting) throw busy?.(waiters.length) ?? new Error(`${waiters.length} wait already.`)
      await wait(signal)
    }
    let left = false
    return () => {
      if (left) return
      left = true
      const next = waiters.shift()
      if (next === undefined) running -= 1
      else next.admit()
    }
  }

  async function wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = { admit: resolve, refuse: reject }
    const abort = (): void => {
      // A place that was given is kept: the work sees the signal itself.
      if (!waiters.includes(waiter)) return
      waiters = waiters.filter((other) => other !== waiter)
      reject(signal?.reason as Error)
    }
    waiters.push(waiter)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  return {
    enter,
    async run(work, options) {
      const leave = await enter(options)
      try {
        return await work()
      } finally {
        leave()
      }
    },
    close(reason) {
      closed = reason
      for (const { refuse } of waiters.splice(0)) refuse(reason)
    },
    get running() {
      return running
    },
    get waiting() {
      return waiters.length
    },
  }
}
