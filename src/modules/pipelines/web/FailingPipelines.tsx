import { useQuery } from '@tanstack/react-query'
import { Link } from '#ui/Link'
import { formatNumber } from '#ui/number'
import { Section } from '#ui/Page'
import { detailText } from '#ui/problem-text'
import { StatusMark } from '#ui/Status'
import { Ago } from '#ui/Time'
import { pipelinesQuery } from './pipeline-api.ts'
import { byHealth, healthOf } from './health-words.ts'

const maxShown = 5

/** The pipelines that fail, with the reason, above everything else; nothing where none does. */
export function FailingPipelines() {
  const pipelines = useQuery({ ...pipelinesQuery, refetchInterval: 5_000 })
  const failing = (pipelines.data ?? []).filter((pipeline) => healthOf(pipeline).tone === 'bad').toSorted(byHealth)
  if (failing.length === 0) return null
  return (
    <Section title="Failing" className="mt-0 mb-6">
      <ul className="border-t border-line">
        {failing.slice(0, maxShown).map(({ id, name, lastRun }) => (
          <li key={id} className="border-b border-line">
            <Link
              to={`/pipelines/${id}`}
              search={{ run: lastRun?.id }}
              className="flex min-h-11 items-center gap-3 bg-bad-soft px-3 py-1.5 text-13 outline-offset-[-2px] hover:underline"
            >
              <StatusMark tone="bad" />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{name}</span>
                {lastRun?.error !== undefined && (
                  <span className="block truncate text-12 text-ink-2">{detailText(lastRun.error.detail)}</span>
                )}
              </span>
              <Ago at={lastRun?.finishedAt} className="text-12 text-ink-2" />
            </Link>
          </li>
        ))}
      </ul>
      {failing.length > maxShown && (
        <Link
          to="/pipelines"
          className="touch mt-1 inline-flex items-center text-12 text-ink-2 underline underline-offset-2"
        >
          {`and ${formatNumber(failing.length - maxShown)} more`}
        </Link>
      )}
    </Section>
  )
}
