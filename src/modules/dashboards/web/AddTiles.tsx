import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { MetricDefinition } from '#core/metric'
import { Button } from '#ui/Button'
import { TextInput } from '#ui/Field'
import { ButtonLink } from '#ui/Link'
import { Section } from '#ui/Page'
import { wordFilter } from '#ui/word-filter'

const maxShown = 24

/** The metrics there are; a click puts one on the dashboard. */
export function AddTiles({
  metrics,
  tileCounts,
  full,
  onAdd,
}: {
  readonly metrics: readonly MetricDefinition[]
  /** How many tiles of the dashboard show each metric. */
  readonly tileCounts: ReadonlyMap<string, number>
  readonly full: boolean
  readonly onAdd: (metric: MetricDefinition) => void
}) {
  const [filter, setFilter] = useState('')
  const holds = wordFilter(filter)
  const found = metrics.filter(({ code, name }) => holds(`${code} ${name}`))
  return (
    <Section title="Add a metric">
      {metrics.length === 0 ? (
        <div className="flex flex-col items-start gap-3 text-13 text-ink-2">
          <p>There is no metric yet. A tile shows one, so define one first.</p>
          <ButtonLink to="/metrics/new">Define a metric</ButtonLink>
        </div>
      ) : full ? (
        <p className="text-13 text-ink-3">A dashboard has at most 60 tiles. Remove one to add another.</p>
      ) : (
        <>
          {metrics.length > 8 && (
            <div className="mb-3 w-72 max-w-full">
              <TextInput
                id="find-metric"
                aria-label="Find a metric to add"
                type="search"
                value={filter}
                placeholder="Find by name or code"
                onChange={setFilter}
              />
            </div>
          )}
          <ul aria-label="Metrics to add" className="flex flex-wrap gap-2">
            {found.slice(0, maxShown).map((metric) => {
              const times = tileCounts.get(metric.code) ?? 0
              return (
                <li key={metric.code} className="max-w-full">
                  <Button
                    className="max-w-full"
                    icon={<Plus size={14} className="shrink-0" />}
                    title={metric.code}
                    onClick={() => onAdd(metric)}
                  >
                    <span className="truncate">{metric.name}</span>
                    {times > 0 && (
                      <span className="font-normal text-ink-3">{times === 1 ? 'on it' : `on it ${times} times`}</span>
                    )}
                  </Button>
                </li>
              )
            })}
          </ul>
          {found.length === 0 && <p className="text-13 text-ink-3">No metric holds “{filter}”.</p>}
          {found.length > maxShown && (
            <p className="mt-2 text-12 text-ink-3">{`${found.length - maxShown} more; type to find them.`}</p>
          )}
        </>
      )}
    </Section>
  )
}
