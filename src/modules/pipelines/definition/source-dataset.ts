/**
 * The dataset that a pipeline reads. A pipeline may be saved before its dataset is there, but not while the dataset is
 * deleted: the deletion asks which pipelines read it.
 */
import type { Problem } from '#core/errors'
import { missingDataset } from '#core/missing-dataset'
import type { PipelineSpec } from '#core/pipeline'
import type { Connectors } from '#modules/connectors'
import type { Datasets } from '#modules/datasets'
import type { SqlSession } from '#ports/metadata'
import { endDataset } from './end-dataset.ts'

export interface SourceDataset {
  readonly name: string
  /** The place of its name in the definition. */
  readonly at: string
}

/** `undefined` where the pipeline reads no dataset, or one that is not there yet. */
export async function existingSource(
  { source }: PipelineSpec,
  parts: { workspace: string; connectors: Connectors; datasets: Pick<Datasets, 'find'> },
): Promise<SourceDataset | undefined> {
  const inside = parts.connectors.find(source.type)?.source?.inside
  const name = endDataset(inside, source.config)
  if (inside === undefined || name === undefined || (await parts.datasets.find(parts.workspace, name)) === undefined)
    return undefined
  return { name, at: `source.config.${inside.dataset}` }
}

/** In the transaction that stores the pipeline: the dataset may have been deleted since it was found. */
export async function holdSource(
  found: SourceDataset | undefined,
  parts: { session: SqlSession; workspace: string; datasets: Pick<Datasets, 'hold'> },
): Promise<readonly Problem[]> {
  if (found === undefined) return []
  const held = await parts.datasets.hold(parts.session, parts.workspace, [found.name])
  if (held.has(found.name)) return []
  const otherwise = 'Choose another dataset to read, or make this one first.'
  return [{ at: found.at, code: 'unknown_dataset', ...missingDataset(found.name, held, otherwise) }]
}
