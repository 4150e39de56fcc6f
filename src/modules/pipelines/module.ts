import { defineModule } from '#kernel/module'
import { connectors } from '#modules/connectors'
import { datasets } from '#modules/datasets'
import { explore } from '#modules/explore'
import { identity } from '#modules/identity'
import { streams } from '#modules/streams'
import { pipelinesContract } from './contract.ts'
import { pipelineErrors } from './errors.ts'
import { pipelineJobs } from './jobs.ts'
import { pipelineHandlers } from './handlers.ts'
import type { Pipelines } from './index.ts'
import { liveRuns } from './runs/live-runs.ts'
import { operations } from './operations.ts'
import { carryPipelineFiles } from './definition/carry-files.ts'
import { pipelineStore } from './definition/pipeline-store.ts'
import { secretBoxes } from './definition/stored-validation.ts'
import { sealClearSecrets } from './definition/seal-clear-secrets.ts'
import { assignQuarantine } from './runs/assign-quarantine.ts'
import { batchRunner } from './runs/runner.ts'
import { runStore } from './runs/run-store.ts'
import { streamStates } from './runs/stream-state.ts'
import { stepUses } from './steps/catalogue.ts'
import { pipelinePackKind } from './pack-kind.ts'
import { streamingRunner } from './streaming/streaming.ts'

export default defineModule({
  name: 'pipelines',
  about: 'Rows from a source through steps and checks to a destination, once, on a schedule, or all the time.',
  needs: { connectors, datasets, explore, identity, streams },
  permissions: {
    'pipelines.read': 'See pipelines and their runs; a sample of rows needs what the pipeline uses, too.',
    'pipelines.write': 'Make, change and remove pipelines; each thing they use needs its own permission.',
    'pipelines.run': 'Run, cancel, pause and resume pipelines, which run with the rights of their owner.',
  },
  definitionUses: stepUses,
  contract: pipelinesContract,
  errors: pipelineErrors,
  jobs: pipelineJobs,
  migrations: new URL('./migrations/', import.meta.url),
  async start({ needs, ports, log, stopping, permissions, jobs, versions }) {
    const runNeeds = {
      warehouse: ports.warehouse,
      connectors: needs.connectors,
      datasets: needs.datasets,
      explore: needs.explore,
      identity: needs.identity,
    }
    const pipelines = pipelineStore({
      metadata: ports.metadata,
      connectors: needs.connectors,
      datasets: needs.datasets,
      permissions,
      versions,
    })
    const runs = runStore(ports.metadata)
    const live = liveRuns()
    const parts = {
      needs: runNeeds,
      pipelines,
      runs,
      states: streamStates(ports.metadata),
      live,
      jobs,
      clock: ports.clock,
      log,
      stopping,
      streams: needs.streams,
      eventLog: ports.log,
      metadata: ports.metadata,
      leases: ports.leases,
    }
    const batch = batchRunner(parts)
    const streaming = streamingRunner(parts)
    const does = operations({
      pipelines,
      runs,
      live,
      jobs,
      batch,
      streaming,
      quarantine: needs.datasets.quarantine,
    })
    await sealClearSecrets({
      metadata: ports.metadata,
      connectors: needs.connectors,
      versions,
      log,
      box: secretBoxes(needs.connectors),
    })
    await carryPipelineFiles(ports.metadata, needs.connectors)
    await assignQuarantine(ports.metadata, {
      quarantine: needs.datasets.quarantine,
      connectors: needs.connectors,
    })
    await batch.open()
    await streaming.open()
    await does.open()
    const face: Pipelines = {
      named: (workspace, name) => pipelines.named(workspace, name),
      create: (actor, definition) => does.create(actor, definition),
      begin: async (workspace, id) => {
        await does.run(workspace, id, 'person')
      },
      statistics: runs.statistics,
    }
    return {
      face,
      packKinds: [pipelinePackKind(face)],
      handlers: pipelineHandlers({
        needs: runNeeds,
        pipelines,
        runs,
        live,
        operations: does,
        clock: ports.clock,
        permissions,
        versions,
      }),
      references: async (workspace, { kind, id }, sql) => {
        const users = { dataset: pipelines.usersOf, connection: pipelines.usersOfConnection }[kind]
        return ((await users?.(workspace, id, sql)) ?? []).map((pipeline) => ({ kind: 'pipeline', ...pipeline }))
      },
      work: { run: batch.work, schedule: does.schedule },
      stop: () => streaming.close(),
    }
  },
})
