import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { Button } from '#ui/Button'
import { cx } from '#ui/class-names'
import { Failure, ProblemList, SkeletonRows } from '#ui/Nothing'
import { formatCount, formatNumber } from '#ui/number'
import { StatusMark } from '#ui/Status'
import { useUrlState } from '#ui/url-state'
import { bodyOf, definitionOf } from './form/draft.ts'
import { act, type Pipeline, type Preview } from './pipeline-api.ts'
import { flowOf } from './pipeline-flow.ts'
import { changesOf, rowsText } from './sample-words.ts'
import { SampleTable } from './SampleTable.tsx'

/** A sample of the source, as it is after each step. Nothing is loaded by looking. */
export function DataTab({ pipeline }: { readonly pipeline: Pipeline }) {
  const [url, changeUrl] = useUrlState()
  const preview = useQuery({
    queryKey: ['pipelines', pipeline.id, 'data', pipeline.version],
    queryFn: ({ signal }) => act.preview(bodyOf(definitionOf(pipeline)), pipeline.id, signal),
    staleTime: 60_000,
    retry: false,
  })
  if (preview.isError && preview.data === undefined)
    return <Failure error={preview.error} retry={() => void preview.refetch()} />
  const steps = preview.data?.steps
  if (steps === undefined) return <SkeletonRows rows={10} />
  const asked = Number(url['step'] ?? steps.length - 1)
  const at = Number.isInteger(asked) && asked >= 0 && asked < steps.length ? asked : steps.length - 1
  const shown = steps[at]
  const flow = flowOf(pipeline, undefined)
  return (
    <div>
      <p className="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-13 text-ink-3">
        <span className="max-w-[70ch]">
          {`What becomes of at most ${formatNumber(preview.data?.sampled)} rows of the source, read now. Looking loads nothing.`}
        </span>
        <Button icon={<RefreshCw size={14} />} busy={preview.isFetching} onClick={() => void preview.refetch()}>
          Read again
        </Button>
      </p>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-5 lg:grid-cols-[260px_minmax(0,1fr)]">
        <ol aria-label="Steps" className="self-start border-t border-line">
          {steps.map((step, index) => (
            <StepLine
              key={index}
              step={step}
              before={steps[index - 1]}
              title={flow[index]?.title ?? step.type}
              about={flow[index]?.about}
              chosen={index === at}
              onChoose={() => changeUrl({ step: String(index) })}
            />
          ))}
        </ol>
        <div className={cx('min-w-0 transition-opacity duration-100', preview.isFetching && 'opacity-60')}>
          {shown?.problems !== undefined && shown.problems.length > 0 ? (
            <div role="alert" className="rounded-md bg-bad-soft px-4 py-3 text-13">
              <p className="font-semibold">This step cannot be done with these rows</p>
              <ProblemList problems={shown.problems} />
            </div>
          ) : (
            shown !== undefined && (
              <>
                <SampleTable sample={shown} height={560} />
                <p role="status" className="figures mt-2 text-12 text-ink-3">
                  {`${rowsText(shown)}, ${formatCount(shown.columns.length, 'column')}`}
                </p>
              </>
            )
          )}
        </div>
      </div>
    </div>
  )
}

function StepLine({
  step,
  before,
  title,
  about,
  chosen,
  onChoose,
}: {
  readonly step: Preview['steps'][number]
  readonly before: Preview['steps'][number] | undefined
  readonly title: string
  readonly about: string | undefined
  readonly chosen: boolean
  readonly onChoose: () => void
}) {
  const failed = (step.problems?.length ?? 0) > 0
  const changes = before === undefined || failed ? [] : changesOf(before, step)
  return (
    <li className="border-b border-line">
      <button
        type="button"
        aria-pressed={chosen}
        onClick={onChoose}
        className={cx(
          'relative flex w-full flex-col gap-0.5 px-3 py-2 text-left text-13 outline-offset-[-2px]',
          chosen ? 'bg-water-mist' : 'hover:bg-hover',
        )}
      >
        {chosen && <span aria-hidden="true" className="absolute inset-y-0 left-0 w-0.5 bg-water" />}
        <span className="flex w-full items-baseline gap-2">
          <span className="font-medium">{title}</span>
          <span className="figures ml-auto shrink-0 text-12 text-ink-2">
            {failed ? (
              <span className="inline-flex items-center gap-1.5 text-bad">
                <StatusMark tone="bad" className="size-2.5" />
                stops here
              </span>
            ) : (
              formatCount(step.rowCount, 'row')
            )}
          </span>
        </span>
        {about !== undefined && (
          <span className="truncate text-12 text-ink-3" title={about}>
            {about}
          </span>
        )}
        {changes.length > 0 && <span className="text-12 break-words text-ink-2">{changes.join(' · ')}</span>}
      </button>
    </li>
  )
}
