/**
 * Earlier versions filed the rejected rows of a pipeline under the name of a dataset, or of the pipeline itself
 * where its destination was none. Gives each of them the pipeline whose run rejected it. Rows of runs that are
 * not kept any more stay where they are.
 */
import type { PipelineSpec } from '#core/pipeline'
import type { Connectors } from '#modules/connectors'
import type { Quarantine } from '#modules/datasets'
import type { Metadata } from '#ports/metadata'
import { endDataset } from '../definition/end-dataset.ts'

interface RunOrigin {
  readonly id: string
  readonly pipeline: string
  readonly destination: PipelineSpec['destination']
}

export async function assignQuarantine(
  metadata: Metadata,
  {
    quarantine,
    connectors,
  }: { quarantine: Pick<Quarantine, 'unowned' | 'assign'>; connectors: Pick<Connectors, 'find'> },
): Promise<void> {
  const { rows: workspaces } = await metadata.system.query<{ workspace: string }>(
    'select distinct workspace from pipelines.definition',
  )
  for (const { workspace } of workspaces) {
    for (const { dataset, runs } of await quarantine.unowned(workspace)) {
      const { rows: origins } = await metadata.inWorkspace(workspace).query<RunOrigin>(
        `select r.id, d.id as pipeline, d.body->'destination' as destination
         from pipelines.run r join pipelines.definition d on d.workspace = r.workspace and d.id = r.pipeline_id
         where r.workspace = $1 and r.id::text = any($2)`,
        [workspace, runs],
      )
      for (const [pipeline, own] of Map.groupBy(origins, (origin) => origin.pipeline)) {
        const { destination } = own[0]!
        const isMeant =
          endDataset(connectors.find(destination.type)?.destination?.inside, destination.config) === dataset
        const chosen = { dataset, runs: own.map(({ id }) => id) }
        await quarantine.assign(workspace, chosen, { pipeline, ...(isMeant ? { dataset } : {}) })
      }
    }
  }
}
