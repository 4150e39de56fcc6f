/** CSV files with rows that cannot be read, or without any. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { isLong } from '#tests/long-form'
import { cells, columnOf, misread } from './typed-cells-fixture.ts'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'
import { pipelinesOf } from './drive-fixture.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.close())

const { made, ran, count } = pipelinesOf(() => house)
const body = (name: string, path: string, more: object = {}) => ({
  name,
  source: { type: 'file', config: { path, columns: { id: 'integer' } } },
  transformations: [],
  destination: { type: 'dataset', config: { dataset: name } },
  ...more,
})

test('a row of a CSV file that cannot be read is in quarantine with its number and reason, and the others are loaded', async () => {
  const lines = ['id,name,note', '1,Ann,a', '2,Bo', '3,Cy,b,more', 'x,Di,c', '', '4,Ed,d', '']
  await house.file('ragged.csv', lines.join('\n'))
  const name = 'ragged'
  const definition = body(name, 'ragged.csv')
  const run = await ran(await made(definition))
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  assert.deepEqual(run.rows, { read: 5, written: 2, quarantined: 3 })
  const { body: kept } = await house.call('GET', `/api/v1/datasets/${name}/quarantine`)
  assert.deepEqual(kept.items.map(({ row, reason }: { row: string; reason: string }) => [row, reason]).toSorted(), [
    ['2,Bo', 'Row 2 (without the header) of "ragged.csv" has fewer values than the file has columns.'],
    ['3,Cy,b,more', 'Row 3 (without the header) of "ragged.csv" has more values than the file has columns.'],
    ['x,Di,c', 'Row 4 (without the header) of "ragged.csv" has "x" in column "id", which is an integer column.'],
  ])
  const { body: preview } = await house.call('POST', '/api/v1/pipelines/preview', { type: 'batch', ...definition })
  assert.equal(preview.steps[0].rowCount, 2)
  const quality = [{ type: 'range', field: 'id', max: 1, severity: 'error' }]
  const checked = await ran(await made(body('checked', 'ragged.csv', { quality })))
  assert.deepEqual(checked.rows, { read: 5, written: 1, quarantined: 4 })
})

test('a value of any declared type that a CSV file gets wrong is in quarantine, as from a stream', async () => {
  const columns = {
    id: 'integer',
    amount: 'number',
    price: 'decimal(18,2)',
    day: 'date',
    at: 'timestamp',
    ok: 'boolean',
  }
  const fits = '1,2.5,9.99,2026-01-02,2026-01-02T03:04:05Z,true'
  const wrong = [
    '12x,2.5,9.99,2026-01-02,2026-01-02T03:04:05Z,true',
    '3,abc,9.99,2026-01-02,2026-01-02T03:04:05Z,true',
    '4,2.5,q,2026-01-02,2026-01-02T03:04:05Z,true',
    '5,2.5,9.99,nope,2026-01-02T03:04:05Z,true',
    '6,2.5,9.99,2026-01-02,never,true',
    '7,2.5,9.99,2026-01-02,2026-01-02T03:04:05Z,maybe',
  ]
  await house.file(
    'types.csv',
    [Object.keys(columns).join(','), fits, ...wrong, fits.replace('1,', '8,'), ''].join('\n'),
  )
  const run = await ran(
    await made(body('types', 'types.csv', { source: { type: 'file', config: { path: 'types.csv', columns } } })),
  )
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  assert.deepEqual(run.rows, { read: 8, written: 2, quarantined: 6 })
  const { body: kept } = await house.call('GET', '/api/v1/datasets/types/quarantine')
  const reasons = kept.items.map(({ row, reason }: { row: string; reason: string }) => [row, reason]).toSorted()
  assert.deepEqual(
    reasons,
    wrong
      .map((row, index) => [
        row,
        [
          'Row 2 (without the header) of "types.csv" has "12x" in column "id", which is an integer column.',
          'Row 3 (without the header) of "types.csv" has "abc" in column "amount", which is a number column.',
          'Row 4 (without the header) of "types.csv" has "q" in column "price", which is a decimal(18,2) column.',
          'Row 5 (without the header) of "types.csv" has "nope" in column "day", which is a date column.',
          'Row 6 (without the header) of "types.csv" has "never" in column "at", which is a timestamp column.',
          'Row 7 (without the header) of "types.csv" has "maybe" in column "ok", which is a boolean column.',
        ][index],
      ])
      .toSorted(),
  )
})

for (const format of ['csv', 'tsv'])
  test(`a ${format.toUpperCase()} cell that the engine would read as another value of its type is in quarantine, and the others keep their value`, async () => {
    const types = Object.keys(misread)
    const columns = { n: 'integer', ...Object.fromEntries(types.map((type) => [columnOf(type), type])) }
    const separator = format === 'csv' ? ',' : '\t'
    const lines = cells.map(({ type, cell }, index) =>
      [index, ...types.map((each) => (each === type ? cell : ''))].join(separator),
    )
    const [name, path] = [`cells_${format}`, `cells.${format}`]
    await house.file(path, [Object.keys(columns).join(separator), ...lines, ''].join('\n'))
    const run = await ran(await made(body(name, path, { source: { type: 'file', config: { path, columns } } })))
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    const right = cells.filter(({ value }) => value !== undefined)
    const quarantined = cells.length - right.length
    assert.deepEqual(run.rows, { read: cells.length, written: right.length, quarantined })
    const { body: rows } = await house.call('GET', `/api/v1/datasets/${name}/rows?limit=100`)
    const found = new Map<number, Record<string, unknown>>(rows.items.map((row: { n: string }) => [Number(row.n), row]))
    assert.deepEqual(
      cells.flatMap(({ type, cell }, index) =>
        found.has(index) ? [{ type, cell, value: found.get(index)![columnOf(type)] }] : [],
      ),
      right,
    )
    const { body: kept } = await house.call('GET', `/api/v1/datasets/${name}/quarantine?limit=100`)
    const expected = cells.flatMap(({ type, cell, value }, index) => {
      const words = `${type === 'integer' ? 'an' : 'a'} ${type} column`
      const reason = `Row ${index + 1} (without the header) of "${path}" has "${cell}" in column "${columnOf(type)}", which is ${words}.`
      return value === undefined ? [[lines[index], reason]] : []
    })
    const items: { row: string; reason: string }[] = kept.items
    assert.deepEqual(items.map(({ row, reason }) => [row, reason]).toSorted(), expected.toSorted())
  })

test('a value of an NDJSON or JSON file that is none of its type is in quarantine with its record, and the others keep theirs', async () => {
  const columns = { i: 'integer', d: 'decimal(6,2)', day: 'date', at: 'timestamp', f: 'number', ok: 'boolean' }
  const good = [
    '{"i":9223372036854775807,"d":1.25,"day":"2020-02-29","at":1577836800,"f":-1e3,"ok":true,"note":"a, \\"b\\""}',
    '{"i":"7","d":"9.9","day":null,"at":"2020-01-05T10:00:00+02:00","note":null}',
  ]
  const bad = {
    '{"i":"99999999999999999999"}': ['i', '99999999999999999999', 'integer'],
    '{"i":"abc"}': ['i', 'abc', 'integer'],
    '{"i":1.5}': ['i', '1.5', 'integer'],
    '{"i":1,"d":1.239}': ['d', '1.239', 'decimal(6,2)'],
    '{"i":6,"d":1e-25}': ['d', '1e-25', 'decimal(6,2)'],
    '{"i":7,"d":1.2000000000000000000000001}': ['d', '1.2000000000000000000000001', 'decimal(6,2)'],
    '{"i":1e-25}': ['i', '1e-25', 'integer'],
    '{"i":2,"day":"2020-02-30"}': ['day', '2020-02-30', 'date'],
    '{"i":3,"at":5}': ['at', '5', 'timestamp'],
    '{"i":4,"f":1e999}': ['f', '1e999', 'number'],
    '{"i":5,"ok":"maybe"}': ['ok', 'maybe', 'boolean'],
  }
  const records = [...good, ...Object.keys(bad)]
  for (const [format, written] of Object.entries({ ndjson: records.join('\n'), json: `[${records.join(', ')}]` })) {
    const name = `values_${format}`
    await house.file(`${name}.${format}`, written)
    const source = { type: 'file', config: { path: `${name}.${format}`, columns } }
    const definition = body(name, `${name}.${format}`, { source })
    const run = await ran(await made(definition))
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.deepEqual(run.rows, { read: 13, written: 2, quarantined: 11 })
    const { body: rows } = await house.call('GET', `/api/v1/datasets/${name}/rows`)
    const values = rows.items.map(({ i, d, day, at, f, ok, note }: Record<string, unknown>) => [
      i,
      d,
      day,
      at,
      f,
      ok,
      note,
    ])
    assert.deepEqual(
      values.toSorted((one: unknown[], other: unknown[]) => String(one[0]).length - String(other[0]).length),
      [
        ['7', '9.90', null, '2020-01-05T08:00:00.000000Z', null, null, null],
        ['9223372036854775807', '1.25', '2020-02-29', '2020-01-01T00:00:00.000000Z', -1000, true, 'a, "b"'],
      ],
    )
    const { body: kept } = await house.call('GET', `/api/v1/datasets/${name}/quarantine?limit=100`)
    const expected = Object.entries(bad).map(([record, [column, cell, type]], index) => {
      const reason = `Row ${good.length + index + 1} of "${name}.${format}" has "${cell}" in column "${column}", which is ${type === 'integer' ? 'an' : 'a'} ${type} column.`
      return [record, reason]
    })
    const found = kept.items.map(({ row, reason }: { row: string; reason: string }) => [row, reason])
    assert.deepEqual(found.toSorted(), expected.toSorted())
    const { body: preview } = await house.call('POST', '/api/v1/pipelines/preview', { type: 'batch', ...definition })
    assert.equal(preview.steps?.[0]?.rowCount, 2, JSON.stringify(preview))
  }
})

test('rows with too few values do not change the numbers of the rows with a wrong cell', async () => {
  await house.file('both.csv', ['id,v', '1,x', '2', '3', 'x,4', '5', '6,y', '7.5,"a,b ""c"""', ''].join('\n'))
  const run = await ran(await made(body('both', 'both.csv')))
  assert.deepEqual(run.rows, { read: 7, written: 2, quarantined: 5 }, JSON.stringify(run.error))
  const { body: kept } = await house.call('GET', '/api/v1/datasets/both/quarantine')
  const rows = kept.items.map(({ row, reason }: { row: string; reason: string }) => [row, reason])
  assert.deepEqual(rows.filter(([, reason]: [string, string]) => reason.includes('which is')).toSorted(), [
    [
      '7.5,"a,b ""c"""',
      'Row 7 (without the header) of "both.csv" has "7.5" in column "id", which is an integer column.',
    ],
    ['x,4', 'Row 4 (without the header) of "both.csv" has "x" in column "id", which is an integer column.'],
  ])
})

test('rows with the same number in two files are both in quarantine', async () => {
  await house.file('part-1.csv', 'id,v\n1,a\n2\n')
  await house.file('part-2.csv', 'id,v\n3,b\n4\n')
  const run = await ran(await made(body('parts', 'part-*.csv')))
  assert.deepEqual(run.rows, { read: 4, written: 2, quarantined: 2 }, JSON.stringify(run.error))
  const { body: kept } = await house.call('GET', '/api/v1/datasets/parts/quarantine')
  assert.deepEqual(kept.items.map(({ row, reason }: { row: string; reason: string }) => [row, reason]).toSorted(), [
    ['2', 'Row 2 (without the header) of "part-1.csv" has fewer values than the file has columns.'],
    ['4', 'Row 2 (without the header) of "part-2.csv" has fewer values than the file has columns.'],
  ])
})

test('an integer too long for its column, far behind the rows that showed the type, is in quarantine', async () => {
  const rows = Array.from({ length: 40_000 }, (_, index) => `${index}`)
  await house.file('long.csv', ['id', ...rows, '99999999999999999999', ''].join('\n'))
  const source = { type: 'file', config: { path: 'long.csv' } }
  const run = await ran(await made(body('long', 'long.csv', { source })))
  assert.deepEqual(run.rows, { read: 40_001, written: 40_000, quarantined: 1 }, JSON.stringify(run.error))
})

for (const format of ['csv', 'tsv', 'ndjson'])
  test(`dates whose type is inferred from a ${format} file keep their day, and one that is none is in quarantine`, async () => {
    const days = ['2026-01-01', '1950-05-05', '2200-01-01', '2026-02-30', '2026-04-31']
    const separator = format === 'csv' ? ',' : '\t'
    const records = days.map((day, id) =>
      format === 'ndjson' ? JSON.stringify({ id, day }) : `${id}${separator}${day}`,
    )
    const lines = format === 'ndjson' ? records : [`id${separator}day`, ...records]
    await house.file(`days.${format}`, [...lines, ''].join('\n'))
    const name = `days_${format}`
    const source = { type: 'file', config: { path: `days.${format}` } }
    const run = await ran(await made(body(name, '', { source })))
    assert.deepEqual(run.rows, { read: 5, written: 3, quarantined: 2 }, JSON.stringify(run.error))
    const { body: rows } = await house.call('GET', `/api/v1/datasets/${name}/rows`)
    assert.deepEqual(
      rows.items.map(({ day }: { day: string }) => day.slice(0, 10)).toSorted(),
      days.slice(0, 3).toSorted(),
    )
  })

test('a column of large integers is called what it takes, and rows of a file without a header have their plain number', async () => {
  await house.file('bare.csv', '1,a\nx,b\n')
  const source = (path: string, more: object) => ({ source: { type: 'file', config: { path, ...more } } })
  await ran(
    await made(body('bare', '', source('bare.csv', { header: false, columns: { id: 'integer', v: 'string' } }))),
  )
  const reasonsOf = async (name: string) =>
    (await house.call('GET', `/api/v1/datasets/${name}/quarantine`)).body.items.map(
      (row: { reason: string }) => row.reason,
    )
  assert.deepEqual(await reasonsOf('bare'), ['Row 2 of "bare.csv" has "x" in column "id", which is an integer column.'])
  const rows = Array.from({ length: 40_000 }, () => '18446744073709551615')
  await house.file('large.csv', ['n', ...rows, '-5', ''].join('\n'))
  await ran(await made(body('large_numbers', '', source('large.csv', {}))))
  assert.deepEqual(await reasonsOf('large_numbers'), [
    'Row 40001 (without the header) of "large.csv" has "-5" in column "n", which takes whole numbers from 0 to 18,446,744,073,709,551,615.',
  ])
})

test('more than 10,000 rows that do not fit stop the run, which names the first', async () => {
  const lines = Array.from({ length: 10_001 }, (_, index) => `${index % 2 === 0 ? 'x' : '1.5'}`)
  await house.file('many.csv', ['id', ...lines, ''].join('\n'))
  const run = await ran(await made(body('many', 'many.csv')))
  assert.deepEqual(
    [run.status, run.error.code, run.error.detail],
    [
      'failed',
      'file.too_many',
      'More than 10,000 rows of "many.csv" cannot be read. Row 1 (without the header) of "many.csv" has "x" in column "id", which is an integer column.',
    ],
  )
  await house.file('enough.csv', ['id', ...lines.slice(1), ''].join('\n'))
  const enough = await ran(await made(body('enough', 'enough.csv')))
  assert.deepEqual([enough.status, enough.rows?.quarantined], ['succeeded', 10_000], JSON.stringify(enough.error))
})

const manyColumns = isLong ? 2_000 : 1_000
test(`a file of ${manyColumns} columns is read, with decimals declared`, async () => {
  const names = Array.from({ length: manyColumns }, (_, index) => `c${index}`)
  await house.file('wide.csv', [names.join(','), names.map((_, index) => index).join(','), ''].join('\n'))
  const columns = Object.fromEntries(names.slice(0, 100).map((name) => [name, 'decimal(12,2)']))
  const source = { type: 'file', config: { path: 'wide.csv', columns } }
  const run = await ran(await made(body('wide', 'wide.csv', { source })))
  assert.equal(run.rows.written, 1, JSON.stringify(run.error))
})

test('with tabs between values such a row stops the run and is named', async () => {
  await house.file('ragged.tsv', 'id\tname\n1\tAnn\n2\n')
  const run = await ran(await made(body('tabs', 'ragged.tsv')))
  assert.deepEqual(
    [run.status, run.error.detail],
    ['failed', 'Row 2 (without the header) of "ragged.tsv" has fewer values than the file has columns.'],
  )
})

test('a file with only a header is a run of no rows', async () => {
  await house.file('header.csv', 'id,name\n')
  const run = await ran(await made(body('header', 'header.csv')))
  assert.deepEqual([run.status, run.rows.written], ['succeeded', 0], JSON.stringify(run.error))
  assert.equal(await count('header'), 0)
  const { body: dataset } = await house.call('GET', '/api/v1/datasets/header')
  assert.deepEqual(
    dataset.columns.map(({ name, type }: { name: string; type: string }) => [name, type]),
    [
      ['id', 'integer'],
      ['name', 'string'],
    ],
  )
})

test('a file with text behind a closing quote, or not compressed as its name says, is reported without the path of the server', async () => {
  await house.file('quote.csv', 'id,name\n1,"x"y\n')
  await house.file('plain.csv.gz', 'id,name\n1,x\n')
  const reasons = {
    'quote.csv': 'text follows the closing quote of a value.',
    'plain.csv.gz': 'it is not compressed as its name says, or it is cut off.',
  }
  for (const [path, reason] of Object.entries(reasons)) {
    const definition = body(path.replaceAll('.', '_'), path)
    const { error } = await ran(await made(definition))
    assert.deepEqual([error.code, error.detail], ['file.unreadable', `The file "${path}" cannot be read: ${reason}`])
    const { body: preview } = await house.call('POST', '/api/v1/pipelines/preview', { type: 'batch', ...definition })
    assert.equal(preview.code, 'file.unreadable')
  }
})

test('a CSV file that ends inside quotes is refused with the line of the quote, whichever columns and rows are used', async () => {
  const fill = Array.from({ length: 3_000 }, (_, index) => `${index},n${index}`)
  const openAbove = ['id,v', '7,"open', ...fill, ''].join('\n')
  const keepsId = { type: 'map', config: { select: ['id'] } }
  const files: Record<string, { line: number; text: string; steps?: object[] }> = {
    last_value: { line: 2, text: 'id,v\n1,"x' },
    closed_before: { line: 3, text: 'id,v\n1,"x"\n2,"y\n' },
    at_the_end: { line: 3002, text: ['id,v', ...fill, '7,"a ""quote""', ''].join('\n') },
    far_above: { line: 2, text: openAbove },
    unused_column: { line: 2, text: openAbove, steps: [keepsId] },
    left_out_row: { line: 2, text: openAbove, steps: [{ type: 'filter', config: 'id < 5' }, keepsId] },
    counted: {
      line: 2,
      text: openAbove,
      steps: [{ type: 'aggregate', config: { groupBy: [], measures: { n: { type: 'count' } } } }],
    },
    first_column: { line: 3, text: ['id,v', '1,a', '"7,open', ...fill, ''].join('\n') },
    behind_bad_rows: { line: 5, text: ['id,v', 'x,a', '2', '3,c', '"7,open', ...fill, ''].join('\n') },
  }
  for (const [name, { line, text, steps }] of Object.entries(files)) {
    await house.file(`${name}.csv`, text)
    const { error } = await ran(await made(body(name, `${name}.csv`, { transformations: steps ?? [] })))
    const detail = `"${name}.csv" ends inside a value whose quote is opened in line ${line}.`
    assert.deepEqual([error?.code, error?.detail], ['file.quote', detail], name)
  }
  await house.file('packed.csv.gz', gzipSync(openAbove))
  const packed = body('packed', 'packed.csv.gz')
  const { error } = await ran(await made(packed))
  assert.equal(error?.detail, '"packed.csv.gz" ends inside a value whose quote is opened in line 2.')
  const { body: preview } = await house.call('POST', '/api/v1/pipelines/preview', { type: 'batch', ...packed })
  assert.equal(preview.steps?.length, 1, 'a preview does not read a compressed file to its end')
  const texts = ['id,v', ...fill, '1,"a,"', '2,"5"" x 7"""', '3,5" x 7"', '4,"two', 'lines"', '5,', '6,""']
  await house.file('closed.csv', texts.join('\n'))
  const run = await ran(await made(body('closed', 'closed.csv')))
  assert.deepEqual(run.rows, { read: 3_006, written: 3_006, quarantined: 0 }, JSON.stringify(run.error))
})

test('a row that cannot be read and has a line break in quotes stops the run: the engine gives only its first line', async () => {
  const rows = Array.from({ length: 20 }, (_, index) => `${index},n${index}`)
  const [inches, before, behind] = ['2,b,5" long', '"2","two\nlines",c', '2,b,"two\n"']
  await house.file('inches.csv', ['id,v', '1,a', inches, ...rows, ''].join('\n'))
  const run = await ran(await made(body('inches', 'inches.csv')))
  assert.deepEqual(run.rows, { read: 22, written: 21, quarantined: 1 }, JSON.stringify(run.error))
  for (const [index, row] of [before, behind].entries()) {
    await house.file(`lines-${index}.csv`, ['id,v', '1,a', row, ...rows, ''].join('\n'))
    const { error } = await ran(await made(body(`lines_${index}`, `lines-${index}.csv`)))
    const because = 'row 2 (without the header) cannot be read, and a value in quotes goes on in its next line.'
    const detail = `The file "lines-${index}.csv" cannot be read: ${because}`
    assert.deepEqual([error?.code, error?.detail], ['file.unreadable', detail])
  }
})

test('of a rejected row of more than a million characters quarantine has the beginning or a note, and no record', async () => {
  const long = 'ü'.repeat(2 ** 20)
  await house.file('long-rows.csv', ['id,v', '1,a', `x,${long}`, `2,b,${long}`, ''].join('\n'))
  const run = await ran(await made(body('long_rows', 'long-rows.csv')))
  assert.deepEqual(run.rows, { read: 3, written: 1, quarantined: 2 }, JSON.stringify(run.error))
  const { body: kept } = await house.call('GET', '/api/v1/datasets/long_rows/quarantine')
  const items: { row: string; record?: unknown }[] = kept.items
  assert.deepEqual(items.map(({ row, record }) => [row.slice(0, 3), row.length, record]).toSorted(), [
    ['The', 38, undefined],
    ['x,ü', 2 ** 20, undefined],
  ])
})

test('a column without a name in the header is left out, by the preview as by the run', async () => {
  await house.file('unnamed.csv', ',id\n0,7\n')
  const definition = body('unnamed', 'unnamed.csv')
  const { body: preview } = await house.call('POST', '/api/v1/pipelines/preview', { type: 'batch', ...definition })
  assert.deepEqual(preview.steps?.[0]?.rows, [{ id: '7' }], JSON.stringify(preview))
  const run = await ran(await made(definition))
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  const { body: rows } = await house.call('GET', '/api/v1/datasets/unnamed/rows')
  assert.deepEqual(rows.items[0].id, '7')
})
