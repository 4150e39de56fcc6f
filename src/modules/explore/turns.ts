/** How many queries of one workspace run at once, so that one tenant cannot take every place of the engine. */
import { exploreErrors } from './errors.ts'

export interface Turns {
  /** Resolves with what gives the turn back. */
  enter(workspace: string, signal: AbortSignal): Promise<() => void>
  take<T>(workspace: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

export function workspaceTurns(atOnce: number, maxWaiting: number): Turns {
  const places = new Map<string, { running: number; waiting: (() => void)[] }>()

  async function enter(workspace: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    const place = places.get(workspace) ?? { running: 0, waiting: [] }
    places.set(workspace, place)
    if (place.running < atOnce) {
      place.running += 1
    } else {
      if (place.waiting.length >= maxWaiting) throw exploreErrors.busy({ waiting: place.waiting.length })
      await new Promise<void>((resolve, reject) => {
        const admit = (): void => {
          signal.removeEventListener('abort', giveUp)
          resolve()
        }
        const giveUp = (): void => {
          place.waiting = place.waiting.filter((other) => other !== admit)
          reject(signal.reason)
        }
        signal.addEventListener('abort', giveUp, { once: true })
        place.waiting.push(admit)
      })
    }
    let left = false
    return () => {
      if (left) return
      left = true
      const next = place.waiting.shift()
      if (next) return next()
      place.running -= 1
      if (place.running === 0) places.delete(workspace)
    }
  }

  return {
    enter,
    async take(workspace, signal, work) {
      const leave = await enter(workspace, signal)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
