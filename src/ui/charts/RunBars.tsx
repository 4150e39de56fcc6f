import { Link } from '../components/Link.tsx'

export type RunState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

export interface RunBar {
  readonly id: string
  readonly state: RunState
  /** In milliseconds. */
  readonly duration: number
  readonly title: string
  readonly to?: string | undefined
  readonly search?: Readonly<Record<string, string | undefined>> | undefined
}

/** Runs as bars, oldest at the left: height is the duration, colour and shape the state. */
export function RunBars({
  runs,
  label,
  height = 24,
  width = 5,
  slots,
  chosen,
}: {
  readonly runs: readonly RunBar[]
  readonly label: string
  readonly height?: number
  readonly width?: number
  /** Places kept, so that rows of bars line up. */
  readonly slots?: number
  readonly chosen?: string | undefined
}) {
  const longest = Math.max(1, ...runs.map(({ duration }) => duration))
  const size = (duration: number): number => Math.max(4, Math.round(Math.sqrt(duration / longest) * height))
  const empty = Math.max(0, (slots ?? 0) - runs.length)
  return (
    <ol aria-label={label} className="flex items-end" style={{ height, gap: Math.max(2, Math.round(width / 3)) }}>
      {Array.from({ length: empty }, (_, index) => (
        <li key={index} aria-hidden="true" className="rounded-[1px] bg-line" style={{ width, height: 3 }} />
      ))}
      {runs.map(({ id, state, duration, title, to, search }) => {
        const bar = <Bar state={state} width={width} height={size(duration)} />
        return (
          <li key={id} title={title} className="relative flex h-full items-end">
            {chosen === id && (
              <span
                aria-hidden="true"
                className="absolute -bottom-1.5 left-0 h-[3px] rounded-full bg-ink"
                style={{ width }}
              />
            )}
            {to === undefined ? (
              <span role="img" aria-label={title}>
                {bar}
              </span>
            ) : (
              <Link to={to} search={search} label={title} className="flex h-full items-end hover:opacity-70">
                {bar}
              </Link>
            )}
          </li>
        )
      })}
    </ol>
  )
}

const looks: Readonly<Record<RunState, string>> = {
  succeeded: 'fill-water',
  failed: 'fill-bad',
  running: 'fill-water-soft stroke-water',
  queued: 'fill-transparent stroke-ink-3',
  cancelled: 'fill-transparent stroke-ink-3',
}

function Bar({ state, width, height }: { readonly state: RunState; readonly width: number; readonly height: number }) {
  const hollow = state === 'running' || state === 'queued' || state === 'cancelled'
  const inset = hollow ? 0.75 : 0
  const notch = Math.min(3, height / 2)
  return (
    <svg width={width} height={height} aria-hidden="true" className="block overflow-visible">
      {state === 'failed' ? (
        <path className={looks.failed} d={`M0 ${notch}L${width / 2} 0L${width} ${notch}V${height}H0Z`} />
      ) : (
        <rect
          x={inset}
          y={inset}
          width={width - 2 * inset}
          height={height - 2 * inset}
          rx="1"
          strokeWidth="1.5"
          strokeDasharray={state === 'queued' ? '2 1.5' : undefined}
          className={looks[state]}
        />
      )}
    </svg>
  )
}
