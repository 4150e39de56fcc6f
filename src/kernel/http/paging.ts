/**
 * Pages of a list that is at hand as a whole and only grows at its end, for an operation whose `query`
 * is `Paging`. Lists from a store page in the store.
 *
 * ```ts
 * const all = ['north', 'south', 'west']
 * const first = pageOf(all, { limit: 2 })
 * first.items // ['north', 'south']
 * pageOf(all, { limit: 2, cursor: first.next ?? '' }) // { items: ['west'], next: null }
 * ```
 */
import { z } from 'zod'
import { kernelErrors } from '../problems/errors.ts'

export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(1000).describe('at most so many'),
  cursor: z.string().max(100).optional().describe('"next" of the page before'),
})

export function pageOf<T>(
  all: readonly T[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): { items: T[]; next: string | null } {
  const from = cursor === undefined ? 0 : readCursor(cursor, z.int().min(0))
  const end = from + limit
  return { items: all.slice(from, end), next: end < all.length ? writeCursor(end) : null }
}

/** Where a page of a list ended, as text that callers pass back unread. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** The place in a cursor; one that no page has given out is refused with 422. */
export function readCursor<S extends z.ZodType>(cursor: string, place: S): z.output<S> {
  const read = place.safeParse(parsed(cursor))
  if (read.success) return read.data
  const message = `There is no page "${cursor}". Use "next" of the page before.`
  throw kernelErrors.invalidRequest(
    { count: 1 },
    { problems: [{ at: 'query.cursor', code: 'unknown_cursor', message }] },
  )
}

function parsed(cursor: string): unknown {
  const text = Buffer.from(cursor, 'base64url')
  if (text.toString('base64url') !== cursor) return undefined
  try {
    return JSON.parse(text.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
