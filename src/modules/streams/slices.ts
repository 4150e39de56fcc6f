import { setImmediate as nextTurn } from 'node:timers/promises'

/** Lets others run whenever the work since the last pause took longer than `sliceMs`. */
export function slices(sliceMs = 8): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < sliceMs) return
    await nextTurn()
    began = performance.now()
  }
}
