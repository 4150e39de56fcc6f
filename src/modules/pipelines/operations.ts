/** What is done to pipelines, with what follows from it: schedules, runs, streaming loops. */
import type { Actor } from '#core/actor'
import { scheduleOf } from '#core/pipeline'
import type { Quarantine } from '#modules/datasets'
import type { JobHandlers, ModuleJobs } from '#kernel/jobs'
import type { Run } from './contract.ts'
import { pipelineErrors } from './errors.ts'
import { pipelineJobs } from './jobs.ts'
import type { LiveRuns } from './runs/live-runs.ts'
import type { PipelineStore, StoredPipeline } from './definition/pipeline-store.ts'
import type { Runner } from './runs/runner.ts'
import type { RunStore } from './runs/run-store.ts'
import type { Streaming } from './streaming/streaming.ts'

export interface Operations {
  create(actor: Actor, body: unknown): Promise<StoredPipeline>
  replace(actor: Actor, id: string, body: unknown): Promise<StoredPipeline>
  remove(workspace: string, id: string): Promise<void>
  run(workspace: string, id: string, trigger: Run['trigger']): Promise<string>
  pause(workspace: string, id: string): Promise<StoredPipeline>
  resume(workspace: string, id: string): Promise<StoredPipeline>
  cancel(workspace: string, run: Run, signal: AbortSignal): Promise<void>
  /** Puts back schedules that a crash lost. */
  open(): Promise<void>
  /** What happens when the time of a schedule has come. */
  readonly schedule: JobHandlers<typeof pipelineJobs>['schedule']
}

export function operations(parts: {
  pipelines: PipelineStore
  runs: RunStore
  live: LiveRuns
  jobs: ModuleJobs
  batch: Runner
  streaming: Streaming
  quarantine: Pick<Quarantine, 'remove'>
}): Operations {
  const { pipelines, runs, live, jobs, batch, streaming } = parts

  async function updateSchedule(workspace: string, pipeline: StoredPipeline): Promise<void> {
    const { schedule } = pipeline.spec
    if (schedule === undefined || pipeline.status === 'paused')
      return jobs.unschedule(pipelineJobs.schedule, pipeline.id)
    const { cron, zone } = scheduleOf(schedule)
    await jobs.schedule(workspace, pipelineJobs.schedule, {
      key: pipeline.id,
      cron,
      zone,
      payload: { pipelineId: pipeline.id },
    })
  }

  async function refuseWhileRunning(workspace: string, pipeline: StoredPipeline): Promise<void> {
    const [running] = await runs.unfinished(workspace, pipeline.id)
    if (running !== undefined) throw pipelineErrors.running({ name: pipeline.spec.name, run: running.id })
  }

  const run: Operations['run'] = async (workspace, id, trigger) => {
    const pipeline = await pipelines.get(workspace, id)
    if (pipeline.spec.type === 'batch') return batch.start(workspace, pipeline, trigger)
    return streaming.start(workspace, await pipelines.setStatus(workspace, id, 'active'))
  }

  return {
    run,
    create: async (actor, body) => {
      const pipeline = await pipelines.create(actor, body)
      await updateSchedule(actor.workspace, pipeline)
      return pipeline
    },
    replace: async (actor, id, body) => {
      const { workspace } = actor
      const before = await pipelines.get(workspace, id)
      if (before.spec.type === 'streaming') await refuseWhileRunning(workspace, before)
      const pipeline = await pipelines.replace(actor, id, body)
      await updateSchedule(workspace, pipeline)
      return pipeline
    },
    remove: async (workspace, id) => {
      const pipeline = await pipelines.get(workspace, id)
      await refuseWhileRunning(workspace, pipeline)
      await jobs.unschedule(pipelineJobs.schedule, id)
      await pipelines.remove(workspace, id)
      await runs.forget(workspace, id)
      await batch.dropStages(workspace, id)
      await parts.quarantine.remove(workspace, { pipeline: id })
    },
    pause: async (workspace, id) => {
      const pipeline = await pipelines.setStatus(workspace, id, 'paused')
      await updateSchedule(workspace, pipeline)
      if (pipeline.spec.type === 'streaming') await streaming.pause(workspace, id)
      return pipeline
    },
    resume: async (workspace, id) => {
      const pipeline = await pipelines.setStatus(workspace, id, 'active')
      await updateSchedule(workspace, pipeline)
      if (pipeline.spec.type === 'streaming') await streaming.start(workspace, pipeline)
      return pipeline
    },
    cancel: async (workspace, { id, status }, signal) => {
      if (status !== 'queued' && status !== 'running') throw pipelineErrors.ended({ id, status })
      const ended = live.waitForEnd(id, 10_000, signal)
      await jobs.cancel(workspace, id)
      if (live.stop(id, 'cancelled')) await ended
      else await runs.end(workspace, id, { status: 'cancelled' })
    },
    open: async () => {
      // A crash may have come between a definition and its schedule.
      for (const { workspace, pipeline } of await pipelines.listScheduled()) await updateSchedule(workspace, pipeline)
    },
    schedule: {
      run: async ({ workspace, payload: { pipelineId } }) => {
        const pipeline = await pipelines.find(workspace, pipelineId)
        // It was paused, changed or removed while its time came.
        if (pipeline?.status !== 'active' || pipeline.spec.schedule === undefined)
          return jobs.unschedule(pipelineJobs.schedule, pipelineId)
        const waiting = await runs.unfinished(workspace, pipelineId)
        // A run that takes longer than its schedule is not followed by a queue of others.
        if (waiting.length === 0) await batch.start(workspace, pipeline, 'schedule')
      },
    },
  }
}
