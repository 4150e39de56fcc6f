/**
 * Gives memory of the JavaScript heap back while a process is idle. V8 lets the space for young objects grow to
 * 48 MB or more under load, and shrinks it only in a full collection, which an idle process never has.
 */
import { performance } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const lookEveryMs = 10_000
const idleUtilization = 0.05
/** What the space for young objects may hold in an idle process. */
const usualYoungBytes = 8 * 2 ** 20
/** V8 does not always shrink the space at once; each collection without effect doubles the looks until the next. */
const maxSkips = 64

export interface Heap {
  /** Share of the time in which the event loop was busy since the last call. */
  utilization(): number
  /** Memory that the space for young objects holds. */
  youngBytes(): number
  /** Stops the process for some tens of milliseconds. */
  collect(): void
}

export function shrinkHeapWhenIdle(maxYoungBytes = usualYoungBytes): void {
  setInterval(idleCollector(processHeap(), maxYoungBytes), lookEveryMs).unref()
}

/** Returns the function to call from time to time: it collects when the event loop is idle and the space is large. */
export function idleCollector(heap: Heap, maxYoungBytes = usualYoungBytes): () => void {
  let skips = 0
  let wait = 1
  return () => {
    if (heap.utilization() >= idleUtilization || heap.youngBytes() <= maxYoungBytes) return
    if (skips-- > 0) return
    heap.collect()
    wait = heap.youngBytes() <= maxYoungBytes ? 1 : Math.min(wait * 2, maxSkips)
    skips = wait - 1
  }
}

function processHeap(): Heap {
  let last = performance.eventLoopUtilization()
  return {
    utilization: () => {
      const now = performance.eventLoopUtilization()
      const { utilization } = performance.eventLoopUtilization(now, last)
      last = now
      return utilization
    },
    youngBytes: () =>
      getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.physical_space_size ?? 0,
    collect: collectGarbage,
  }
}

/** V8 has no other door to it than this flag, which gives a new context the function `gc`. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect()
}
