import { countText } from '#core/count-text'
import { defineErrors } from '#core/errors'

export const exploreErrors = defineErrors('explore', {
  refused: {
    kind: 'invalid',
    title: 'Query refused',
    says: (p: { problems: readonly string[] }) => p.problems.join(' '),
    remedy: 'A query is one SELECT over the datasets of this workspace; see what is wrong in "problems".',
  },
  syntax: {
    kind: 'malformed',
    title: 'SQL not understood',
    says: (p: { reason: string }) => p.reason,
    remedy: 'The dialect is ClickHouse’s; correct the query at the place named.',
  },
  failed: {
    kind: 'invalid',
    title: 'Query failed',
    says: (p: { reason: string }) => p.reason,
    remedy: 'Correct the query and ask again.',
  },
  too_long: {
    kind: 'timeout',
    title: 'Query took too long',
    says: (p: { seconds: number }) => `The query did not finish within ${countText(p.seconds, 'second')}.`,
    remedy: 'Narrow it with a WHERE on time, or aggregate less at once.',
  },
  too_much: {
    kind: 'invalid',
    title: 'Query needs too much',
    says: (p: { reason: string }) => p.reason,
    remedy: 'Narrow the query, group by fewer values, or ask for CSV, Arrow or Parquet, which stream the whole result.',
  },
  busy: {
    kind: 'limited',
    title: 'Too many queries',
    says: (p: { waiting: number }) => `${p.waiting} queries of this workspace wait already.`,
    remedy: 'Ask again when some of them have finished.',
  },
})
