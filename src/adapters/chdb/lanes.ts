/** Places for queries that run at once, apart for each lane, so long questions never hold up writing. */
export interface Lane {
  /** Resolves with a function that gives the place back. Rejects when too many wait, or on abort. */
  enter(signal: AbortSignal): Promise<() => void>
}

export class LaneFull extends Error {
  override readonly name = 'LaneFull'
}

export function openLane(places: number, maxWaiting: number): Lane {
  let free = places
  const waiting: { admit: () => void; signal: AbortSignal }[] = []

  const leave = (): void => {
    const next = waiting.shift()
    if (next) next.admit()
    else free += 1
  }

  const oncePerPlace = (): (() => void) => {
    let left = false
    return () => {
      if (left) return
      left = true
      leave()
    }
  }

  return {
    enter(signal) {
      if (signal.aborted) return Promise.reject(signal.reason)
      if (free > 0) {
        free -= 1
        return Promise.resolve(oncePerPlace())
      }
      if (waiting.length >= maxWaiting) {
        return Promise.reject(new LaneFull(`${maxWaiting} queries wait already; try again when some have finished`))
      }
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          const index = waiting.indexOf(entry)
          if (index >= 0) waiting.splice(index, 1)
          reject(signal.reason)
        }
        const entry = {
          signal,
          admit: () => {
            signal.removeEventListener('abort', onAbort)
            resolve(oncePerPlace())
          },
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.push(entry)
      })
    },
  }
}
