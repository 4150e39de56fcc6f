import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How late the event loop runs, in seconds, since the last reading. */
export interface EventLoopDelay {
  read(): { readonly mean: number; readonly p99: number; readonly max: number }
  stop(): void
}

export function eventLoopDelay(): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: 10 })
  histogram.enable()
  // The histogram counts the timer's own ten milliseconds.
  const late = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - 0.01) : 0
  return {
    read() {
      const reading = { mean: late(histogram.mean), p99: late(histogram.percentile(99)), max: late(histogram.max) }
      histogram.reset()
      return reading
    },
    stop: () => histogram.disable(),
  }
}
