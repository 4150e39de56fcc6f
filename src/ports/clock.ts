/**
 * Time as the platform sees it. Tests turn a manual clock; everything else uses the system's.
 *
 * ```ts
 * const before = ports.clock.now()
 * await ports.clock.sleep(10)
 * ports.clock.now() > before // true
 * ```
 */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Resolves after `ms`, or rejects with the signal's reason. Does not keep the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls back every `ms` until stopped. Does not keep the process alive. */
  every(ms: number, tick: () => void): { stop(): void }
}
