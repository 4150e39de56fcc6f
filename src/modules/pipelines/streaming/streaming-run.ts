import type { Lease, Leases } from '#ports/leases'
import type { Log } from '#ports/log'
import type { Streams } from '#modules/streams'
import type { StoredPipeline } from '../definition/pipeline-store.ts'
import type { RunnerParts } from '../runs/runner.ts'
import type { SliceIntents } from './slice-intents.ts'
import type { StreamWaits } from './stream-waits.ts'

/** A run that this server works on: the lease says that no other does. */
export interface StreamingRun {
  readonly workspace: string
  readonly pipeline: StoredPipeline
  readonly runId: string
  readonly lease: Lease
  readonly signal: AbortSignal
  readonly draining: () => boolean
}

/** What the loop of a streaming run works with. */
export interface StreamingParts extends RunnerParts {
  readonly streams: Streams
  readonly positions: Log['positions']
  readonly leases: Leases
  readonly intents: SliceIntents
  readonly waits: StreamWaits
}

export function streamOf(pipeline: StoredPipeline): string {
  const { stream } = pipeline.spec.source.config
  return typeof stream === 'string' ? stream : ''
}

/** Which rows of its stream a pipeline has loaded. */
export function groupOf({ streams }: Pick<StreamingParts, 'streams'>, workspace: string, pipeline: StoredPipeline) {
  return streams.group(workspace, streamOf(pipeline), `pipeline:${pipeline.id}`)
}
