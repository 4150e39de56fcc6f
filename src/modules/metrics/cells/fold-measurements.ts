import type { Measurement } from '#kernel/module'
import type { CellFolding } from './fold-topics.ts'

export function* foldMeasurements({ work, foldings }: CellFolding): Iterable<Measurement> {
  yield { name: 'millrace_folds_total', help: 'Inserts into cells.', type: 'counter', value: work.folds }
  yield {
    name: 'millrace_folded_rows_total',
    help: 'Rows folded, counted once per metric.',
    type: 'counter',
    value: work.rows,
  }
  yield { name: 'millrace_fold_seconds_total', help: 'Time spent folding.', type: 'counter', value: work.seconds }
  yield {
    name: 'millrace_fold_failures_total',
    help: 'Folds that failed and were tried again.',
    type: 'counter',
    value: work.failures,
  }
  yield { name: 'millrace_foldings', help: 'Metrics that are folded.', type: 'gauge', value: [...foldings].length }
}
