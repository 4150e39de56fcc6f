import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { cx } from '#ui/class-names'
import { TextInput } from '#ui/Field'
import { Failure, SkeletonRows } from '#ui/Nothing'
import { formatCount } from '#ui/number'
import { askConnectors } from '../pipeline-api.ts'
import { isChosen } from './end-settings.ts'
import type { Part } from './draft.ts'

const shownAtOnce = 100

/** What can be read there, to choose one from: tables, files, streams. */
export function StreamPicker({
  part,
  connection,
  what,
  onChoose,
}: {
  readonly part: Part
  /** The settings to ask with. */
  readonly connection: Part['config']
  /** "Table", "File": what one of them is. */
  readonly what: string
  readonly onChoose: (config: Part['config']) => void
}) {
  const [filter, setFilter] = useState('')
  const found = useQuery({
    queryKey: ['connectors', part.type, 'streams', connection],
    queryFn: async ({ signal }) =>
      (
        await askConnectors('POST /api/v1/connectors/{type}/discover', {
          params: { type: part.type },
          body: { config: connection },
          signal,
        })
      ).items,
    staleTime: 30_000,
    retry: false,
  })
  if (found.isError) return <Failure error={found.error} compact retry={() => void found.refetch()} />
  if (found.data === undefined) return <SkeletonRows rows={3} />
  if (found.data.length === 0)
    return <p className="mb-4 text-13 text-ink-3">{`There is no ${what.toLowerCase()} to read yet.`}</p>
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const fitting = found.data.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
  return (
    <div className="mb-5">
      {found.data.length > 8 && (
        <div className="mb-2">
          <TextInput
            id={`find-${part.type}`}
            type="search"
            aria-label={`Find a ${what.toLowerCase()}`}
            placeholder={`Find among ${formatCount(found.data.length, what.toLowerCase())}`}
            value={filter}
            onChange={setFilter}
          />
        </div>
      )}
      <div
        role="radiogroup"
        aria-label={`${what} to read`}
        className="max-h-56 overflow-y-auto rounded-md border border-line"
      >
        {fitting.slice(0, shownAtOnce).map(({ name, config, columns }) => {
          const chosen = isChosen(part.config, config)
          return (
            <label
              key={name}
              className={cx(
                'relative flex min-h-8 items-center gap-3 border-b border-line px-3 text-13 last:border-b-0 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-water max-md:min-h-11',
                chosen ? 'bg-water-soft font-medium text-water-ink' : 'hover:bg-hover',
              )}
            >
              <input
                type="radio"
                name={`stream-${part.type}`}
                className="absolute inset-0 cursor-pointer appearance-none outline-none"
                checked={chosen}
                onChange={() => onChoose(config)}
              />
              <span className="min-w-0 flex-1 truncate" title={name}>
                {name}
              </span>
              {columns !== undefined && (
                <span className="text-12 font-normal text-ink-3">{formatCount(columns.length, 'column')}</span>
              )}
            </label>
          )
        })}
        {fitting.length === 0 && <p className="px-3 py-2 text-13 text-ink-3">{`None holds “${filter}”.`}</p>}
        {fitting.length > shownAtOnce && (
          <p className="px-3 py-2 text-12 text-ink-3">{`${fitting.length - shownAtOnce} more; type to find them.`}</p>
        )}
      </div>
    </div>
  )
}
