/** What the files of exported values say of them. */
import type { MetricPoint } from '#core/metric'
import type { ValuesQuestion } from './metric-api.ts'

/** What was asked, for the head of a file. */
export function questionFacts({
  period,
  zone,
  from,
  to,
  filter,
}: Omit<ValuesQuestion, 'code'>): (readonly [string, string])[] {
  return [
    ['Filter', filter ?? 'none'],
    ['Period', period],
    ['Zone', zone],
    ['From', new Date(from).toISOString()],
    ['To, not included', new Date(to).toISOString()],
  ]
}

/** Without loss, where a number would lose digits. */
export function valueOf({ value, exact }: Pick<MetricPoint, 'value' | 'exact'>): string | number | null {
  return exact ?? value
}
