import type { MetricDefinition } from '#core/metric'
import { Snippet } from '#ui/Snippet'
import { measureText } from './measure-text.ts'

/** What the number means, in words and as it is written. */
export function MetricDefinitionTab({ metric }: { readonly metric: MetricDefinition }) {
  const filter =
    metric.filter === undefined
      ? 'every row'
      : typeof metric.filter === 'string'
        ? metric.filter
        : JSON.stringify(metric.filter)
  const rows: readonly (readonly [string, string])[] = [
    ['Measure', measureText(metric.measure)],
    ['Dataset', metric.dataset],
    ['Time', metric.time],
    ['Rows that count', filter],
    ['Dimensions', metric.dimensions.length === 0 ? 'none' : metric.dimensions.join(', ')],
    ['Unit', metric.unit ?? 'none'],
    ['Better when it goes', metric.direction ?? 'not said'],
    ['Final after', metric.lateness],
  ]
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8 lg:grid-cols-2">
      <dl className="self-start border-t border-line text-13">
        {rows.map(([name, value]) => (
          <div key={name} className="flex min-h-8 gap-4 border-b border-line py-1.5">
            <dt className="w-40 shrink-0 text-ink-3">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
      <Snippet label="Definition as JSON" code={JSON.stringify(metric, null, 2)} />
    </div>
  )
}
