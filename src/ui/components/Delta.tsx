import { cx } from '../class-names.ts'
import { changeBetween, formatNumber, formatPercentChange } from '../format/number.ts'
import { formatInZone } from '../format/time.ts'

const sinceStyle = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false } as const

/** A number compared with a base: arrow and share, good or bad by the metric's own direction. */
export function Delta({
  value,
  base,
  direction,
  unit,
  against,
  saysBase = false,
  partialSince,
  zone,
}: {
  readonly value: number | null | undefined
  /** `null`: there was nothing; `undefined`: there is nothing to compare with. */
  readonly base: number | null | undefined
  readonly direction?: string | undefined
  readonly unit?: string | undefined
  /** What the base is: "the same part of yesterday". */
  readonly against: string
  /** Says so beside the change, not only to those who point at it or listen. */
  readonly saysBase?: boolean
  /** The base is only partly there: its rows begin then. */
  readonly partialSince?: number | undefined
  readonly zone?: string | undefined
}) {
  if (base === undefined || value === null || value === undefined) return null
  const change = changeBetween(value, base)
  if (change === undefined)
    return (
      <span className="text-12 text-ink-3" title={`There is no value for ${against}`}>
        {saysBase ? `No value for ${against}` : 'No base yet'}
      </span>
    )
  const { absolute, relative } = change
  const rises = absolute > 0
  const good =
    partialSince !== undefined || absolute === 0 || direction === undefined || direction === 'none'
      ? undefined
      : rises === (direction !== 'down')
  const limits =
    partialSince === undefined ? '' : `, which has rows only since ${formatInZone(partialSince, zone, sinceStyle)}`
  const text =
    absolute === 0
      ? 'no change'
      : relative === undefined
        ? formatNumber(absolute, { unit, compact: true })
        : formatPercentChange(relative)
  return (
    <span
      title={`${formatNumber(base, { unit })} ${against}${limits}; ${rises ? '+' : ''}${formatNumber(absolute, { unit })}`}
      className={cx(
        'figures inline-flex items-center gap-1 text-12 font-medium',
        good === undefined ? 'text-ink-3' : good ? 'text-good' : 'text-bad',
      )}
    >
      <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
        {absolute === 0 ? (
          <path d="M1 4h6" stroke="currentColor" strokeWidth="1.5" />
        ) : (
          <path d={rises ? 'M4 1 7.5 7h-7Z' : 'M4 7 .5 1h7Z'} fill="currentColor" />
        )}
      </svg>
      {text}
      <span className={saysBase ? 'font-normal text-ink-3' : 'sr-only'}>{`against ${against}${limits}`}</span>
      {partialSince !== undefined && !saysBase && (
        <span aria-hidden="true" className="font-normal">
          part of a base
        </span>
      )}
    </span>
  )
}
