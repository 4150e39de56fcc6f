export interface HungWatch {
  readonly everyMs: number
  /** Rejects when there is no answer; nothing while there is nothing to ask. */
  probe(signal: AbortSignal): Promise<unknown> | undefined
  onHung(): void
}

const missesUntilHung = 6

/** Asks again and again; calls `onHung` after six questions in a row without an answer. */
export function watchHung({ everyMs, probe, onHung }: HungWatch): { stop(): void } {
  let missed = 0
  const timer = setInterval(() => {
    probe(AbortSignal.timeout(everyMs))?.then(
      () => {
        missed = 0
      },
      () => {
        missed += 1
        if (missed === missesUntilHung) onHung()
      },
    )
  }, everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
