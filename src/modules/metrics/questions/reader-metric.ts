/** A metric as one reader may ask it: over the rows and values that the reader may see, from cells where these are what the cells hold. */
import { compileExpression } from '#core/expression'
import { oncePerKey } from '#core/once-per-key'
import type { Datasets, ReadableRows, Reader } from '#modules/datasets'
import { compileMetric, type CompiledMetric } from '../definition/compile.ts'
import { columnsOfDefinition } from '../definition/definition-columns.ts'
import { metricErrors } from '../errors.ts'
import { cellsScope } from './question-sql.ts'

export interface ReaderMetric {
  readonly metric: CompiledMetric
  /** Absent where cells do not tell what the reader may see: raw rows answer. */
  readonly cells: { readonly rowFilter: string | undefined } | undefined
}

/** Kept per metric and digest, so that what is known of a metric is shared by readers of equal rights only. */
export function readerMetrics(
  datasets: Pick<Datasets, 'readable'>,
): (metric: CompiledMetric, reader: Reader) => Promise<ReaderMetric> {
  const known = new WeakMap<CompiledMetric, ReturnType<typeof oncePerKey<ReaderMetric>>>()
  return (metric, reader) => {
    const own = known.get(metric) ?? oncePerKey<ReaderMetric>({ maxKept })
    known.set(metric, own)
    return own(reader.digest, async () => metricOver(metric, await datasets.readable(reader, metric.dataset.name)))
  }
}

const maxKept = 1_000

function metricOver(metric: CompiledMetric, rows: ReadableRows): ReaderMetric {
  if (!rows.restricted) return { metric, cells: { rowFilter: undefined } }
  const { definition } = metric
  const result = compileMetric(definition, rows.dataset, rows.from)
  if ('problems' in result) {
    const { code, dataset } = definition
    throw metricErrors.broken({ code, dataset }, { problems: result.problems })
  }
  return { metric: result.metric, cells: cellsOver(metric, rows) }
}

function cellsOver(metric: CompiledMetric, { masked, rowFilter }: ReadableRows): ReaderMetric['cells'] {
  const used = columnsOfDefinition(metric.definition)
  if (masked.size > 0 && [...masked].some((name) => used.has(name))) return undefined
  if (rowFilter === undefined) return { rowFilter: undefined }
  const scope = cellsScope(metric)
  if (rowFilter.columns.some((name) => !scope.columns.has(name))) return undefined
  return { rowFilter: `ifNull(${compileExpression(rowFilter.expression, scope).sql}, 0)` }
}
