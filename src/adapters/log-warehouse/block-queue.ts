import type { Appended, Block } from '#ports/log'
import type { Staged } from './select-stage.ts'
import { logErrors } from './errors.ts'

export interface Waiting {
  readonly block: Block
  readonly bytes: number
  /** The rows of a select, once they are read. */
  staged?: Staged | undefined
  resolve(appended: Appended): void
  reject(error: unknown): void
}

export interface BlockQueue {
  add(block: Block, staged?: Staged): Promise<Appended>
  close(): Promise<void>
}

export const groupLimit = { blocks: 200, rows: 200_000, bytes: 32 << 20 } as const
export const queueLimit = { blocks: 5_000, bytes: 256 << 20 } as const

/**
 * What waits while a group is under way becomes the next group. A group is one select, or NDJSON blocks with
 * different ids; a block whose id is under way waits for it, so that a retry beside its first try is answered by the journal.
 */
export function openQueue(options: {
  lingerMs: number
  commit: (group: readonly Waiting[]) => Promise<void>
}): BlockQueue {
  let waiting: Waiting[] = []
  let bytes = 0
  let running: Promise<void> | undefined
  let closed = false

  const run = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        if (options.lingerMs > 0 && !closed) await new Promise((resolve) => setTimeout(resolve, options.lingerMs))
        const group = nextGroup(waiting)
        const inGroup = new Set(group)
        waiting = waiting.filter((entry) => !inGroup.has(entry))
        await options.commit(group)
        for (const entry of group) bytes -= entry.bytes
      }
    } finally {
      // In the same turn as the last look at what waits, so that whoever adds next starts it again.
      running = undefined
    }
  }

  return {
    async add(block, staged) {
      if (closed) throw logErrors.closed({})
      const size = 'ndjson' in block ? block.ndjson.byteLength : 0
      if (waiting.length >= queueLimit.blocks || (bytes > 0 && bytes + size > queueLimit.bytes))
        throw logErrors.busy({ blocks: waiting.length })
      bytes += size
      const answer = new Promise<Appended>((resolve, reject) =>
        waiting.push({ block, bytes: size, staged, resolve, reject }),
      )
      running ??= run()
      return await answer
    },
    async close() {
      closed = true
      await running
    },
  }
}

export function rowsOf({ block, staged }: Waiting): number {
  return 'select' in block ? (staged?.rows ?? 0) : block.count
}

function nextGroup(waiting: readonly Waiting[]): Waiting[] {
  const group: Waiting[] = []
  const ids = new Set<string>()
  let rows = 0
  let bytes = 0
  for (const entry of waiting) {
    const select = 'select' in entry.block
    const full =
      group.length >= groupLimit.blocks ||
      rows + rowsOf(entry) > groupLimit.rows ||
      bytes + entry.bytes > groupLimit.bytes
    if (group.length > 0 && (select || full || ids.has(entry.block.id))) break
    group.push(entry)
    ids.add(entry.block.id)
    rows += rowsOf(entry)
    bytes += entry.bytes
    if (select) break
  }
  return group
}
