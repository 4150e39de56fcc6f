/** A JSON value that goes through pipelines and files comes back as it was. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { parseExact } from '#core/exact-json'
import { jsonTexts } from '#core/json-text-fixture'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

const scalars = ['1', '"1"', '"true"', 'true', 'false', '9007199254740993', '"[1]"', '""', '-0', '1e400', '1.10', '"null"', '"{}"', '{"a/b":[1.50,{"c":"\\\\/"}]}', '"\\u0001 1\\u0001"'] // prettier-ignore
const values = [...scalars, ...fc.sample(jsonTexts, { numRuns: 200, seed: 7 })]

let house: House
before(async () => {
  house = await openHouse()
  await declare('values')
  const body = values.map((value, n) => `{"n":${n},"j":${value}}`).join('\n')
  const sent = await house.call('POST', '/api/v1/streams/values/events', body, {
    'content-type': 'application/x-ndjson',
  })
  assert.equal(sent.body.accepted, values.length)
})
after(() => house.close())

async function declare(name: string, more: object = {}): Promise<void> {
  const columns = [
    { name: 'n', type: 'integer' },
    { name: 'j', type: 'json' },
  ]
  const { status, body } = await house.call('POST', '/api/v1/datasets', { name, columns, ...more })
  assert.equal(status, 201, JSON.stringify(body))
}

async function valuesOf(dataset: string): Promise<string[]> {
  const response = await fetch(`${house.url}/api/v1/datasets/${dataset}/rows?limit=1000`)
  const { items } = parseExact(await response.text()) as { items: { n: string; j: unknown }[] }
  return items.toSorted((one, other) => Number(one.n) - Number(other.n)).map((row) => JSON.stringify(row.j))
}

// `any`: answers differ by route
async function run(name: string, definition: object): Promise<any> {
  const made = await house.call('POST', '/api/v1/pipelines', { name, type: 'batch', ...definition })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { body } = await house.call('POST', `/api/v1/pipelines/${made.body.id}/run?wait=60s`)
  assert.equal(body.status, 'succeeded', JSON.stringify(body.error))
  return body
}

const stream = { type: 'stream', config: { stream: 'values' } }
const dataset = (name: string, more: object = {}) => ({ type: 'dataset', config: { dataset: name, ...more } })

test('from a stream into a dataset, a table, through checks and through SQL', async () => {
  await run('copy', { source: stream, destination: dataset('copy', { mode: 'append' }) })
  assert.deepEqual(await valuesOf('copy'), values)
  await run('keyed', { source: dataset('copy'), destination: dataset('keyed', { mode: 'merge', key: ['n'] }) })
  assert.deepEqual(await valuesOf('keyed'), values)
  const quality = [{ type: 'not_null', field: 'n', severity: 'error' }]
  await run('checked', { source: stream, quality, destination: dataset('checked', { mode: 'append' }) })
  assert.deepEqual(await valuesOf('checked'), values)
  await declare('queried')
  const transformations = [{ type: 'sql', config: { sql: 'SELECT n, j FROM input' } }]
  await run('queried', { source: stream, transformations, destination: dataset('queried', { mode: 'append' }) })
  assert.deepEqual(await valuesOf('queried'), values)
})

for (const format of ['ndjson', 'json', 'csv', 'tsv', 'parquet', 'ndjson.gz'])
  test(`out to a ${format} file and back`, async () => {
    const path = `values.${format}`
    const name = `from_${format.replace('.', '_')}`
    await run(`to ${format}`, { source: stream, destination: { type: 'file', config: { path } } })
    const source = { type: 'file', config: { path, columns: { j: 'json' } } }
    await run(`from ${format}`, { source, destination: dataset(name, { mode: 'append' }) })
    assert.deepEqual(await valuesOf(name), values)
  })

test('a file of JSON lines that others wrote, with blank lines and members in any order', async () => {
  await house.file(
    'others.ndjson',
    '{"j": "1", "n": 0}\n\n{"n":1,"j":1,"other":2}\n{"n":2}\n{"j": {"a" : [1.50]},"n":3}\n',
  )
  const source = { type: 'file', config: { path: 'others.ndjson', columns: { j: 'json' } } }
  await run('others', { source, destination: dataset('others', { mode: 'append' }) })
  assert.deepEqual(await valuesOf('others'), ['"1"', '1', 'null', '{"a":[1.50]}'])
})

test('a column of a JSON file whose values have no type in common is named, and holds them all as json', async () => {
  const mixed = ['{"a":1}', 'null', '"x"', '[1]']
  const destination = dataset('mixed', { mode: 'append' })
  const problems = async (path: string, columns = {}) => {
    const source = { type: 'file', config: { path, columns } }
    const definition = { name: 'mixed', type: 'batch', source, destination }
    return (await house.call('POST', '/api/v1/pipelines/validate', definition)).body.problems
  }
  await house.file('mixed.ndjson', mixed.map((value, n) => `{"n":${n},"j":${value}}`).join('\n'))
  await house.file('lists.json', '[{"n":1,"j":[1]}, {"n":2,"j":[["a"]]}]')
  const suggestion =
    'Correct the row, or give the column another type under "columns" of the source; a "json" column takes any value.'
  const fault = (row: string, is: string) => [
    { at: 'source', code: 'file.value', message: `${row} has a value that does not fit in column "j", which ${is}.`, suggestion }, // prettier-ignore
  ]
  assert.deepEqual(await problems('mixed.ndjson'), fault('Row 4 of "mixed.ndjson"', 'is a string column'))
  await house.file('two.ndjson', mixed.map((value) => `{"k":${value},"j":${value}}`).join('\n'))
  assert.deepEqual(await problems('two.ndjson', { k: 'json' }), fault('Row 4 of "two.ndjson"', 'is a string column'))
  assert.deepEqual(await problems('lists.json'), fault('Row 2 of "lists.json"', 'holds lists of one type'))
  assert.deepEqual(await problems('lists.json', { j: 'json' }), [])
  const source = { type: 'file', config: { path: 'mixed.ndjson', columns: { j: 'json' } } }
  await run('mixed', { source, destination })
  assert.deepEqual(await valuesOf('mixed'), mixed)
})

test('a file with a json column is checked as others are, and its bad values are in quarantine with their records', async () => {
  const columns = { i: 'integer', d: 'decimal(6,2)', day: 'date', j: 'json' }
  const good = ['{"i":9223372036854775807,"d":1.25,"day":"2020-02-29","j":"1"}', '{"i":"7","j":{"a":1.50},"free":"x"}']
  const bad = {
    '{"i":99999999999999999999,"j":1}': ['i', '99999999999999999999', 'an integer'],
    '{"i":1,"d":1.239,"j":[2]}': ['d', '1.239', 'a decimal(6,2)'],
    '{"i":2,"day":"2020-02-30","j":3}': ['day', '2020-02-30', 'a date'],
  }
  const [firstBad = '', ...otherBad] = Object.keys(bad)
  const records = [good[0], firstBad, good[1], ...otherBad]
  for (const [format, written] of Object.entries({ ndjson: records.join('\n'), json: `[${records.join(', ')}]` })) {
    const name = `beside_${format}`
    await house.file(`${name}.${format}`, written)
    const source = { type: 'file', config: { path: `${name}.${format}`, columns } }
    const { rows: counts } = await run(name, { source, destination: dataset(name) })
    assert.deepEqual(counts, { read: 5, written: 2, quarantined: 3 })
    const { body: rows } = await house.call('GET', `/api/v1/datasets/${name}/rows`)
    assert.deepEqual(rows.items.map(({ i, d, j, free }: Record<string, unknown>) => [i, d, j, free]).toSorted(), [
      ['7', null, { a: 1.5 }, 'x'],
      ['9223372036854775807', '1.25', '1', null],
    ])
    const { body: kept } = await house.call('GET', `/api/v1/datasets/${name}/quarantine`)
    const expected = Object.entries(bad).map(([record, [column, cell, type]]) => [
      record,
      `Row ${records.indexOf(record) + 1} of "${name}.${format}" has "${cell}" in column "${column}", which is ${type} column.`,
    ])
    assert.deepEqual(
      kept.items.map(({ row, reason }: { row: string; reason: string }) => [row, reason]).toSorted(),
      expected.toSorted(),
    )
  }
})

test('rows in quarantine are sent again as they were', async () => {
  const quality = [{ type: 'range', field: 'n', max: -1, severity: 'error' }]
  await declare('strict')
  await run('strict', { source: stream, quality, destination: dataset('strict', { mode: 'append' }) })
  assert.deepEqual(await valuesOf('strict'), [])
  const { body } = await house.call('GET', '/api/v1/datasets/strict/quarantine?limit=1000')
  const rows = body.items.map(({ id }: { id: string }) => ({ id }))
  assert.equal(rows.length, values.length)
  const replayed = await house.call('POST', '/api/v1/datasets/strict/quarantine/replay', { rows })
  assert.equal(replayed.status, 200, JSON.stringify(replayed.body))
  assert.deepEqual(await valuesOf('strict'), values)
})

test('text becomes the JSON it holds, and other text a JSON string', async () => {
  await house.file('texts.csv', 'n,j\n0,[1e400]\n1,plain\n2,"""1"""\n3,\n')
  await declare('texts')
  await run('texts', {
    source: { type: 'file', config: { path: 'texts.csv', columns: { j: 'string' } } },
    transformations: [{ type: 'map', config: { cast: { j: 'json' } } }],
    destination: dataset('texts', { mode: 'append' }),
  })
  assert.deepEqual(await valuesOf('texts'), ['[1e400]', '"plain"', '"1"', 'null'])
})
