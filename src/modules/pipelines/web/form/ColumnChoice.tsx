import { Button } from '#ui/Button'
import { Checkbox } from '#ui/Field'
import { formatNumber } from '#ui/number'
import { chosenColumns, withColumns } from './column-choice.ts'
import type { Part, StepColumn } from './draft.ts'

/** Which columns of the source are read. */
export function ColumnChoice({
  columns,
  steps,
  onChange,
}: {
  readonly columns: readonly StepColumn[]
  readonly steps: readonly Part[]
  readonly onChange: (steps: readonly Part[]) => void
}) {
  const all = columns.map(({ name }) => name)
  const chosen = chosenColumns(steps) ?? all
  const put = (names: readonly string[]): void => onChange(withColumns(steps, names, all))
  return (
    <details className="mt-4">
      <summary className="cursor-pointer text-13 font-medium">
        Columns{' '}
        <span className="font-normal text-ink-3">
          {chosen.length === all.length ? 'all' : `${formatNumber(chosen.length)} of ${formatNumber(all.length)}`}
        </span>
      </summary>
      <div className="mt-2 grid max-h-56 grid-cols-[repeat(auto-fill,minmax(160px,1fr))] gap-x-4 gap-y-2 overflow-y-auto p-1 max-md:gap-y-4">
        {columns.map(({ name, type }) => (
          <Checkbox
            key={name}
            label={name}
            about={type}
            checked={chosen.includes(name)}
            onChange={(on) => {
              const next = on ? [...chosen, name] : chosen.filter((one) => one !== name)
              // Without a column there are no rows to load.
              if (next.length > 0) put(next)
            }}
          />
        ))}
      </div>
      {chosen.length < all.length && (
        <Button tone="quiet" className="mt-1" onClick={() => put(all)}>
          Take all columns
        </Button>
      )}
    </details>
  )
}
