import { kernelErrors } from '../problems/errors.ts'

/** The open calls and sockets of each actor, so that they end together with its credential. */
export interface OpenCalls {
  /** Opened before the caller is authenticated, so that no end of a credential in between is missed. */
  open(onEnded?: (reason: Error) => void): OpenCall
  /** The credentials of these actors ended. */
  end(actorIds: readonly string[]): void
}

export interface OpenCall {
  /** Says whose call it is; throws when that credential ended while it was checked. */
  assign(actorId: string): void
  close(): void
}

interface Entry {
  readonly onEnded: ((reason: Error) => void) | undefined
  readonly endedMeanwhile: string[]
}

export function openCalls(): OpenCalls {
  const unassigned = new Set<Entry>()
  const assigned = new Map<string, Set<Entry>>()

  return {
    open(onEnded) {
      const entry: Entry = { onEnded, endedMeanwhile: [] }
      let owner: string | undefined
      unassigned.add(entry)
      return {
        assign(actorId) {
          unassigned.delete(entry)
          if (entry.endedMeanwhile.includes(actorId)) throw kernelErrors.credentialEnded({})
          owner = actorId
          const own = assigned.get(actorId) ?? new Set()
          assigned.set(actorId, own.add(entry))
        },
        close() {
          unassigned.delete(entry)
          if (owner === undefined) return
          const own = assigned.get(owner)
          own?.delete(entry)
          if (own?.size === 0) assigned.delete(owner)
        },
      }
    },
    end(actorIds) {
      for (const { endedMeanwhile } of unassigned) endedMeanwhile.push(...actorIds)
      for (const actorId of actorIds) {
        const own = [...(assigned.get(actorId) ?? [])]
        for (const { onEnded } of own) onEnded?.(kernelErrors.credentialEnded({}))
      }
    },
  }
}
