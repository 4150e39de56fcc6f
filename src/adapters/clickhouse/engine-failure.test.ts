import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFailure } from './engine-failure.ts'
import { readStatementFailure } from './statement-failure.ts'

test('row, column and value of a failure are read from the text of the engine', () => {
  const value = `Expected end of line: (at row 3)\n:\nRow 3:\nColumn 0,   name: id, type: Int64, parsed text: "3"\nColumn 1,   name: x,  type: Nullable(Int64), ERROR: text "abc<LINE FEED>" is not like Int64\n: (in file/uri /f/a.csv)`
  for (const [text, reading] of [
    [value, { kind: 'value', row: '3', column: 'x', value: 'abc', type: 'Nullable(Int64)' }],
    [
      `Cannot parse input: expected '"' before: 'abc"}\\n': (while reading the value of key x): (at row 2)`,
      { kind: 'value', row: '2', column: 'x', value: 'abc' },
    ],
    [
      `Cannot read floating point value here: : (at row 2)\n: \nRow 2:\nColumn 0,   name: id, type: Nullable(Int64),   parsed text: "2"\nColumn 1,   name: v,  type: Nullable(Float64), parsed text: <EMPTY>ERROR\nCode: 72. DB::Exception: Cannot read floating point value here: . (CANNOT_PARSE_NUMBER)`,
      { kind: 'value', row: '2', column: 'v', type: 'Nullable(Float64)' },
    ],
    [
      `Row 2:\nColumn 1,   name: v,  type: Nullable(Bool),  parsed text: <EMPTY>ERROR\nCode: 467. DB::Exception: Cannot parse boolean value here: 'maybe\n', should be (at row 2)`,
      { kind: 'value', row: '2', column: 'v', value: 'maybe', type: 'Nullable(Bool)' },
    ],
    [
      `Row 2:\nColumn 1,   name: v,  type: Nullable(Float64), parsed text: "1.5"\nERROR: garbage after Nullable(Float64): "x,b<LINE FEED>" (at row 2)`,
      { kind: 'value', row: '2', column: 'v', value: '1.5x', type: 'Nullable(Float64)' },
    ],
    [
      "Automatically defined type Array(Int64) for column 'a b' in row 2 differs from type defined by previous rows: Nullable(Int64). You can specify the type for this column using setting schema_inference_hints.",
      { kind: 'value', row: '3', column: 'a b', type: 'Nullable(Int64)' },
    ],
    ['Row has less columns than expected (at row 9)', { kind: 'row_length', row: '9', compared: 'fewer' }],
    [
      "Cannot parse input: expected ',' at end of stream: (at row 2)\n: Buffer has gone, cannot extract information about what has been parsed: (in file/uri /f/a.csv)",
      { kind: 'row_length', row: '2', compared: 'fewer' },
    ],
    ["File /f/a.csv doesn't exist", { kind: 'missing' }],
    ['Cannot write to file: errno: 28, strerror: No space left on device', { kind: 'disk_full' }],
    ['The table structure cannot be extracted from a CSV format file. The file is empty', { kind: 'empty' }],
    [
      'The table structure cannot be extracted from a CSV format file. Rows have different amount of values',
      { kind: 'unreadable', because: 'row_lengths' },
    ],
    ['Expected end of line.', { kind: 'unreadable', because: 'quotes' }],
    ['inflate failed: data error: While reading from: /f/a.csv.gz', { kind: 'unreadable', because: 'compression' }],
    ["ZSTD stream decoding failed: error 'Unknown frame descriptor'", { kind: 'unreadable', because: 'compression' }],
    ['lzma_stream_decoder failed: error code LZMA_BUF_ERROR', { kind: 'unreadable', because: 'compression' }],
    ['LZ4 decompression failed. LZ4F version: 100.', { kind: 'unreadable', because: 'compression' }],
    ['Unsupported compression method', { kind: 'unreadable', because: 'compression' }],
    ['Not a Parquet file', { kind: 'unreadable' }],
    ['Not a Parquet file: (in file/uri /brotli/a.parquet)', { kind: 'unreadable' }],
    ['Buffer has gone, cannot extract information about what has been parsed.', { kind: 'no_row_text' }],
    ["Could not collect raw data because two last rows aren't in buffer (rare case)", { kind: 'no_row_text' }],
    ['Unknown expression identifier `x`', undefined],
  ] as const)
    assert.deepEqual(readFailure(text).reading, reading, text)
})

test('the row may be known from elsewhere', () => {
  const text = 'Row has more columns than expected'
  assert.equal(readFailure(text).reading, undefined)
  assert.deepEqual(readFailure(text, '4').reading, { kind: 'row_length', row: '4', compared: 'more' })
})

test('the reason is one sentence without what only the engine’s makers need', () => {
  const text =
    'Error while reading: Code: 117. DB::Exception: Bad bracket (version 25.1): (in file/uri /f): While executing X'
  assert.equal(readFailure(text).reason, 'Bad bracket')
  assert.equal(readFailure('inflate failed: While reading from: /f/a.csv.gz').reason, 'inflate failed')
  const scoped = 'Illegal types Int64 and String of __table1.id in ws_a.orders: In scope SELECT id + x FROM ws_a.orders'
  assert.equal(readFailure(scoped).reason, 'Illegal types Int64 and String of id in orders')
})

test('what of a statement is wrong is read from the text of the engine', () => {
  const missing =
    "Unknown expression or function identifier `amout` in scope SELECT amout FROM orders. Maybe you meant: ['amount']"
  assert.deepEqual(readStatementFailure(missing, 'unknown_column'), { kind: 'name', name: 'amout' })
  assert.deepEqual(readStatementFailure("Function with name 'summ' does not exist", 'unknown_function'), {
    kind: 'name',
    name: 'summ',
  })
  assert.deepEqual(readStatementFailure('Substitution `n` is not set', 'missing_parameter'), {
    kind: 'name',
    name: 'n',
  })
  assert.deepEqual(
    readStatementFailure(
      'Syntax error: failed at position 23 (WHER) (line 3, col 1): WHER id = 1. Expected one of: token, FINAL, WHERE, end of query',
      'syntax',
    ),
    {
      kind: 'syntax',
      position: '23',
      near: 'WHER',
      line: '3',
      column: '1',
      expected: ['FINAL', 'WHERE'],
      several: false,
    },
  )
  assert.equal(readStatementFailure('Division by zero', 'data'), undefined)
})
