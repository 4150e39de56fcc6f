import { setTimeout as sleep } from 'node:timers/promises'

/** Waits; an abort rejects with the reason of the signal. */
export async function abortableWait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  }
}
