import { DatasetSpec } from '#core/dataset'
import type { PackKind } from '#kernel/module'
import type { Datasets } from './index.ts'

/** Datasets of a pack, each as in `POST /api/v1/datasets`. */
export function datasetPackKind(datasets: Pick<Datasets, 'find' | 'create'>): PackKind {
  return {
    field: 'datasets',
    kind: 'dataset',
    nameOf: (definition) => DatasetSpec.parse(definition).name,
    async install(workspace, definition, { pack }) {
      const spec = DatasetSpec.parse(definition)
      if ((await datasets.find(workspace, spec.name)) !== undefined) return
      await datasets.create(workspace, spec, { kind: 'declared', name: pack })
    },
  }
}
