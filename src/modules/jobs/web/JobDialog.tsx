import { useQuery } from '@tanstack/react-query'
import { ApiProblem } from '#ui/api-problem'
import { Dialog } from '#ui/Dialog'
import { Fact, Facts } from '#ui/Facts'
import { Failure, Skeleton } from '#ui/Nothing'
import { formatExactTime } from '#ui/time'
import { useNow } from '#ui/use-now'
import { jobQuery, type Job } from './job-api.ts'
import { jobDuration, progressText } from './job-words.ts'
import { JobActions } from './JobActions.tsx'
import { JobProgress } from './JobProgress.tsx'

export function JobDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const job = useQuery(jobQuery(id))
  return (
    <Dialog open wide onClose={onClose} title={job.data?.kind ?? 'Job'} about={job.data?.about}>
      {job.isError && job.data === undefined ? (
        <Failure error={job.error} compact />
      ) : job.data === undefined ? (
        <Skeleton className="h-40 w-full" />
      ) : (
        <JobFacts job={job.data} />
      )}
    </Dialog>
  )
}

function JobFacts({ job }: { readonly job: Job }) {
  const now = useNow(1_000)
  const { error, subject, actor, attempt, queuedAt, startedAt, finishedAt } = job
  return (
    <>
      {error !== null && <Failure error={new ApiProblem({ status: 0, ...error })} compact />}
      <Facts>
        <Fact name="Status">
          <JobProgress job={job} />
        </Fact>
        {job.status !== 'running' && job.progress !== null && <Fact name="Got to">{progressText(job)}</Fact>}
        {subject !== null && <Fact name="About">{`${subject.kind} ${subject.name ?? subject.id}`}</Fact>}
        <Fact name="Started by">{actor?.name ?? 'Millrace'}</Fact>
        <Fact name="Queued">{formatExactTime(Date.parse(queuedAt))}</Fact>
        {startedAt !== null && <Fact name="Started">{formatExactTime(Date.parse(startedAt))}</Fact>}
        {finishedAt !== null && <Fact name="Ended">{formatExactTime(Date.parse(finishedAt))}</Fact>}
        {startedAt !== null && <Fact name="Took">{jobDuration(job, now)}</Fact>}
        <Fact name="Attempts">{String(attempt)}</Fact>
        <Fact name="Id">
          <code className="text-12 break-all">{job.id}</code>
        </Fact>
      </Facts>
      <div className="flex justify-end">
        <JobActions job={job} />
      </div>
    </>
  )
}
