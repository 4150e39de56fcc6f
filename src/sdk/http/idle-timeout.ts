/** Aborts a request whose server sends nothing for a time. The time runs only while somebody waits for the server. */
export interface IdleTimeout {
  readonly signal: AbortSignal
  /** Rejects as the work does; when the time is over, `signal` aborts and the work has to end by it. */
  during<T>(work: () => PromiseLike<T>): Promise<T>
  /** The timer restarts with each chunk and pauses while the consumer works on one. */
  perChunk(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>
}

export function idleTimeout(timeoutMs: number): IdleTimeout {
  const controller = new AbortController()

  async function during<T>(work: () => PromiseLike<T>): Promise<T> {
    const timer = setTimeout(() => controller.abort(), timeoutMs)
    try {
      return await work()
    } finally {
      clearTimeout(timer)
    }
  }

  async function* perChunk(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const chunks = body[Symbol.asyncIterator]()
    try {
      for (;;) {
        const { done, value } = await during(() => chunks.next())
        if (done === true) return
        yield value
      }
    } finally {
      await chunks.return?.()
    }
  }

  return { signal: controller.signal, during, perChunk }
}
