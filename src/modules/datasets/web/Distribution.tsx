import { formatNumber } from '#ui/number'
import { formatInZone } from '#ui/time'
import type { Profile } from './dataset-api.ts'

const [width, height] = [120, 20]

/** The shape of a column's values: a small histogram, or its most common ones as shares. */
export function Distribution({
  column,
  rows,
}: {
  readonly column: Profile['columns'][number] | undefined
  readonly rows: number
}) {
  if (column === undefined) return <span className="text-ink-3">—</span>
  const highest = Math.max(0, ...column.histogram.map(({ count }) => count))
  if (highest > 0) {
    const [first, last] = [column.histogram[0], column.histogram.at(-1)]
    const step = width / column.histogram.length
    const show = (value: number | undefined): string => {
      if (value === undefined) return ''
      return column.type === 'timestamp' || column.type === 'date'
        ? formatInZone(value, 'UTC', { day: 'numeric', month: 'short' })
        : formatNumber(value, { compact: true })
    }
    return (
      <span className="flex items-center gap-2.5 text-12 text-ink-3">
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`${column.name} from ${show(first?.from)} to ${show(last?.to)}`}
          className="shrink-0 fill-water"
        >
          {column.histogram.map(({ from, count }, index) => {
            const size = count === 0 ? 0 : Math.max(1.5, (count / highest) * height)
            return (
              <rect
                key={from}
                x={index * step}
                y={height - size}
                width={Math.max(1, step - 1)}
                height={size}
                rx="0.5"
              />
            )
          })}
        </svg>
        <span className="figures truncate">{`${show(first?.from)} – ${show(last?.to)}`}</span>
      </span>
    )
  }
  const top = column.top.slice(0, 5)
  if (top.length === 0 || rows === 0)
    return <span className="text-12 text-ink-3">{column.min === null ? '—' : `${column.min} – ${column.max}`}</span>
  return (
    <span className="flex items-center gap-2.5 text-12 text-ink-3">
      <span
        aria-hidden="true"
        className="flex h-3 shrink-0 gap-px overflow-hidden rounded-[2px] bg-line"
        style={{ width }}
      >
        {top.map(({ value, count }, index) => (
          <span
            key={value}
            className="bg-water"
            style={{ width: `${(count / rows) * 100}%`, opacity: 1 - index * 0.17 }}
          />
        ))}
      </span>
      <span className="truncate" title={top.map(({ value, count }) => `${value} (${count})`).join(', ')}>
        {top.map(({ value }) => value).join(', ')}
      </span>
    </span>
  )
}
