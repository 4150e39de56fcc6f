import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isMillraceError } from '#sdk'
import { enginePath, formatOf } from './formats.ts'
import { isLong, seed } from '#tests/long-form'
import { readFailure } from '#adapters/clickhouse/engine-failure'
import { endOf } from './open-quotes.ts'
import { explainReading } from './source.ts'

const said = (message: string) => {
  const error = explainReading(readFailure(message), 'a.csv')
  return isMillraceError(error) ? [error.code, error.message] : undefined
}

test('a value that does not fit is reported with row, column and value', () => {
  const beside = `Expected end of line: (at row 3)\n:\nRow 3:\nColumn 0,   name: id, type: Int64, parsed text: "3"\nColumn 1,   name: x,  type: Int64, ERROR: text "abc<LINE FEED>" is not like Int64\n`
  assert.deepEqual(said(beside), [
    'file.value',
    'Row 3 of "a.csv" has "abc" in column "x", which is an integer column.',
  ])
  const below = `Expected end of line: (at row 7)\n:\nRow 7:\nColumn 0,   name: id,     type: Nullable(Int64), parsed text: "3"\nColumn 1,   name: amount, type: Nullable(Int64), parsed text: <EMPTY>\nERROR: garbage after Nullable(Int64): "abc<LINE FEED>"\n`
  assert.deepEqual(said(below), [
    'file.value',
    'Row 7 of "a.csv" has "abc" in column "amount", which is an integer column.',
  ])
  const json = `Cannot parse input: expected '"' before: 'abc"}\\n': (while reading the value of key x): (at row 2)\n: (in file/uri /f/bad.ndjson)`
  assert.deepEqual(said(json), ['file.value', 'Row 2 of "a.csv" has \'abc\' in column "x", which has another type.'])
})

test('a file that is gone, empty, broken or too large for the disk is reported as that', () => {
  assert.equal(said("File /f/a.csv doesn't exist")?.[0], 'file.vanished')
  assert.equal(said('Cannot stat file /f/a.csv: , errno: 2, strerror: No such file or directory')?.[0], 'file.vanished')
  assert.equal(
    said('The table structure cannot be extracted from a CSVWithNames format file: the file is empty.')?.[0],
    'file.empty',
  )
  assert.equal(
    said(
      'The table structure cannot be extracted from a Parquet format file. Error:\nParquet file too short: 5 bytes.',
    )?.[0],
    'file.unreadable',
  )
  for (const because of [
    'Duplicate column name found while schema inference: "a".',
    'The number of column names 2 differs with the number of types 1.',
    'Unexpected EOF while reading JSON object.',
  ])
    assert.deepEqual(said(because), ['file.unreadable', `The file "a.csv" cannot be read: ${because}`])
  assert.equal(said('Cannot write to file: , errno: 28, strerror: No space left on device')?.[0], 'file.full')
  assert.equal(said('Something else'), undefined)
})

test('formats are inferred from names, and names that the engine would read as patterns are refused', () => {
  assert.deepEqual(
    ['a.csv', 'b.CSV.gz', 'c.jsonl', 'd.parquet'].map((path) => formatOf(path, undefined)),
    ['csv', 'csv', 'ndjson', 'parquet'],
  )
  assert.throws(() => formatOf('noending', undefined), /noending/)
  assert.equal(enginePath(['/f/a.csv', '/f/b.csv']), '/{f/a.csv,f/b.csv}')
  for (const path of ['/f/a{1}.csv', '/f/*.csv', '/f/a.zip::b.csv']) assert.throws(() => enginePath([path]))
})

test('the end of a CSV file shows whether it ends inside quotes, as the whole file does, or does not say', () => {
  const plain = fc.constantFrom('', 'a', '5" x', ' b')
  const quoted = fc
    .string({ unit: fc.constantFrom('"', ',', '\n', 'a', ' '), maxLength: 8 })
    .map((value) => `"${value.replaceAll('"', '""')}"`)
  const row = fc.array(fc.oneof(plain, quoted), { minLength: 1, maxLength: 3 }).map((cells) => cells.join(','))
  const file = fc.array(row, { maxLength: 6 }).map((rows) => rows.join('\n'))
  const seen = new Set<string>()
  fc.assert(
    fc.property(file, fc.nat(), fc.nat(), (text, end, begin) => {
      const bytes = Buffer.from(text.slice(0, end % (text.length + 1)))
      const start = begin % (bytes.length + 1)
      const whole = endOf(bytes, ',', true)
      const tail = endOf(bytes.subarray(start), ',', false)
      seen.add(tail.state)
      if (tail.state === 'ambiguous') return
      if (tail.state !== 'inside') assert.deepEqual('at' in tail ? { ...tail, at: tail.at + start } : tail, whole)
      else if (whole.state === 'open') {
        const value = bytes.toString('utf8', whole.at + 1).replaceAll('""', '"')
        assert.ok(value.endsWith(tail.value.toString()))
      }
    }),
    { seed, numRuns: isLong ? 200_000 : 5_000 },
  )
  assert.deepEqual([...seen].toSorted(), ['ambiguous', 'closed', 'inside', 'open'])
})
