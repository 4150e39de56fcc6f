import type { Problem } from '#core/errors'
import { missingDataset } from '#core/missing-dataset'
import { MetricDefinition } from '#core/metric'
import { check } from '#kernel/problems'
import type { Datasets } from '#modules/datasets'
import type { SqlSession } from '#ports/metadata'
import { metricErrors } from '../errors.ts'
import { compileMetric } from './compile.ts'

/** Rejects with `metrics.invalid` and every problem. */
export async function validateDefinition(
  datasets: Datasets,
  workspace: string,
  given: unknown,
): Promise<MetricDefinition> {
  const { value: definition, problems } = check(MetricDefinition, given)
  const code = String((given as { code?: unknown } | null)?.code ?? '')
  if (!definition) throw metricErrors.invalid({ code }, { problems })
  const dataset = await datasets.find(workspace, definition.dataset)
  const result = dataset
    ? compileMetric(definition, dataset, '')
    : { problems: [await unknownDataset(datasets, workspace, definition.dataset)] }
  if ('problems' in result) throw metricErrors.invalid({ code }, { problems: result.problems })
  return definition
}

async function unknownDataset(datasets: Datasets, workspace: string, name: string): Promise<Problem> {
  const known = (await datasets.list(workspace)).map((dataset) => dataset.name)
  return datasetProblem(name, known)
}

function datasetProblem(name: string, known: Iterable<string>): Problem {
  const otherwise = 'Choose another dataset for the metric, or make this one first.'
  return { at: 'dataset', code: 'unknown_dataset', ...missingDataset(name, known, otherwise) }
}

/** In the transaction that stores the metric: its dataset may have been deleted since the definition was validated. */
export async function holdDataset(
  datasets: Pick<Datasets, 'hold'>,
  { session, workspace }: { session: SqlSession; workspace: string },
  { code, dataset }: MetricDefinition,
): Promise<void> {
  const held = await datasets.hold(session, workspace, [dataset])
  if (held.has(dataset)) return
  throw metricErrors.invalid({ code }, { problems: [datasetProblem(dataset, held)] })
}
