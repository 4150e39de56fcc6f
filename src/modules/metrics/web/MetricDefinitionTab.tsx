import { Snippet } from '#ui/Snippet'
import { Ago } from '#ui/Time'
import type { Metric } from '../contract.ts'
import { definitionLines } from './definition-lines.ts'

/** What the number means, in words and as it is written. */
export function MetricDefinitionTab({ metric }: { readonly metric: Metric }) {
  return (
    <div className="flex flex-col gap-4">
      <p className="text-13 text-ink-3">
        Version {metric.version}, written <Ago at={metric.updatedAt} />
      </p>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8 lg:grid-cols-2">
        <dl className="self-start border-t border-line text-13">
          {definitionLines(metric).map(({ title, text }) => (
            <div key={title} className="flex min-h-8 gap-4 border-b border-line py-1.5">
              <dt className="w-40 shrink-0 text-ink-3 max-sm:w-28">{title}</dt>
              <dd className="min-w-0 break-words">{text}</dd>
            </div>
          ))}
        </dl>
        <Snippet label="Definition as JSON" code={JSON.stringify(metric, null, 2)} />
      </div>
    </div>
  )
}
