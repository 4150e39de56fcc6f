import { cx } from '#ui/class-names'
import { Link } from '#ui/Link'
import { StatusMark } from '#ui/Status'
import type { Run } from './pipeline-api.ts'
import { rejectedText } from './run-words.ts'

/** Leads to the rows that a run rejected; nothing where it rejected none. */
export function RejectedLink({
  run,
  className,
}: {
  readonly run: Pick<Run, 'pipelineId' | 'rows'> | undefined
  readonly className?: string
}) {
  if (run === undefined || run.rows.quarantined === 0) return null
  return (
    <Link
      to={`/pipelines/${run.pipelineId}`}
      search={{ tab: 'quarantine' }}
      className={cx(
        'touch inline-flex items-center gap-1.5 text-12 whitespace-nowrap text-ink-2 underline underline-offset-2',
        className,
      )}
    >
      <StatusMark tone="warn" className="size-2.5" />
      {rejectedText(run)}
    </Link>
  )
}
