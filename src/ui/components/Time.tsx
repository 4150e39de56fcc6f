import { formatAgo, formatExactTime } from '../format/time.ts'
import { useNow } from '../use-now.ts'

/** "3 min ago", with the exact time on hover. */
export function Ago({
  at,
  className,
}: {
  readonly at: string | number | null | undefined
  readonly className?: string
}) {
  const now = useNow()
  if (at === null || at === undefined) return <span className={className}>—</span>
  const time = typeof at === 'number' ? at : Date.parse(at)
  return (
    <time
      dateTime={new Date(time).toISOString()}
      title={formatExactTime(time)}
      className={`whitespace-nowrap ${className ?? ''}`}
    >
      {formatAgo(time, now)}
    </time>
  )
}
