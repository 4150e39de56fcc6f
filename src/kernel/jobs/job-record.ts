/** What the record of a job holds, and what its changes take and return. */
import type { ObjectRef } from '#core/object-ref'

export const jobStatuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type JobStatus = (typeof jobStatuses)[number]

export interface JobProgress {
  readonly done: number
  readonly total?: number | undefined
  readonly note?: string | undefined
}

export interface JobError {
  readonly code: string
  readonly title: string
  readonly detail: string
}

export interface JobRecord {
  readonly id: string
  readonly number: number
  readonly kind: string
  readonly subject: ObjectRef | null
  readonly status: JobStatus
  readonly attempt: number
  readonly progress: JobProgress | null
  readonly error: JobError | null
  readonly actor: JobActor | null
  readonly queuedAt: Date
  readonly runAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

export interface JobActor {
  readonly kind: string
  readonly id: string
  readonly name: string
}

export interface NewJob {
  readonly id: string
  readonly workspace: string
  readonly kind: string
  readonly subject: ObjectRef | undefined
  readonly payload: unknown
  readonly singleton: string | undefined
  readonly actor: JobActor | undefined
  readonly queuedAt: number
  readonly runAt: number
  /** One that has ended under this id is queued once more. */
  readonly again: boolean
}

/** A job that begins an attempt. */
export interface BegunJob {
  readonly payload: unknown
  readonly attempt: number
  readonly failures: number
}

export interface CancelledJob {
  readonly kind: string
  readonly payload: unknown
  /** It had not begun. */
  readonly waited: boolean
}

export interface JobFilter {
  readonly status?: JobStatus | undefined
  /** A whole kind (`pipelines.run`) or a module. */
  readonly kind?: string | undefined
  readonly subject?: string | undefined
  readonly below?: number | undefined
  readonly limit: number
}

export interface UnfinishedJob {
  readonly workspace: string
  readonly id: string
  readonly kind: string
  readonly runAt: Date
}
