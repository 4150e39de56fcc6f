/**
 * Pages of lists. Every list operation takes `Paging` and answers `{ items, next }`, where `next` is a cursor:
 * the list it belongs to and the place where its page ended. A cursor of another list is refused.
 *
 * ```ts
 * import { z } from 'zod'
 *
 * const names = cursors('shelves.list', z.string())
 * const first = pageAfter(names, ['east', 'north', 'west'], { limit: 2, placeOf: (name) => name })
 * first.items // ['east', 'north']
 * const rest = { limit: 2, cursor: first.next ?? '', placeOf: (name: string) => name }
 * pageAfter(names, ['east', 'north', 'west'], rest) // { items: ['west'], next: null }
 * ```
 */
import { z } from 'zod'
import type { Problem } from '#core/errors'
import { parseJsonValue } from '#core/parse-json'
import { kernelErrors } from '../problems/errors.ts'
import { unstorableText } from './unstorable-text.ts'

/** The cursors that go through a list hold the values it is ordered by, and headers end at 32 KiB. */
const maxCursorLength = 16_384

export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('How many items a page has at most.'),
  cursor: z
    .string()
    .max(maxCursorLength)
    .regex(/^[A-Za-z0-9_-]+$/, 'is not a cursor of a list')
    .optional()
    .describe('Where to continue: "next" of the page before.'),
})

/** Rows of a preview, which has one page. */
export const previewRows = { default: 20, max: 200 } as const

export interface PageQuestion {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface Page<T> {
  items: T[]
  next: string | null
}

/** The cursors of one list. */
export interface Cursors<P> {
  /** The place in a cursor, `undefined` without one. One that this list has not given out is refused with 422. */
  read(cursor: string | undefined): P | undefined
  /** As text that callers pass back unread. */
  write(place: P): string
}

/**
 * `list` names the list, with the object it is part of: `pipelines.runs:<id>`. What changes the order of
 * its items belongs to the name too.
 */
export function cursors<S extends z.ZodType>(
  list: string,
  place: S,
  refused: (cursor: string, problems: readonly Problem[]) => Error = (_, problems) =>
    kernelErrors.invalidRequest({ count: problems.length }, { problems }),
): Cursors<z.output<S>> {
  const Written = z.tuple([z.literal(list), place])
  return {
    read(cursor) {
      if (cursor === undefined) return undefined
      const decoded = decode(cursor)
      const read = unstorableText(decoded, '').length === 0 ? Written.safeParse(decoded) : undefined
      if (read?.success !== true) throw refused(cursor, [unknownCursor(cursor)])
      return read.data[1] as z.output<S>
    },
    write: (given) => Buffer.from(JSON.stringify([list, given])).toString('base64url'),
  }
}

/** A page of what a store found, which was asked for one item more than `limit`. */
export function pageOfFound<T, P>(
  list: Cursors<P>,
  found: readonly T[],
  { limit, placeOf }: { readonly limit: number; readonly placeOf: (item: T) => P },
): Page<T> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, next: found.length > limit && last !== undefined ? list.write(placeOf(last)) : null }
}

/** A page of a list that is at hand as a whole. `placeOf` is unique; the list is sorted by it here. */
export function pageAfter<T>(
  list: Cursors<string>,
  all: readonly T[],
  { limit, cursor, placeOf }: PageQuestion & { readonly placeOf: (item: T) => string },
): Page<T> {
  const place = list.read(cursor)
  const after = all
    .filter((item) => place === undefined || placeOf(item) > place)
    .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
  return pageOfFound(list, after, { limit, placeOf })
}

/** A page of a list that is at hand as a whole and only grows at its end. */
export function pageOf<T>(list: string, all: readonly T[], { limit, cursor }: PageQuestion): Page<T> {
  const offsets = cursors(list, z.int().min(0))
  const from = offsets.read(cursor) ?? 0
  const end = from + limit
  return { items: all.slice(from, end), next: end < all.length ? offsets.write(end) : null }
}

function unknownCursor(cursor: string): Problem {
  const message = `This list has not given out the cursor "${cursor.slice(0, 60)}". Use "next" of the page before.`
  return { at: 'query.cursor', code: 'unknown_cursor', message }
}

function decode(cursor: string): unknown {
  const text = Buffer.from(cursor, 'base64url')
  if (text.toString('base64url') !== cursor) return undefined
  try {
    return parseJsonValue(text.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
