import type { Actor } from '#core/actor'
import { face } from '#kernel/module'

export const pipelines = face<Pipelines>('pipelines')

/**
 * What other modules may do with pipelines. Every call names the workspace of its actor.
 *
 * ```ts
 * import { systemActor } from '#core/actor'
 *
 * const { id } = await needs.pipelines.create(systemActor('demo', 'default'), {
 *   name: 'paid-orders', type: 'batch',
 *   source: { type: 'stream', config: { stream: 'orders' } },
 *   transformations: [{ type: 'filter', config: "status = 'paid'" }],
 *   destination: { type: 'dataset', config: { dataset: 'paid_orders' } },
 * })
 * await needs.pipelines.begin('default', id)
 * await needs.pipelines.statistics('default', new Date('2026-11-01')) // { failed: 0, cancelled: 0, … }
 * ```
 */
export interface Pipelines {
  named(workspace: string, name: string): Promise<{ readonly id: string } | undefined>
  /** The body of `POST /api/v1/pipelines`; rejects with every problem found. The actor owns the pipeline, which runs with their rights. */
  create(actor: Actor, definition: unknown): Promise<{ readonly id: string }>
  /** Queues a run of a batch pipeline; starts or resumes a streaming one. */
  begin(workspace: string, id: string): Promise<void>
  /** What the runs of the workspace add up to since a moment; the last 1,000 runs of each pipeline are known. */
  statistics(workspace: string, since: Date): Promise<RunStatistics>
}

export interface RunStatistics {
  /** Runs that ended since then, by how they ended. */
  readonly succeeded: number
  readonly failed: number
  readonly cancelled: number
  /** Rows read, also by runs that are still at work. */
  readonly recordsRead: number
  /** From begin to end of batch runs that ended since then; null without any. */
  readonly latencyMs: { readonly avg: number | null; readonly p95: number | null }
  readonly running: number
}
