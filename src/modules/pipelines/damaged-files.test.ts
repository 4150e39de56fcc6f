/** CSV files with rows that cannot be read, or without any. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
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
    ['2,Bo', 'Row 2 of "ragged.csv" has fewer values than the file has columns.'],
    ['3,Cy,b,more', 'Row 3 of "ragged.csv" has more values than the file has columns.'],
    ['x,Di,c', 'Row 4 of "ragged.csv" has "x" in column "id", which holds integer.'],
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
          'Row 2 of "types.csv" has "12x" in column "id", which holds integer.',
          'Row 3 of "types.csv" has a value that does not fit in column "amount", which holds number.',
          'Row 4 of "types.csv" has "q" in column "price", which holds decimal(18,2).',
          'Row 5 of "types.csv" has a value that does not fit in column "day", which holds date.',
          'Row 6 of "types.csv" has "never" in column "at", which holds timestamp.',
          'Row 7 of "types.csv" has "maybe" in column "ok", which holds boolean.',
        ][index],
      ])
      .toSorted(),
  )
})

test('with tabs between values such a row stops the run and is named', async () => {
  await house.file('ragged.tsv', 'id\tname\n1\tAnn\n2\n')
  const run = await ran(await made(body('tabs', 'ragged.tsv')))
  assert.deepEqual(
    [run.status, run.error.detail],
    ['failed', 'Row 2 of "ragged.tsv" has fewer values than the file has columns.'],
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
