import { X } from 'lucide-react'
import { Button } from '#ui/Button'
import { ExportMenu } from '#ui/ExportMenu'
import { Select } from '#ui/Field'
import { LiveToggle } from '#ui/LiveToggle'
import { RangePill } from '#ui/RangePill'
import { comparisons } from './compare.ts'
import { noValue } from './dims-filter.ts'
import type { MetricNumbersState } from './use-metric-numbers.ts'

/** Which numbers are shown: the range, what they are compared with, what they are narrowed to. */
export function MetricControls({
  numbers: { range, comparison, streamed, live, exported, chosen, choose },
}: {
  readonly numbers: MetricNumbersState
}) {
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <RangePill range={range} />
        <span className="ml-auto flex items-center gap-3">
          <span className="w-40">
            <Select
              id="compare"
              aria-label="Compare with"
              value={comparison.value ?? ''}
              onChange={comparison.change}
              options={comparisons}
            />
          </span>
          {streamed && <LiveToggle link={live.link} pause={live.pause} go={live.go} />}
          <ExportMenu what="these values" source={exported} />
        </span>
      </div>
      {Object.keys(chosen).length > 0 && (
        <ul aria-label="Narrowed to" className="mb-3 flex flex-wrap gap-2">
          {Object.entries(chosen).map(([name, value]) => (
            <li key={name}>
              <Button className="h-7 rounded-full text-12" onClick={() => choose(name, undefined)}>
                <span className="text-ink-3">{name}</span> {value === noValue ? 'none' : value}{' '}
                <X size={12} aria-label="Remove" />
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
