import type { LineRule } from './line-rules.ts'
import { unitOf } from './units.ts'

/** Besides adapters. */
const compiler = /^src\/plans\/clickhouse\//

/** Settings, error numbers and error texts of ClickHouse where the words of the ports should be used. */
export const engineName: LineRule = {
  rule: 'engine-name',
  mayBreak: (path) => unitOf(path).layer === 'adapters' || compiler.test(path),
  find(code) {
    const setting = settings.exec(code)?.[0]
    if (setting !== undefined) return `names the engine's setting "${setting}"; use a word of #core/engine-settings`
    const number = errorNumber.exec(code)?.[0]
    if (number !== undefined) return `knows the engine's error "${number}"; use the kind of the WarehouseError`
    const words = errorWords.exec(code)?.[0]
    return words && `reads the engine's text "${words}"; use the failure of the WarehouseError`
  },
}

const errorNumber = /\bCode: ?\\?[\d]+/

/** As a pattern or a string has them. */
const errorWords = new RegExp(
  [
    '\\bDB::',
    '\\(at row \\\\?[(\\\\$]',
    '\\bCannot (?:parse input|read rows|stat file)',
    '\\bCANNOT_[A-Z_]+',
    '<LINE FEED>',
    '\\bfailed at position\\b',
    '\\bExpected one of\\b',
    '\\bMulti-statements\\b',
    '\\bBuffer has gone\\b',
    '\\bCould not collect raw data\\b',
    '\\bIn scope\\b',
    '__table',
  ].join('|'),
)

const settings = new RegExp(
  `\\b(?:${[
    'max_(?:execution_time|memory_usage|threads|block_size|query_size|result_\\w+|rows_to_\\w+|bytes_\\w+)',
    'max_(?:insert|ast|parser|temporary|hyperscan|recursive)_\\w+',
    'min_insert_block_size_\\w+',
    '(?:input|output)_format_\\w+',
    'format_(?:csv|custom)_\\w+',
    'date_time_(?:input|output)_format',
    'session_timezone',
    'join_use_nulls',
    'insert_(?:null_as_default|deduplication_token|deduplicate)',
    'async_insert\\w*',
    'mutations_sync',
    'optimize_on_insert',
    'schema_inference_\\w+',
    'engine_file_\\w+',
    'allow_(?:experimental|introspection|ddl)\\w*',
    'query_plan_\\w+',
    'enable_optimize_\\w+',
    'compile_(?:expressions|aggregate_expressions|sort_description)',
    'function_(?:range|sleep)_\\w+',
    'log_comment',
  ].join('|')})\\b`,
)
