import { availableMemory } from '../processes/available-memory.ts'

/** How many bytes of bodies may be held in memory at once, over all requests: many large ones together must not end the server. */
export interface BodyBudget {
  /** False when there is no room now; nothing is reserved then. */
  take(bytes: number): boolean
  give(bytes: number): void
}

export function bodyBudget(limit = Math.min(512 * 1024 * 1024, availableMemory() / 8)): BodyBudget {
  let held = 0
  return {
    take(bytes) {
      if (held + bytes > limit) return false
      held += bytes
      return true
    },
    give(bytes) {
      held -= bytes
    },
  }
}
