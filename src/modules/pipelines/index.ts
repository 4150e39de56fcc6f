import { face } from '#kernel/module'

export const pipelines = face<Pipelines>('pipelines')

/** What other modules may do with pipelines. Every call names the workspace of its actor. */
export interface Pipelines {
  named(workspace: string, name: string): Promise<{ readonly id: string } | undefined>
  /** The body of `POST /api/v1/pipelines`; rejects with every problem found. */
  create(workspace: string, definition: unknown): Promise<{ readonly id: string }>
  /** Queues a run of a batch pipeline; starts or resumes a streaming one. */
  begin(workspace: string, id: string): Promise<void>
}
