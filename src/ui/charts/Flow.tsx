import { cx } from '../class-names.ts'
import { formatNumber } from '../format/number.ts'
import { StatusMark, type Tone } from '../components/Status.tsx'
import { channel, fall, stretch, thickness, type FlowStep } from './flow-shape.ts'

const tones: Readonly<Record<FlowStep['state'], { tone: Tone; word: string }>> = {
  idle: { tone: 'wait', word: 'not run yet' },
  waiting: { tone: 'wait', word: 'waiting' },
  running: { tone: 'busy', word: 'running' },
  done: { tone: 'good', word: 'done' },
  failed: { tone: 'bad', word: 'failed' },
}

/** A pipeline as a mill race: rows flow from left to right, as thick as they are many; what is kept aside falls out beneath. */
export function Flow({ steps, label, chosen, onChoose }: {
  readonly steps: readonly FlowStep[]
  readonly label: string
  readonly chosen?: string | undefined
  readonly onChoose?: ((id: string) => void) | undefined
}) {
  const most = Math.max(0, ...steps.flatMap(({ rowsIn, rowsOut }) => [rowsIn ?? 0, rowsOut ?? 0]))
  return (
    <div role="region" aria-label={label} tabIndex={0} className="overflow-x-auto rounded-lg bg-sunk">
      <ol className="flex min-w-full" style={{ width: `max(100%, ${steps.length * 148}px)` }}>
        {steps.map((step, index) => {
          const before = index === 0 ? step.rowsOut : (step.rowsIn ?? steps[index - 1]?.rowsOut)
          return (
            <li key={step.id} className="relative min-w-0 flex-1">
              <Step step={step} into={thickness(before, most)} out={thickness(step.rowsOut, most)} first={index === 0} chosen={chosen === step.id} onChoose={onChoose} />
            </li>
          )
        })}
      </ol>
    </div>
  )
}

function Step({ step, into, out, first, chosen, onChoose }: {
  readonly step: FlowStep
  readonly into: number
  readonly out: number
  readonly first: boolean
  readonly chosen: boolean
  readonly onChoose: ((id: string) => void) | undefined
}) {
  const { tone, word } = tones[step.state]
  const moves = step.state === 'running'
  const started = step.state !== 'idle' && step.state !== 'waiting'
  const body = (
    <>
      <span className="flex h-14 flex-col justify-end px-4 pb-2">
        <span className="flex items-center gap-1.5 text-13 font-semibold">
          <StatusMark tone={tone} />
          <span className="truncate">{step.title}</span>
          <span className="sr-only">{word}</span>
        </span>
        <span className="truncate text-12 text-ink-3">{step.about ?? '\u00a0'}</span>
      </span>
      <svg viewBox={`0 0 100 ${channel.height}`} preserveAspectRatio="none" height={channel.height} className="block w-full" aria-hidden="true">
        {(step.aside ?? 0) > 0 && <path d={fall(into, thickness(step.aside, Math.max(step.aside ?? 1, (step.rowsIn ?? step.rowsOut ?? 1)) ) / 4)} className="fill-warn opacity-60" />}
        <path d={stretch(first ? out : into, out)} className={cx(started ? 'fill-water/35' : 'fill-line')} />
        {moves && (
          <path d={`M0 ${channel.middle}H100`} fill="none" strokeWidth="2" strokeDasharray="10 14" vectorEffect="non-scaling-stroke" className="animate-[stream_900ms_linear_infinite] stroke-water" />
        )}
        <path d={`M50 6V${channel.height - 10}`} vectorEffect="non-scaling-stroke" strokeWidth={chosen ? 2.5 : 1.5} className={step.state === 'failed' ? 'stroke-bad' : chosen ? 'stroke-water-ink' : 'stroke-edge'} />
      </svg>
      <span className="figures flex h-12 flex-col px-4 text-12">
        <span className="text-ink-2">{step.rowsOut === undefined ? '\u00a0' : `${formatNumber(step.rowsOut, { compact: true })} rows`}</span>
        {(step.aside ?? 0) > 0 && <span className="text-warn">{`${formatNumber(step.aside, { compact: true })} kept aside`}</span>}
      </span>
    </>
  )
  if (onChoose === undefined) return <div>{body}</div>
  return (
    <button type="button" aria-pressed={chosen} onClick={() => onChoose(step.id)} className="block w-full text-left outline-offset-[-2px] hover:bg-hover">
      {body}
    </button>
  )
}
