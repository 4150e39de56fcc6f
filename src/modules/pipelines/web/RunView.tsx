import { useQuery } from '@tanstack/react-query'
import { Link } from '#ui/Link'
import { ProblemList } from '#ui/Nothing'
import { formatNumber } from '#ui/number'
import { Section } from '#ui/Page'
import { detailText, remedyText } from '#ui/problem-text'
import { Status, StatusMark } from '#ui/Status'
import { Ago } from '#ui/Time'
import { formatClock, formatDuration } from '#ui/time'
import { durationOf, isOver, logsQuery, type Pipeline, type Run } from './pipeline-api.ts'
import { flowOf } from './pipeline-flow.ts'
import { RunTimeline } from './RunTimeline.tsx'
import { runTones } from './run-words.ts'

/** One run: how it went, when each step worked, what it said. */
export function RunView({
  run,
  pipeline,
  now,
}: {
  readonly run: Run
  readonly pipeline: Pipeline
  readonly now: number
}) {
  const { tone, word } = runTones[run.status]
  const duration = durationOf(run, now)
  const logs = useQuery({ ...logsQuery(run.id), refetchInterval: isOver(run) ? false : 3_000 })
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [
      'State',
      <Status key="state" tone={tone}>
        {word}
      </Status>,
    ],
    ['Started', <Ago key="started" at={run.startedAt} />],
    ['Took', formatDuration(duration)],
    ['Begun by', { person: 'a person', schedule: 'schedule', stream: 'the stream' }[run.trigger]],
    ['Rows read', formatNumber(run.rows.read)],
    ['Rows written', formatNumber(run.rows.written)],
    ['Rows rejected', formatNumber(run.rows.quarantined)],
    [
      'Rows a second',
      duration > 0 ? formatNumber(Math.round((run.rows.read / duration) * 1000), { compact: true }) : '—',
    ],
  ]
  return (
    <div>
      <dl className="grid grid-cols-2 gap-y-4 sm:grid-cols-4 lg:grid-cols-8">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-12 text-ink-3">{name}</dt>
            <dd className="figures text-14">{value}</dd>
          </div>
        ))}
      </dl>
      {run.error !== undefined && <RunFailure run={run} />}
      {pipeline.type === 'batch' && (
        <Section title="Timeline" className="mt-6">
          <RunTimeline run={run} titles={flowOf(pipeline, run).map(({ title }) => title)} now={now} />
        </Section>
      )}
      {logs.data !== undefined && logs.data.length > 0 && (
        <Section title="Log" className="mt-6">
          <ol
            tabIndex={0}
            aria-label="Log"
            className="max-h-80 overflow-auto rounded-md bg-sunk px-4 py-3 font-mono text-12 leading-5"
          >
            {(pipeline.type === 'streaming' ? logs.data.toReversed() : logs.data).map(
              ({ at, level, message }, index) => (
                <li key={index} className="flex gap-4 whitespace-nowrap">
                  <time dateTime={at} className="text-ink-3">
                    {formatClock(Date.parse(at))}
                  </time>
                  <span className={level === 'error' ? 'text-bad' : level === 'warn' ? 'text-warn' : 'text-ink-2'}>
                    {message}
                  </span>
                </li>
              ),
            )}
          </ol>
        </Section>
      )}
      {run.rows.quarantined > 0 && (
        <p className="mt-4 text-13 text-ink-2">
          The rejected rows wait, with their reasons, in the{' '}
          <Link
            to={`/pipelines/${pipeline.id}`}
            search={{ tab: 'quarantine' }}
            className="text-water-ink underline underline-offset-2"
          >
            quarantine
          </Link>{' '}
          of the pipeline.
        </p>
      )}
    </div>
  )
}

function RunFailure({ run }: { readonly run: Run }) {
  const { error } = run
  if (error === undefined) return null
  const remedy = remedyText(error.remedy)
  return (
    <div role="alert" className="mt-6 flex gap-3 rounded-md bg-bad-soft px-4 py-4 text-13">
      <StatusMark tone="bad" className="mt-1" />
      <div className="min-w-0">
        <p className="font-semibold">{error.title}</p>
        <p className="text-ink-2">{detailText(error.detail)}</p>
        {error.problems !== undefined && error.problems.length > 0 && <ProblemList problems={error.problems} />}
        {remedy !== undefined && <p className="mt-1 text-ink-2">{remedy}</p>}
        <p className="mt-1 font-mono text-12 text-ink-3">{`${error.code} · run ${run.id}`}</p>
      </div>
    </div>
  )
}
