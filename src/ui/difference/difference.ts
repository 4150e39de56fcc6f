/** What differs between two states of a thing, place by place. */
export interface Difference {
  /** `source.config.path`, `tiles.2.metric`; empty for a value that has no fields. */
  readonly at: string
  /** Absent: the place did not exist before. */
  readonly before?: unknown
  /** Absent: the place no longer exists. */
  readonly after?: unknown
}

/** Objects and lists are compared field by field; everything else by its value. */
export function differencesBetween(before: unknown, after: unknown): readonly Difference[] {
  const found: Difference[] = []
  collect(before, after, '', found)
  return found
}

function collect(before: unknown, after: unknown, at: string, found: Difference[]): void {
  if (Object.is(before, after)) return
  const [old, next] = [fieldsOf(before), fieldsOf(after)]
  const parted = old !== undefined && next !== undefined && Array.isArray(before) === Array.isArray(after)
  const filled =
    (before === undefined && next !== undefined && next.size > 0) ||
    (after === undefined && old !== undefined && old.size > 0)
  if (!parted && !filled) {
    found.push({
      at,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    })
    return
  }
  for (const name of new Set([...(old?.keys() ?? []), ...(next?.keys() ?? [])]))
    collect(old?.get(name), next?.get(name), at === '' ? name : `${at}.${name}`, found)
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined
}

/** One side of a difference as text. */
export function stateText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 1) ?? '')
}
