/** What a person's query may use. */
import type { QueryLimits } from '#ports/warehouse'
import { parserBounds } from './read-statement.ts'

export const questionLimits = { seconds: 60, memoryBytes: 2 * 2 ** 30 } as const satisfies QueryLimits
/** A download of a whole result may take longer than an answer that somebody waits for. */
export const downloadLimits = { seconds: 1800, memoryBytes: 2 * 2 ** 30 } as const satisfies QueryLimits

/** Bytes of a JSON answer. */
export const maxAnswerBytes = 32 * 2 ** 20

/**
 * For statements that read rows through a row filter: the engine keeps the conditions of people above it, so that an
 * expression that fails, such as `toInt64(name)`, is never computed for a row that is kept from them.
 */
export const filterBarrier: Readonly<Record<string, number>> = {
  enable_optimize_predicate_expression: 0,
  query_plan_filter_push_down: 0,
  query_plan_merge_filters: 0,
}

export const questionSettings: Readonly<Record<string, string | number>> = {
  ...parserBounds,
  // Not the fence, only a second one behind it: the engine's read-only mode lets readers of files pass.
  readonly: 2,
  allow_ddl: 0,
  allow_experimental_analyzer: 1, // the one whose reading of names the guard knows
  allow_introspection_functions: 0,
  // Rows of a `table` dataset that were replaced are not seen.
  final: 1,
  max_rows_to_read: 20_000_000_000,
  max_recursive_cte_evaluation_depth: 1000,
  max_bytes_before_external_group_by: 2 ** 30,
  max_bytes_before_external_sort: 2 ** 30,
  max_temporary_data_on_disk_size_for_query: 20 * 2 ** 30,
  max_hyperscan_regexp_length: 10_000,
  max_hyperscan_regexp_total_length: 100_000,
  function_range_max_elements_in_block: 50_000_000,
  // Times are RFC 3339 in UTC, in every format.
  session_timezone: 'UTC',
  date_time_output_format: 'iso',
  output_format_decimal_trailing_zeros: 1,
  output_format_json_quote_denormals: 0,
}
