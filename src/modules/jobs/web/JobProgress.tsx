import { detailText } from '#ui/problem-text'
import { Status } from '#ui/Status'
import { useNow } from '#ui/use-now'
import { formatAgo } from '#ui/time'
import type { Job } from './job-api.ts'
import { progressText, shareDone, statusWords } from './job-words.ts'

/** The state of a job, and while it runs how far it is. */
export function JobProgress({ job }: { readonly job: Job }) {
  const now = useNow(5_000)
  const { tone, word } = statusWords[job.status]
  const share = shareDone(job)
  const text = job.status === 'running' ? progressText(job) : undefined
  const waits = job.status === 'queued' && Date.parse(job.runAt) > now + 1_000
  return (
    <span className="flex items-center gap-3">
      <Status tone={tone} title={job.error === null ? undefined : detailText(job.error.detail)}>
        {waits ? `Attempt ${job.attempt + 1} ${formatAgo(Date.parse(job.runAt), now)}` : word}
      </Status>
      {share !== undefined && (
        <span
          role="progressbar"
          aria-label={`Progress of ${job.kind}`}
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
          className="h-1 w-24 shrink-0 overflow-hidden rounded-full bg-line"
        >
          <span className="block h-full rounded-full bg-water" style={{ width: `${share * 100}%` }} />
        </span>
      )}
      {text !== undefined && <span className="figures truncate text-12 text-ink-3">{text}</span>}
      {job.status === 'failed' && <span className="truncate text-12 text-ink-3">{job.error?.title}</span>}
    </span>
  )
}
