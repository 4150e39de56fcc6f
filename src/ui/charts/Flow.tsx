import { cx } from '../class-names.ts'
import { formatCompactCount, formatNumber } from '../format/number.ts'
import { StatusMark, type Tone } from '../components/Status.tsx'
import { channel, drawnRows, fall, mouth, thickness, type FlowStep } from './flow-shape.ts'

const tones: Readonly<Record<FlowStep['state'], { tone: Tone; word: string }>> = {
  idle: { tone: 'wait', word: 'not run yet' },
  waiting: { tone: 'wait', word: 'waiting' },
  skipped: { tone: 'idle', word: 'skipped' },
  running: { tone: 'busy', word: 'running' },
  done: { tone: 'good', word: 'done' },
  failed: { tone: 'bad', word: 'failed' },
}

/** A pipeline as a mill race: rows flow from left to right, as thick as they are many; rejected rows fall out beneath. */
export function Flow({
  steps,
  label,
  chosen,
  onChoose,
}: {
  readonly steps: readonly FlowStep[]
  readonly label: string
  readonly chosen?: string | undefined
  readonly onChoose?: ((id: string) => void) | undefined
}) {
  const maxRows = Math.max(0, ...steps.flatMap(({ rowsIn, rowsOut }) => [rowsIn ?? 0, rowsOut ?? 0]))
  const drawn = drawnRows(steps)
  return (
    <div role="region" aria-label={label} tabIndex={0} className="overflow-x-auto rounded-lg bg-sunk">
      <ol className="flex" style={{ width: `max(100%, ${steps.length * 152}px)` }}>
        {steps.map((step, index) => {
          const body = (
            <Body
              step={step}
              before={index === 0 ? undefined : thickness(drawn[index - 1], maxRows)}
              after={thickness(drawn[index], maxRows)}
              last={index === steps.length - 1}
              chosen={chosen === step.id}
              aside={thickness(step.aside, maxRows) / 3}
            />
          )
          return (
            <li key={step.id} className="min-w-0 flex-1">
              {onChoose === undefined ? (
                <div className="relative">{body}</div>
              ) : (
                <button
                  type="button"
                  aria-pressed={chosen === step.id}
                  onClick={() => onChoose(step.id)}
                  className="relative block w-full text-left outline-offset-[-2px] hover:bg-hover"
                >
                  {body}
                </button>
              )}
            </li>
          )
        })}
      </ol>
    </div>
  )
}

function Body({
  step,
  before,
  after,
  last,
  chosen,
  aside,
}: {
  readonly step: FlowStep
  readonly before: number | undefined
  readonly after: number
  readonly last: boolean
  readonly chosen: boolean
  readonly aside: number
}) {
  const { tone, word } = tones[step.state]
  const water =
    step.state === 'idle' || step.state === 'waiting' || step.state === 'skipped' ? 'text-line' : 'text-water/40'
  const kept = step.aside ?? 0
  const uncounted =
    step.rowsOut === undefined && (step.state === 'done' || (step.state === 'running' && before !== undefined && !last))
  return (
    <>
      <span className="block h-14 pt-3 pr-3 pl-7">
        <span className="flex items-center gap-1.5 text-13 font-semibold">
          <span className="truncate">{step.title}</span>
          <StatusMark tone={tone} className="size-2.5" />
          <span className="sr-only">{word}</span>
        </span>
        <span className="block truncate text-12 text-ink-3" title={step.about}>
          {step.about ?? '\u00a0'}
        </span>
      </span>
      <span className={cx('flex', water)} style={{ height: channel.height }}>
        <svg width={channel.mouth} height={channel.height} aria-hidden="true" className="block shrink-0 fill-current">
          <path d={mouth(before, after)} />
          {kept > 0 && <path d={fall(after, Math.max(3, aside))} className="fill-warn opacity-70" />}
        </svg>
        <span
          aria-hidden="true"
          className={cx('flex-1', last ? 'bg-linear-to-r from-current to-transparent' : 'bg-current')}
          style={{ height: after, marginTop: channel.middle - after / 2 }}
        />
      </span>
      {step.state === 'running' && (
        <svg
          aria-hidden="true"
          className="absolute right-0"
          style={{
            width: before === undefined ? `calc(100% - ${channel.gate}px)` : '100%',
            top: 56 + channel.middle - 1,
            height: 2,
          }}
        >
          <path
            d="M0 1H2000"
            fill="none"
            strokeWidth="2"
            strokeDasharray="8 16"
            className="animate-[stream_900ms_linear_infinite] stroke-water"
          />
        </svg>
      )}
      <span
        aria-hidden="true"
        className={cx(
          'absolute inset-y-3 w-0.5 rounded-full',
          step.state === 'failed' ? 'bg-bad' : chosen ? 'bg-water-ink' : 'bg-edge',
        )}
        style={{ left: channel.gate - 1 }}
      />
      <span className="figures block h-12 pr-3 pl-7 text-12">
        <span
          className="block truncate text-ink-2"
          title={uncounted ? 'One statement with the next step, so its rows are not counted apart' : undefined}
        >
          {step.rowsOut === undefined ? (
            uncounted ? (
              <span className="text-ink-3">not counted apart</span>
            ) : (
              '\u00a0'
            )
          ) : (
            formatCompactCount(step.rowsOut, 'row')
          )}
        </span>
        {kept > 0 && <span className="block text-warn">{`${formatNumber(kept, { compact: true })} rejected`}</span>}
      </span>
    </>
  )
}
