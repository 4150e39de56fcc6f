import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { isMillraceError } from '#sdk'
import { enginePath, formatOf } from './formats.ts'
import { isLong, seed } from '#tests/long-form'
import { readFailure } from '#adapters/clickhouse/engine-failure'
import { isClosed, openQuote as openQuoteOf, quoteReader, refuseOpenQuotes } from './open-quotes.ts'
import { cellsOf } from './row-record.ts'
import { explainReading } from './source.ts'

const comma = 0x2c
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

/** The position of the quote that is not closed, character by character. */
function openQuote(text: string): number | undefined {
  let at = 0
  while (at < text.length) {
    while (text[at] === ' ' || text[at] === '\t') at += 1
    if (text[at] === '"') {
      const opened = at
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += text[at] === '"' ? 2 : 1)
        if (at >= text.length) return opened
      at += 1
    }
    while (at < text.length && text[at] !== ',' && text[at] !== '\n') at += 1
    at += 1
  }
  return undefined
}

test('the quotes of a CSV file are followed through chunks of any size, and its end proves only what the whole file shows', () => {
  const plain = fc.constantFrom('', 'a', '5" x', ' b', '\t', "'")
  const quoted = fc
    .tuple(
      fc.constantFrom('', ' '),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', ' '), maxLength: 8 }),
      fc.constantFrom('', ' '),
    )
    .map(([before, value, behind]) => `${before}"${value.replaceAll('"', '""')}"${behind}`)
  const row = fc.array(fc.oneof(plain, quoted), { minLength: 1, maxLength: 3 }).map((cells) => cells.join(','))
  const file = fc.array(row, { maxLength: 6 }).map((rows) => rows.join('\n'))
  const seen = new Set<string>()
  fc.assert(
    fc.property(file, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 9 }), (text, end, begin, size) => {
      const known = text.slice(0, end % (text.length + 1))
      const bytes = Buffer.from(known)
      const reader = quoteReader(comma)
      for (let at = 0; at < bytes.length; at += size) reader.take(bytes.subarray(at, at + size))
      assert.equal(reader.opened(), openQuote(known))
      const proven = isClosed(bytes.subarray(begin % (bytes.length + 1)), comma)
      if (proven) assert.equal(reader.opened(), undefined)
      seen.add(`${proven} ${reader.opened() === undefined}`)
    }),
    { seed, numRuns: isLong ? 200_000 : 5_000 },
  )
  assert.deepEqual([...seen].toSorted(), ['false false', 'false true', 'true true'])
  const marked = quoteReader(comma)
  marked.take(Buffer.from('\uFEFF"id","v\n'))
  assert.equal(marked.opened(), 8)
})

const blanks = fc.constantFrom('', ' ', '\t', ' \t')
const cellInRow = fc
  .tuple(blanks, fc.string({ unit: fc.constantFrom('"', ',', 'a', ' ', 'ü'), maxLength: 6 }), blanks, fc.boolean())
  .map(([before, text, behind, quoted]) =>
    quoted || /[",]|^ | $/.test(text)
      ? { value: text, written: `${before}"${text.replaceAll('"', '""')}"${behind}` }
      : { value: text, written: `${before}${text}${behind}` },
  )

test('a rejected row is split into its cells by the rules by which the quotes of the file are followed', () => {
  const settings = { seed, numRuns: isLong ? 200_000 : 3_000 }
  fc.assert(
    fc.property(fc.array(cellInRow, { minLength: 1, maxLength: 4 }), (row) => {
      assert.deepEqual(
        cellsOf(row.map(({ written }) => written).join(','), ','),
        row.map(({ value }) => value),
      )
    }),
    settings,
  )
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', ',', 'a', ' ', '\t'), maxLength: 16 }), (row) => {
      const isSeparator = (character: string, at: number): boolean =>
        character === ',' && openQuoteOf(Buffer.from(row.slice(0, at)), ',') === undefined
      assert.equal(cellsOf(row, ',').length, 1 + [...row].filter(isSeparator).length)
    }),
    settings,
  )
  assert.deepEqual(cellsOf(' 5" x 7" ;"a" b; ', ';'), ['5" x 7"', 'a b', ''])
})

test('a CSV file in gzip is followed to its end, over all its members, except for a sample or where it is cut off', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-quotes-'))
  const path = join(folder, 'a.csv.gz')
  const check = async (content: Buffer, isSample = false): Promise<unknown> => {
    await writeFile(path, content)
    const following = { delimiter: ',', signal: new AbortController().signal, isSample }
    return refuseOpenQuotes([{ path, shown: 'a.csv.gz' }], following).catch((error: unknown) => String(error))
  }
  try {
    const rows = 'id,v\n1,"two\nlines"\n'.repeat(50_000)
    const open = Buffer.concat([gzipSync(`${rows}7,"op`), gzipSync(`en\n${rows.replaceAll('"', '')}`)])
    const refusal = 'MillraceError: "a.csv.gz" ends inside a value whose quote is opened in line 150001.'
    assert.equal(await check(open), refusal)
    const closed = gzipSync(`${rows}7,"closed"\n`)
    for (const content of [closed, Buffer.concat([closed, gzipSync(rows)]), closed.subarray(0, -20), Buffer.from('"a')])
      assert.equal(await check(content), undefined)
    assert.equal(await check(open, true), undefined)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a CSV file that is deleted before its quotes are followed is reported as that', async () => {
  for (const path of ['/nowhere/a.csv', '/nowhere/a.csv.gz']) {
    const following = { delimiter: ',', signal: new AbortController().signal, isSample: false }
    const gone = refuseOpenQuotes([{ path, shown: 'a.csv' }], following)
    await assert.rejects(gone, (error) => isMillraceError(error) && error.code === 'file.vanished')
  }
})
