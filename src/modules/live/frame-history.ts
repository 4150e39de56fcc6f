import type { Frame } from './frames.ts'
import type { ChangedPoint } from './held-points.ts'

interface Entry {
  readonly offset: number
  readonly frame: Frame
  readonly points: readonly ChangedPoint[]
}

/** The last frames of a publisher, bounded in number and bytes. */
export interface History {
  add(entry: Entry): void
  /** The frames after an offset; `undefined` when some of them are gone, or it is of the future. */
  after(offset: number): readonly Entry[] | undefined
  clear(): void
}

export function frameHistory({ maxFrames = 240, maxBytes = 1_000_000 } = {}): History {
  let entries: Entry[] = []
  let bytes = 0
  let last = 0
  return {
    add(entry) {
      entries.push(entry)
      last = entry.offset
      bytes += entry.frame.message.length
      while (entries.length > maxFrames || bytes > maxBytes) bytes -= entries.shift()?.frame.message.length ?? 0
    },
    after(offset) {
      if (offset === last) return []
      if (offset > last || offset < (entries[0]?.offset ?? Infinity) - 1) return undefined
      return entries.filter((entry) => entry.offset > offset)
    },
    clear() {
      entries = []
      bytes = 0
      last = 0
    },
  }
}

/** Of points that came more than once, only the newest. */
export function newest(entries: readonly Entry[]): string[] {
  const points = new Map<string, string>()
  for (const entry of entries) for (const { key, json } of entry.points) points.set(key, json)
  return [...points.values()]
}
