import { useQuery } from '@tanstack/react-query'
import { cx } from '#ui/class-names'
import { problemAt, type FieldProblem } from '#ui/json-schema'
import { formatCount } from '#ui/number'
import { FieldError } from '#ui/ShownErrors'
import { datasetsQuery } from '../pipeline-api.ts'
import type { Draft } from './draft.ts'
import { modeOf, modesFor, type LoadMode } from './load-modes.ts'

/** Asks what a run does to the rows that are there, each answer with its effect. */
export function ModeChoice({
  draft,
  problems,
  onChange,
}: {
  readonly draft: Draft
  readonly problems: readonly FieldProblem[]
  readonly onChange: (mode: LoadMode) => void
}) {
  const chosen = modeOf(draft)
  const dataset = draft.destination.config['dataset']
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-13 font-medium">Rows that are there already</legend>
      <div className="flex flex-col rounded-md border border-line">
        {modesFor(draft.type).map(({ mode, title, about }) => (
          <label
            key={mode}
            className={cx(
              'flex cursor-pointer items-start gap-2.5 border-b border-line px-3 py-2 text-13 last:border-b-0',
              mode === chosen ? 'bg-water-mist' : 'hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name="mode"
              className="mt-0.5 size-4 shrink-0 accent-water-deep"
              checked={mode === chosen}
              onChange={() => onChange(mode)}
            />
            <span className="min-w-0">
              <span className="font-medium">{title}</span>
              <span className="block text-12 text-ink-3">{about}</span>
            </span>
          </label>
        ))}
      </div>
      <FieldError text={problemAt(problems, 'destination.config.mode')} className="mt-1" />
      {chosen === 'overwrite' && typeof dataset === 'string' && <Replaced dataset={dataset} />}
    </fieldset>
  )
}

/** How many rows are there now that a run would remove. */
function Replaced({ dataset }: { readonly dataset: string }) {
  const found = useQuery(datasetsQuery).data?.find(({ name }) => name === dataset)
  if (found === undefined || found.rows === 0) return null
  const { rows, source } = found
  const streamed = source.kind === 'pipeline' ? '' : ', among them events that were sent to it'
  return (
    <p role="status" className="mt-1 text-12 text-warn">
      {`“${dataset}” has ${formatCount(rows, 'row')} now${streamed}. A run replaces all of them.`}
    </p>
  )
}
