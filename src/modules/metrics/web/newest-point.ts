import type { LivePoint } from '#ui/frames'

/** The latest point: of the period that is still filling. */
export function newest(points: readonly LivePoint[]): LivePoint | undefined {
  return points.reduce<LivePoint | undefined>(
    (latest, point) => (latest === undefined || Date.parse(point.start) > Date.parse(latest.start) ? point : latest),
    undefined,
  )
}
