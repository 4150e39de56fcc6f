import type { JobDefinition } from './jobs.ts'
import type { JobStore } from './job-store.ts'

/** What the list of jobs shows and does, over all modules. */
export interface JobRecords extends Pick<JobStore, 'get' | 'list'> {
  readonly definitions: readonly JobDefinition[]
  /** False when the job has ended. */
  cancel(workspace: string, id: string): Promise<boolean>
  /** False when the job did not fail and was not cancelled, or an unfinished one has its key. */
  retry(workspace: string, id: string): Promise<boolean>
}
