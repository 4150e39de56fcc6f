import { cx } from '../class-names.ts'
import { formatExact, formatNumber } from '../format/number.ts'

export interface Ranked {
  readonly key: string
  readonly title: string
  readonly value: number | null
}

/** Values of a dimension, largest first; a click keeps only that one, another click lets all back in. */
export function RankedBars({
  label,
  rows,
  unit,
  chosen,
  onChoose,
  most = 8,
}: {
  readonly label: string
  readonly rows: readonly Ranked[]
  readonly unit?: string | undefined
  readonly chosen?: string | undefined
  readonly onChoose: (key: string | undefined) => void
  readonly most?: number
}) {
  const sorted = rows.toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))
  const shown = sorted.slice(0, most)
  const highest = Math.max(0, ...shown.map(({ value }) => Math.abs(value ?? 0)))
  return (
    <div>
      <ul aria-label={label} className="flex flex-col gap-px">
        {shown.map(({ key, title, value }) => (
          <li key={key}>
            <button
              type="button"
              aria-pressed={chosen === key}
              onClick={() => onChoose(chosen === key ? undefined : key)}
              className={cx(
                'touch group relative flex h-7 w-full items-center gap-3 overflow-hidden rounded-[3px] px-2 text-left text-13',
                chosen !== undefined && chosen !== key && 'text-ink-3',
              )}
            >
              <span
                aria-hidden="true"
                className={cx(
                  'absolute inset-y-0 left-0 rounded-[3px] transition-[width] duration-100',
                  chosen === key
                    ? 'bg-water/30'
                    : chosen === undefined
                      ? 'bg-water-soft group-hover:bg-water/25'
                      : 'bg-water-mist group-hover:bg-water-soft',
                )}
                style={{ width: highest === 0 ? 0 : `${(Math.abs(value ?? 0) / highest) * 100}%` }}
              />
              <span className="relative min-w-0 flex-1 truncate">{title}</span>
              <span
                className={cx('figures relative', (chosen === undefined || chosen === key) && 'text-ink-2')}
                title={formatExact(value, unit)}
              >
                {formatNumber(value, { unit, compact: true })}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {sorted.length > most && <p className="mt-1 px-2 text-12 text-ink-3">{`and ${sorted.length - most} more`}</p>}
      {sorted.length === 0 && <p className="px-2 text-12 text-ink-3">No values in this range</p>}
    </div>
  )
}
