/** Answers over the catalogue of the moment: a question that meets a change of its metric is asked again. */
import { WarehouseError } from '#ports/warehouse'
import type { Datasets, Reader } from '#modules/datasets'
import type { Position, Positions, TopicName } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import type { Clock } from '#ports/clock'
import { answer } from './answer.ts'
import type { Catalogue } from '../definition/catalogue.ts'
import { metricErrors } from '../errors.ts'
import type { Metrics, MetricValues, ValuesQuestion } from '../index.ts'
import { answerable, type LoadedMetric } from '../definition/loaded-metric.ts'
import { requireDimensions } from './question-columns.ts'
import { readerMetrics } from './reader-metric.ts'

export interface ValuesParts {
  readonly warehouse: Warehouse
  readonly clock: Clock
  readonly positions: Positions
  readonly catalogue: Catalogue
  readonly end: (topic: TopicName) => Promise<Position>
  readonly datasets: Pick<Datasets, 'generation' | 'readable'>
  /** What each permission allows, for sentences. */
  readonly permissions: ReadonlyMap<string, string>
}

const maxTries = 8

export function metricValues({
  warehouse,
  clock,
  positions,
  catalogue,
  end,
  datasets,
  permissions,
}: ValuesParts): Metrics['values'] {
  const metricFor = readerMetrics(datasets)

  async function ask(reader: Reader, loaded: LoadedMetric, question: ValuesQuestion): Promise<MetricValues> {
    const { workspace } = reader
    requireDimensions({ reader, definition: loaded.record.definition, question, permissions })
    const { metric, cells: readable } = await metricFor(answerable(loaded), reader)
    const source = { warehouse, positions, metric, now: clock.now() }
    if (!metric.folded) return answer({ ...source, upto: positions.start, cells: undefined }, question)
    const { name } = metric.dataset
    for (let tries = 0; tries < maxTries; tries++) {
      const generation = await datasets.generation(workspace, name)
      const upto = await end({ workspace, name })
      // Cells of rows that were replaced meanwhile count no more; raw rows answer until there are others.
      const folding = loaded.folding?.generation === generation ? loaded.folding : undefined
      const cells = folding &&
        readable && { ...readable, table: folding.cells, reach: folding.reach, folded: folding.folded }
      const values = await answer({ ...source, upto, cells, generation }, question)
      if ((await datasets.generation(workspace, name)) === generation) return values
    }
    throw metricErrors.behind({ code: question.code })
  }

  return async (reader, question) => {
    const loaded = catalogue.get(reader.workspace, question.code)
    try {
      return await ask(reader, loaded, question)
    } catch (error) {
      const now = catalogue.get(reader.workspace, question.code)
      if (now !== loaded) return ask(reader, now, question)
      throw asMetricError(error, loaded)
    }
  }
}

function asMetricError(error: unknown, { record }: LoadedMetric): unknown {
  if (!(error instanceof WarehouseError)) return error
  const { code, dataset } = record.definition
  if (error.kind === 'timeout') return metricErrors.took_too_long({ code }, { cause: error })
  if (error.kind === 'memory') return metricErrors.too_much({ code }, { cause: error })
  if (error.kind === 'unknown_table') return metricErrors.dataset_gone({ code, dataset }, { cause: error })
  return error
}
