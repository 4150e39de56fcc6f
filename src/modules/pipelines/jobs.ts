import { z } from 'zod'
import { defineJobs, job } from '#kernel/jobs'

export const pipelineJobs = defineJobs('pipelines', {
  run: job({
    about: 'Run a pipeline once.',
    payload: z.object({ runId: z.uuid(), pipelineId: z.uuid() }),
    id: ({ runId }) => runId,
    subject: ({ pipelineId }) => ({ kind: 'pipeline', id: pipelineId }),
    // Those that wait for the turn of their pipeline hold a place here, but none of those that run.
    concurrency: 64,
    notRetried: 'Run its pipeline again: POST /api/v1/pipelines/{id}/run.',
  }),
  schedule: job({
    about: 'Start the run of a pipeline whose time has come.',
    payload: z.object({ pipelineId: z.uuid() }),
    subject: ({ pipelineId }) => ({ kind: 'pipeline', id: pipelineId }),
    keep: 'failures',
  }),
})
