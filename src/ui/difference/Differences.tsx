import { cx } from '../class-names.ts'
import { differencesBetween, stateText } from './difference.ts'

/** What changed, place by place, with the state before and after. */
export function Differences({
  before,
  after,
  titleOf,
}: {
  readonly before: unknown
  readonly after: unknown
  /** The label of a place; without it places are shown as programs name them. */
  readonly titleOf?: ((place: string) => string) | undefined
}) {
  const differences = differencesBetween(before, after)
  if (differences.length === 0) return <p className="text-13 text-ink-3">Nothing in its state changed.</p>
  return (
    <dl className="border-t border-line text-13">
      {differences.map((difference) => (
        <div key={difference.at} className="border-b border-line py-2">
          <dt className={cx('text-12 text-ink-3', titleOf === undefined ? 'font-mono break-all' : 'wrap-anywhere')}>
            {difference.at === '' ? 'value' : (titleOf?.(difference.at) ?? difference.at)}
          </dt>
          <dd className="mt-1 flex flex-col gap-0.5">
            {'before' in difference && <Side sign="−" says="before: " tone="text-bad" value={difference.before} />}
            {'after' in difference && <Side sign="+" says="after: " tone="text-good" value={difference.after} />}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Side({
  sign,
  says,
  tone,
  value,
}: {
  readonly sign: string
  readonly says: string
  readonly tone: string
  readonly value: unknown
}) {
  return (
    <span className="flex gap-2">
      <span aria-hidden="true" className={`w-3 shrink-0 font-mono ${tone}`}>
        {sign}
      </span>
      <span className="sr-only">{says}</span>
      <span className="min-w-0 break-words whitespace-pre-wrap">{stateText(value)}</span>
    </span>
  )
}
