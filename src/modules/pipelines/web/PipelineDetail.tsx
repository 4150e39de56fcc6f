import { useQuery } from '@tanstack/react-query'
import { ButtonLink, Link } from '#ui/Link'
import { Empty, Failure, Skeleton } from '#ui/Nothing'
import { Page, PageHead, Section } from '#ui/Page'
import { Flow } from '#ui/Flow'
import { RunBars } from '#ui/RunBars'
import { Snippet } from '#ui/Snippet'
import { Status } from '#ui/Status'
import { Tabs } from '#ui/Tabs'
import { Ago } from '#ui/Time'
import { useNow } from '#ui/use-now'
import { useParam, useUrlState } from '#ui/url-state'
import { DataTab } from './DataTab.tsx'
import { definitionOf } from './form/draft.ts'
import { scheduleText } from './form/schedule-text.ts'
import { flowOf, wordFor } from './pipeline-flow.ts'
import { isOver, pipelineQuery, runsQuery, type Pipeline } from './pipeline-api.ts'
import { PipelineActions } from './PipelineActions.tsx'
import { QuarantineTab } from './QuarantineTab.tsx'
import { RunView } from './RunView.tsx'
import { healthOf } from './health-words.ts'
import { barsOf } from './run-words.ts'
import { useLiveRun } from './use-live-run.ts'

export function PipelineDetail() {
  const id = useParam('id')
  const pipeline = useQuery({ ...pipelineQuery(id), refetchInterval: 5_000 })
  const above = (
    <Link to="/pipelines" className="hover:text-ink">
      Pipelines
    </Link>
  )
  if (pipeline.data !== undefined) return <Shown pipeline={pipeline.data} above={above} />
  return (
    <Page>
      <PageHead title="Pipeline" above={above} />
      {pipeline.isError ? (
        <Failure error={pipeline.error} retry={() => void pipeline.refetch()} />
      ) : (
        <Skeleton className="h-64 w-full" />
      )}
    </Page>
  )
}

function Shown({ pipeline, above }: { readonly pipeline: Pipeline; readonly above: React.ReactNode }) {
  const [url, changeUrl] = useUrlState()
  const now = useNow(1_000)
  const runs = useQuery({ ...runsQuery(pipeline.id), refetchInterval: 4_000 })
  const chosenId = url['run'] ?? runs.data?.[0]?.id
  const chosen = useLiveRun(
    runs.data?.find((run) => run.id === chosenId),
    chosenId,
  )
  const shown = runs.data?.map((run) => (run.id === chosen?.id ? chosen : run))
  const newest = shown?.[0]
  const health = healthOf({ ...pipeline, ...(newest === undefined ? {} : { lastRun: newest }) })
  const active = newest !== undefined && !isOver(newest) ? newest : undefined
  return (
    <Page wide>
      <PageHead
        title={pipeline.name}
        above={above}
        state={<Status tone={health.tone}>{health.word}</Status>}
        about={
          <span className="flex flex-wrap items-baseline gap-x-4">
            <span>
              {pipeline.type === 'streaming' ? 'Streaming' : 'Batch'}, {wordFor(pipeline.source.type)} to{' '}
              {wordFor(pipeline.destination.type)}
            </span>
            {pipeline.schedule !== undefined && <span>{scheduleText(pipeline.schedule)}</span>}
            {pipeline.nextRunAt !== undefined && (
              <span>
                next run <Ago at={pipeline.nextRunAt} />
              </span>
            )}
          </span>
        }
        actions={<PipelineActions pipeline={pipeline} active={active} />}
      />
      <Flow label={`Steps of ${pipeline.name}`} steps={flowOf(pipeline, chosen)} />
      <Section title="Runs" className="mt-6">
        {runs.isError && runs.data === undefined ? (
          <Failure error={runs.error} compact />
        ) : runs.data?.length === 0 ? (
          <Empty title="No runs yet">
            <p>Each run is a bar: its height is how long it took, its colour and shape how it ended.</p>
          </Empty>
        ) : (
          <div className="flex flex-row-reverse overflow-x-auto pb-2.5 [&>ol]:mr-auto [&>ol]:shrink-0">
            <RunBars
              label="Runs, oldest first"
              height={48}
              width={10}
              runs={barsOf(shown ?? [], now, true)}
              chosen={chosenId}
            />
          </div>
        )}
      </Section>
      <div className="mt-6">
        <Tabs
          label="Pipeline"
          open={url['tab'] ?? 'run'}
          onOpen={(tab) => changeUrl({ tab: tab === 'run' ? undefined : tab })}
          tabs={[
            {
              id: 'run',
              title: url['run'] === undefined ? 'Latest run' : 'Run',
              content:
                chosen === undefined ? (
                  <p className="text-13 text-ink-3">Run it to see its steps, rows and log here.</p>
                ) : (
                  <RunView run={chosen} pipeline={pipeline} now={now} />
                ),
            },
            { id: 'quarantine', title: 'Quarantine', content: <QuarantineTab id={pipeline.id} /> },
            { id: 'data', title: 'Data', content: <DataTab pipeline={pipeline} /> },
            { id: 'definition', title: 'Definition', content: <Definition pipeline={pipeline} /> },
          ]}
        />
      </div>
    </Page>
  )
}

function Definition({ pipeline }: { readonly pipeline: Pipeline }) {
  const { version } = pipeline
  const definition = definitionOf(pipeline)
  return (
    <div className="flex flex-col gap-3">
      <p className="flex items-center justify-between text-13 text-ink-3">
        {`Version ${version}`}
        <ButtonLink to={`/pipelines/${pipeline.id}/edit`}>Edit pipeline</ButtonLink>
      </p>
      <Snippet label="Definition as JSON" code={JSON.stringify(definition, null, 2)} />
    </div>
  )
}
