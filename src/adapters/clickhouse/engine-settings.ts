import type { EngineSettings } from '#core/engine-settings'
import type { QueryLimits } from '#ports/warehouse'

export type ClickhouseNames = Readonly<Record<string, string | number>>

/** The settings in ClickHouse's own names. */
export function clickhouseSettings(settings: EngineSettings): ClickhouseNames {
  const names = Object.keys(settings) as (keyof EngineSettings)[]
  return Object.assign({}, ...names.map((name) => translated(name, settings[name]))) as ClickhouseNames
}

export function clickhouseLimits(limits: QueryLimits): ClickhouseNames {
  const { seconds, rows, memoryBytes, rowsRead, spillBytes, temporaryBytes } = limits
  return {
    ...(seconds === undefined ? {} : { max_execution_time: seconds }),
    ...(rows === undefined ? {} : { max_result_rows: rows, result_overflow_mode: 'throw' }),
    ...(memoryBytes === undefined ? {} : { max_memory_usage: memoryBytes }),
    ...(rowsRead === undefined ? {} : { max_rows_to_read: rowsRead }),
    ...(spillBytes === undefined
      ? {}
      : { max_bytes_before_external_group_by: spillBytes, max_bytes_before_external_sort: spillBytes }),
    ...(temporaryBytes === undefined ? {} : { max_temporary_data_on_disk_size_for_query: temporaryBytes }),
  }
}

function translated<K extends keyof EngineSettings>(name: K, value: EngineSettings[K]): ClickhouseNames {
  // Each translation takes the values of its own setting.
  const translate = translations[name] as (value: EngineSettings[K]) => ClickhouseNames
  return value === undefined ? {} : translate(value)
}

const boundedParsing = {
  max_query_size: 1_000_000,
  max_parser_depth: 300,
  max_parser_backtracks: 200_000,
  max_ast_depth: 300,
  max_ast_elements: 20_000,
}

const interpreted = { compile_expressions: 0, compile_aggregate_expressions: 0, compile_sort_description: 0 }

const fileValues = {
  typed: {},
  csv: {
    input_format_csv_use_best_effort_in_schema_inference: 1,
    input_format_csv_skip_trailing_empty_lines: 1,
    input_format_try_infer_datetimes_only_datetime64: 1,
    date_time_input_format: 'best_effort',
  },
  csv_text: {
    input_format_csv_use_best_effort_in_schema_inference: 0,
    input_format_csv_skip_trailing_empty_lines: 1,
    input_format_try_infer_datetimes_only_datetime64: 1,
    date_time_input_format: 'best_effort',
  },
  json: {
    input_format_json_read_objects_as_strings: 1,
    input_format_json_read_arrays_as_strings: 1,
    input_format_json_try_infer_named_tuples_from_objects: 0,
    input_format_try_infer_datetimes_only_datetime64: 1,
    input_format_skip_unknown_fields: 1,
    date_time_input_format: 'best_effort',
  },
} as const

/** Rows pass one after another from one reader to one writer; files are still parsed by several threads, in order. */
const oneStream = {
  max_streams_to_max_threads_ratio: 0.000_001,
  parallelize_output_from_storages: 0,
  max_insert_threads: 1,
} as const

const translations: {
  readonly [K in keyof EngineSettings]-?: (value: NonNullable<EngineSettings[K]>) => ClickhouseNames
} = {
  times: () => ({ date_time_output_format: 'iso' }),
  exactNumbers: (form) => {
    const quoted = form === 'text' ? 1 : 0
    return { output_format_json_quote_64bit_integers: quoted, output_format_json_quote_decimals: quoted }
  },
  decimalDigits: () => ({ output_format_decimal_trailing_zeros: 1 }),
  nonFinite: () => ({ output_format_json_quote_denormals: 0 }),
  zone: (zone) => ({ session_timezone: zone }),
  timesRead: () => ({ date_time_input_format: 'best_effort' }),
  emptyValues: () => ({ insert_null_as_default: 0 }),
  rowVersions: () => ({ final: 1 }),
  firstRows: (rows) => ({ limit: rows }),
  conditions: () => ({
    enable_optimize_predicate_expression: 0,
    query_plan_filter_push_down: 0,
    query_plan_merge_filters: 0,
  }),
  author: () => ({
    ...boundedParsing,
    // Not the fence, only a second one behind it: the engine's read-only mode lets readers of files pass.
    readonly: 2,
    allow_ddl: 0,
    allow_experimental_analyzer: 1, // the one whose reading of names the guard knows
    allow_introspection_functions: 0,
    max_recursive_cte_evaluation_depth: 1000,
    max_hyperscan_regexp_length: 10_000,
    max_hyperscan_regexp_total_length: 100_000,
    function_range_max_elements_in_block: 50_000_000,
  }),
  parsing: () => boundedParsing,
  maxStatementBytes: (bytes) => ({ max_query_size: bytes }),
  statement: () => ({ max_query_size: 2 ** 23, max_ast_elements: 1_000_000, max_expanded_ast_elements: 5_000_000 }),
  evaluation: () => interpreted,
  insert: (form) =>
    form === 'synchronous'
      ? { async_insert: 0 }
      : {
          async_insert: 0,
          max_threads: 1,
          max_insert_threads: 1,
          min_insert_block_size_rows: 1_000_000_000,
          min_insert_block_size_bytes: 0,
          max_insert_block_size: 1_000_000_000,
          optimize_on_insert: 1,
        },
  deletion: () => ({ mutations_sync: 1 }),
  insertToken: (token) => ({ insert_deduplication_token: token }),
  order: () => oneStream,
  fileValues: (form) => ({ schema_inference_make_columns_nullable: 1, ...fileValues[form] }),
  inferredNumbers: () => ({ input_format_try_infer_integers: 0 }),
  csvDelimiter: (delimiter) => ({ format_csv_delimiter: delimiter }),
  customDelimiter: (delimiter) => ({
    format_custom_escaping_rule: 'CSV',
    format_custom_field_delimiter: delimiter,
  }),
  raggedRows: () => ({
    input_format_csv_allow_variable_number_of_columns: 1,
    input_format_custom_allow_variable_number_of_columns: 1,
  }),
  brokenRows: ({ max, file }) => ({
    input_format_allow_errors_num: max,
    ...(file === undefined ? {} : { input_format_record_errors_file_path: file }),
    input_format_parallel_parsing: 0,
    max_threads: 1,
  }),
  existingFile: () => ({ engine_file_truncate_on_insert: 1 }),
}
