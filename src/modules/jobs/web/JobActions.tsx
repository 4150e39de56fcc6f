import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#ui/Button'
import { Confirmation } from '#ui/Dialog'
import { useMay } from '#ui/permissions'
import { toast } from '#ui/Toasts'
import { cancelJob, isUnfinished, retryJob, type Job } from './job-api.ts'

/** Cancel what waits or runs, queue again what did not succeed; both ask first. */
export function JobActions({ job }: { readonly job: Job }) {
  const [asking, setAsking] = useState(false)
  const queries = useQueryClient()
  const may = useMay('jobs.write')
  if (!may || job.status === 'succeeded') return null
  const cancels = isUnfinished(job)
  const about = job.subject === null ? job.kind : `${job.kind} of ${job.subject.name ?? job.subject.id}`
  return (
    <>
      <Button tone="quiet" onClick={() => setAsking(true)}>
        {cancels ? 'Cancel job' : 'Retry job'}
      </Button>
      <Confirmation
        open={asking}
        onClose={() => setAsking(false)}
        title={cancels ? `Cancel ${about}?` : `Retry ${about}?`}
        about={
          cancels
            ? 'The job stops at the next safe point. It can be queued again later.'
            : 'The job is queued again and starts from the beginning.'
        }
        verb={cancels ? 'Cancel job' : 'Retry job'}
        refusal={cancels ? 'Keep it running' : 'Leave it'}
        tone={cancels ? 'danger' : 'primary'}
        onConfirm={async () => {
          await (cancels ? cancelJob(job.id) : retryJob(job.id))
          toast(cancels ? `${about} is being cancelled` : `${about} is queued again`)
          await queries.invalidateQueries({ queryKey: ['jobs'] })
        }}
      />
    </>
  )
}
