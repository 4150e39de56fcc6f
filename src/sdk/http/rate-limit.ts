/** At most so many requests a second to one server, whoever sends them. */
import { abortableWait } from './abortable-wait.ts'

const maxKept = 1000
/** When the next request of each key may go. */
const next = new Map<string, number>()

/** Resolves when it is this request's turn. */
export async function takeTurn(key: string, perSecond: number, signal: AbortSignal): Promise<void> {
  const now = performance.now()
  const turn = Math.max(now, next.get(key) ?? 0)
  next.delete(key)
  next.set(key, turn + 1000 / perSecond)
  if (next.size > maxKept) next.delete(next.keys().next().value ?? '')
  if (turn > now) await abortableWait(turn - now, signal)
}
