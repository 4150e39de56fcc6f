import { useState, type ReactNode } from 'react'
import { cx } from '../class-names.ts'
import { formatCount } from '../format/number.ts'
import { wordFilter } from '../word-filter.ts'
import { TextInput } from './Field.tsx'

const shownAtOnce = 100

export interface Choice {
  readonly name: string
  readonly chosen: boolean
  /** At its end, and searched too. */
  readonly about?: string | undefined
}

/** One of many by name, with a search when there are more than a few. */
export function ChoiceList({
  label,
  what,
  id,
  choices,
  onChoose,
  ...described
}: {
  readonly label: string
  /** "table", "connection": what one of them is. */
  readonly what: string
  readonly id: string
  readonly choices: readonly Choice[]
  readonly onChoose: (name: string) => void
  readonly 'aria-describedby'?: string | undefined
  readonly 'aria-invalid'?: boolean | undefined
}): ReactNode {
  const [filter, setFilter] = useState('')
  const holds = wordFilter(filter)
  const fitting = choices.filter(({ name, about = '' }) => holds(`${name} ${about}`))
  return (
    <div>
      <p id={`${id}-label`} className="mb-1 text-13 font-medium">
        {label}
      </p>
      {choices.length > 8 && (
        <div className="mb-2">
          <TextInput
            id={`${id}-find`}
            type="search"
            aria-label={`Find a ${what}`}
            placeholder={`Find among ${formatCount(choices.length, what)}`}
            value={filter}
            onChange={setFilter}
          />
        </div>
      )}
      <div
        {...described}
        role="radiogroup"
        aria-labelledby={`${id}-label`}
        className="max-h-56 overflow-y-auto rounded-md border border-line aria-invalid:border-bad"
      >
        {fitting.slice(0, shownAtOnce).map(({ name, chosen, about }) => (
          <label
            key={name}
            className={cx(
              'relative flex min-h-8 items-center gap-3 border-b border-line px-3 text-13 last:border-b-0 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-water max-md:min-h-11',
              chosen ? 'bg-water-soft font-medium text-water-ink' : 'hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name={id}
              aria-label={name}
              className="absolute inset-0 cursor-pointer appearance-none outline-none"
              checked={chosen}
              onChange={() => onChoose(name)}
            />
            <span className="min-w-0 flex-1 truncate" title={name}>
              {name}
            </span>
            {about !== undefined && about !== '' && (
              <span className="max-w-[55%] min-w-0 truncate text-12 font-normal text-ink-3" title={about}>
                {about}
              </span>
            )}
          </label>
        ))}
        {fitting.length === 0 && <p className="px-3 py-2 text-13 text-ink-3">{`None holds “${filter}”.`}</p>}
        {fitting.length > shownAtOnce && (
          <p className="px-3 py-2 text-12 text-ink-3">{`${fitting.length - shownAtOnce} more; type to find them.`}</p>
        )}
      </div>
    </div>
  )
}
