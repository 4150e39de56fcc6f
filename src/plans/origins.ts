/** Sets of origins: lists without repetition. */
import type { Origin } from './plan.ts'

/** The union; a list that holds all others is returned itself, so wide plans share their lists. */
export function mergeOrigins(lists: Iterable<readonly Origin[]>): readonly Origin[] {
  const distinct = [...new Set(lists)].filter((list) => list.length > 0)
  const [first] = distinct
  if (first === undefined) return []
  if (distinct.length === 1) return first
  const merged = new Map(distinct.flatMap((list) => list.map((origin) => [keyOf(origin), origin] as const)))
  return [...merged.values()]
}

function keyOf({ scan, column }: Origin): string {
  return JSON.stringify([scan, column])
}
