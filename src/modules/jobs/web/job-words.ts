import type { Tone } from '#ui/Status'
import { formatDuration } from '#ui/time'
import type { Job, JobStatus } from './job-api.ts'

export const statusWords: Readonly<Record<JobStatus, { readonly tone: Tone; readonly word: string }>> = {
  queued: { tone: 'wait', word: 'Queued' },
  running: { tone: 'busy', word: 'Running' },
  succeeded: { tone: 'good', word: 'Succeeded' },
  failed: { tone: 'bad', word: 'Failed' },
  cancelled: { tone: 'idle', word: 'Cancelled' },
}

export function isJobStatus(text: string | undefined): text is JobStatus {
  return text !== undefined && Object.hasOwn(statusWords, text)
}

/** Between 0 and 1, where the job says how much there is to do. */
export function shareDone({ status, progress }: Pick<Job, 'status' | 'progress'>): number | undefined {
  if (status !== 'running' || progress?.total === undefined || progress.total <= 0) return undefined
  return Math.max(0, Math.min(1, progress.done / progress.total))
}

export function progressText({ progress }: Pick<Job, 'progress'>): string | undefined {
  if (progress === null) return undefined
  const { done, total, note } = progress
  const count = total === undefined ? done.toLocaleString() : `${done.toLocaleString()} of ${total.toLocaleString()}`
  return note === undefined ? count : `${count}, ${note}`
}

/** How long it ran, or has been running. */
export function jobDuration({ startedAt, finishedAt }: Job, now: number): string | undefined {
  if (startedAt === null) return undefined
  const end = finishedAt === null ? now : Date.parse(finishedAt)
  return formatDuration(Math.max(0, end - Date.parse(startedAt)))
}
