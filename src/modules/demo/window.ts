/** The next stretch of time whose events a feed sends, or undefined while it is too short to send. */
export interface Window {
  readonly from: number
  readonly to: number
}

const largest = 600_000
const smallest = 250

/**
 * History goes in ten-minute windows, the present in whatever has passed since the last one.
 * A window that was planned but not done comes first, exactly as it was planned.
 */
export function nextWindow(
  progress: { done: number; planned: number } | undefined,
  now: number,
  historyMs: number,
): Window | undefined {
  if (progress !== undefined && progress.planned > progress.done) return { from: progress.done, to: progress.planned }
  const from = Math.max(progress?.done ?? 0, wholeSecond(now - historyMs))
  const to = wholeSecond(Math.min(from + largest, now))
  return to - from >= smallest ? { from, to } : undefined
}

// Feeds make their events second by second; a window that ended inside a second would lose its rest.
function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000
}
