import { systemActor } from '#core/actor'
import type { PackKind } from '#kernel/module'
import type { PackPipeline } from '#sdk'
import type { Pipelines } from './index.ts'

/** Pipelines of a pack, each as in `POST /api/v1/pipelines`, and whether it begins at once. */
export function pipelinePackKind(pipelines: Pick<Pipelines, 'named' | 'create' | 'begin'>): PackKind {
  const nameOf = (given: unknown): string => String((given as PackPipeline).definition.name)
  return {
    field: 'pipelines',
    kind: 'pipeline',
    nameOf,
    async install(workspace, given, { module }) {
      const { definition, begin } = given as PackPipeline
      const made = await pipelines.named(workspace, nameOf(given))
      const { id } = made ?? (await pipelines.create(systemActor(module, workspace), definition))
      if (begin) await pipelines.begin(workspace, id)
    },
  }
}
