/** One place at which two definitions differ. `before` or `after` is absent where the place exists in one only. */
export interface Difference {
  readonly at: string
  readonly before?: unknown
  readonly after?: unknown
}

const maxDifferences = 200

/** Compares fields by name and lists by position, down to the values. */
export function difference(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = []
  compare(before, after, '', found)
  return found
}

function compare(before: unknown, after: unknown, at: string, found: Difference[]): void {
  if (found.length >= maxDifferences || Object.is(before, after)) return
  const [one, other] = [fieldsOf(before), fieldsOf(after)]
  if (one === undefined || other === undefined || Array.isArray(before) !== Array.isArray(after)) {
    found.push({ at, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) })
    return
  }
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    const place = Array.isArray(after) ? `${at}[${key}]` : at === '' ? key : `${at}.${key}`
    compare(one.get(key), other.get(key), place, found)
  }
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined
}
