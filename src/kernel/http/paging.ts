/**
 * Pages of a list that is at hand as a whole and only grows at its end, for an operation whose `query`
 * is `Paging`. Lists from a store page in the store.
 *
 * ```ts
 * const all = ['north', 'south', 'west']
 * pageOf(all, { limit: 2 }) // { items: ['north', 'south'], next: 'after-2' }
 * pageOf(all, { limit: 2, cursor: 'after-2' }) // { items: ['west'], next: null }
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
  const from = cursor === undefined ? 0 : Number(/^after-(\d{1,12})$/.exec(cursor)?.[1] ?? Number.NaN)
  if (Number.isNaN(from)) {
    const problem = {
      at: 'query.cursor',
      code: 'unknown_cursor',
      message: `There is no page "${cursor}". Use "next" of the page before.`,
    }
    throw kernelErrors.invalidRequest({ count: 1 }, { problems: [problem] })
  }
  const end = from + limit
  return { items: all.slice(from, end), next: end < all.length ? `after-${end}` : null }
}
