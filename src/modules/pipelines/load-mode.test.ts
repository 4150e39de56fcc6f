/**
 * What a load does with the rows that are there (given, by default, and in definitions of earlier versions), and with
 * values that do not fit the columns that are there.
 */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'
import { pipelinesOf } from './drive-fixture.ts'

let house: House
before(async () => {
  house = await openHouse()
  await house.file('people.csv', 'id,name\n1,Ann\n2,Bo\n')
})
after(() => house.close())

const { made, ran, stored, count } = pipelinesOf(() => house)
const body = (dataset: string, config: object = {}, more: object = {}) => ({
  name: dataset,
  type: 'batch',
  source: { type: 'file', config: { path: 'people.csv' } },
  transformations: [],
  destination: { type: 'dataset', config: { dataset, ...config } },
  ...more,
})
const kindOf = async (dataset: string) => (await house.call('GET', `/api/v1/datasets/${dataset}`)).body.kind
const problemsOf = async (definition: object): Promise<string[]> => {
  const { body: answer } = await house.call('POST', '/api/v1/pipelines/validate', definition)
  return answer.problems.map(({ at, code }: { at: string; code: string }) => `${at} ${code}`)
}

test('a batch without a mode puts its rows in place of those of the run before', async () => {
  const id = await made(body('plain'))
  for (let run = 1; run <= 2; run += 1) assert.deepEqual((await ran(id)).rows, { read: 2, written: 2, quarantined: 0 })
  assert.deepEqual([await count('plain'), await kindOf('plain')], [2, 'events'])
  const { body: rows } = await house.call('GET', '/api/v1/datasets/plain/rows')
  assert.deepEqual(
    rows.items.map((row: { name: string; _position: string }) => [row.name, row._position]),
    [
      ['Ann', '3'],
      ['Bo', '4'],
    ],
  )
  await house.file('none.csv', 'id,name\n9,X\n')
  const empty = { transformations: [{ type: 'filter', config: 'id > 100' }] }
  const other = await made(body('plain', {}, { name: 'emptied', ...empty }))
  assert.equal((await ran(other)).rows.written, 0)
  assert.equal(await count('plain'), 0)
})

test('with a key it merges, and append adds', async () => {
  const keyed = await made(body('keyed', { key: ['id'] }))
  await ran(keyed)
  await ran(keyed)
  assert.deepEqual([await count('keyed'), await kindOf('keyed')], [2, 'table'])
  const added = await made(body('added', { mode: 'append' }))
  await ran(added)
  await ran(added)
  assert.equal(await count('added'), 4)
})

test('a dataset made by append is overwritten', async () => {
  const id = await made(body('added', { mode: 'overwrite' }, { name: 'over added' }))
  assert.deepEqual(await problemsOf(body('added', { mode: 'overwrite' })), [])
  await ran(id)
  assert.equal(await count('added'), 2)
})

test('what a run would refuse, validation and preview refuse; it can be saved, because its source may change', async () => {
  await house.file('spaced.csv', 'id,full name\n1,Ann\n')
  const source = { type: 'file', config: { path: 'spaced.csv' } }
  const cases: [object, string][] = [
    [body('spaced', {}, { source }), 'dataset.name'],
    [body('strange', { key: ['nothing'] }), 'dataset.stranger'],
    [body('keyed', { key: ['name'] }), 'dataset.other_key'],
    [body('keyed', { mode: 'overwrite', key: ['id', 'name'] }), 'dataset.other_key'],
    [body('doubled', {}, { transformations: [{ type: 'sql', config: { sql: 'SELECT id, name AS id FROM input' } }] }), 'dataset.twice'], // prettier-ignore
    [body('unkeyed', { mode: 'merge' }), 'dataset.key'],
    [body('added', { mode: 'merge' }), 'dataset.kind'],
    [body('keyed', { mode: 'append' }), 'dataset.kind'],
    [body('added', { mode: 'overwrite', key: ['id'] }), 'dataset.keyless'],
  ]
  for (const [definition, code] of cases) {
    assert.deepEqual(await problemsOf(definition), [`destination ${code}`])
    const { body: preview } = await house.call('POST', '/api/v1/pipelines/preview', definition)
    const last = preview.steps.at(-1)
    assert.deepEqual([last.name, last.problems.map((problem: { code: string }) => problem.code)], ['load dataset', [code]]) // prettier-ignore
    const id = await made({ ...definition, name: `refused ${code} ${JSON.stringify(definition).length}` })
    assert.equal((await ran(id)).error.code, code)
  }
  const fine = await house.call('POST', '/api/v1/pipelines/preview', body('fresh'))
  assert.equal(fine.body.steps.length, 1)
  assert.deepEqual(await problemsOf(body('kpi_values_day')), ['destination.config.dataset invalid'])
  const { body: history } = await house.call('POST', '/api/v1/pipelines', body('history', { mode: 'history' }))
  assert.match(history.problems[0].message, /"history", which a later version brings/)
})

test('streaming pipelines that would feed each other in a circle are refused, and the sentence names the circle', async () => {
  const streaming = (name: string, stream: string, dataset: string) =>
    body(dataset, {}, { name, type: 'streaming', source: { type: 'stream', config: { stream } } })
  await made(streaming('x to y', 'x', 'y'))
  const second = await made(streaming('y to z', 'y', 'z'))
  const circle = streaming('z to x', 'z', 'x')
  for (const path of ['', '/validate']) {
    const { body: refused } = await house.call('POST', `/api/v1/pipelines${path}`, circle)
    assert.deepEqual(refused.problems, [
      {
        at: 'destination.config',
        code: 'streams_in_circle',
        message:
          'Together with the streaming pipelines "x to y", "y to z", this pipeline would move rows in a circle without end: "z" → "x" → "y" → "z". Name another dataset in one of them.',
      },
    ])
  }
  await made({ ...circle, type: 'batch' })
  await made(streaming('z to elsewhere', 'z', 'elsewhere'))
  const { status } = await house.call('PUT', `/api/v1/pipelines/${second}`, streaming('y to z', 'y', 'x'))
  assert.equal(status, 422)
})

test('pipelines of earlier versions still append, in the order in which they were written', async () => {
  const sql = house.ports.metadata.system
  const earlier = body('earlier', { key: ['id'] }, { transformations: [{ type: 'map', config: { compute: { b: 'id', a: 'id' } } }] }) // prettier-ignore
  const { key: _, ...config } = earlier.destination.config as { dataset: string; key?: unknown }
  const id = await made({ ...earlier, destination: { type: 'dataset', config: { ...config, mode: 'append' } } })
  await stored(id, { ...earlier, destination: { type: 'dataset', config } })
  const migration = await readFile(new URL('migrations/0003-load-mode.sql', import.meta.url), 'utf8')
  await house.ports.metadata.script(migration)
  await house.ports.metadata.script(migration)
  const { rows } = await sql.query<{ body: unknown }>('select body from pipelines.definition where id = $1', [id])
  const expected = { ...earlier, destination: { type: 'dataset', config: { ...config, mode: 'append' } } }
  assert.equal(JSON.stringify(rows[0]?.body), JSON.stringify(expected))
  await ran(id)
  await ran(id)
  assert.equal(await count('earlier'), 4)
})

const makeDataset = async (name: string, columns: Record<string, string>) => {
  const all = Object.entries(columns).map(([column, type]) => ({ name: column, type, nullable: true }))
  const { status, body: answer } = await house.call('POST', '/api/v1/datasets', { name, columns: all })
  assert.equal(status, 201, JSON.stringify(answer))
}
const keptOf = async (name: string): Promise<Record<string, unknown>[]> =>
  (await house.call('GET', `/api/v1/datasets/${name}/quarantine?limit=100`)).body.items
const rowsOf = async (name: string): Promise<Record<string, unknown>[]> =>
  (await house.call('GET', `/api/v1/datasets/${name}/rows?limit=100`)).body.items

for (const format of ['csv', 'ndjson'])
  test(`a value of a ${format} file without declared columns that does not fit the dataset is in quarantine, and the other rows keep theirs`, async () => {
    const [name, path] = [`fitted_${format}`, `fitted.${format}`]
    await makeDataset(name, { id: 'integer', n: 'integer', price: 'decimal(10,2)', whole: 'integer', code: 'string' })
    const rows = [
      { id: 0, n: 'N/A', price: '1.25', whole: '1.0', code: '7' },
      { id: 1, n: '5', price: '99999999999', whole: '2.5', code: '8' },
      { id: 2, n: null, price: '2.5', whole: '3.0', code: '9' },
      { id: 3, n: '-7', price: '3', whole: '4.0', code: 'a' },
    ]
    const names = ['id', 'n', 'price', 'whole', 'code'] as const
    const written = rows.map((row) =>
      format === 'csv' ? names.map((each) => row[each] ?? '').join(',') : JSON.stringify(row),
    )
    if (format === 'ndjson')
      for (const [index, line] of written.entries())
        written[index] = line.replaceAll(/"(price|whole)":"([^"]*)"/g, '"$1":$2')
    await house.file(path, [...(format === 'csv' ? [names.join(',')] : []), ...written, ''].join('\n'))
    const source = { type: 'file', config: { path } }
    const transformations = [{ type: 'filter', config: 'id < 100' }]
    const quality = [{ type: 'not_null', field: 'id', severity: 'error' }]
    const run = await ran(await made(body(name, {}, { source, transformations, quality })))
    assert.deepEqual(run.rows, { read: 4, written: 2, quarantined: 2 }, JSON.stringify(run.error))
    const found = await rowsOf(name)
    assert.deepEqual(found.map(({ id, n, price, whole, code }) => [id, n, price, whole, code]).toSorted(), [
      ['2', null, '2.50', '3', '9'],
      ['3', '-7', '3.00', '4', 'a'],
    ])
    const words = format === 'csv' ? ' (without the header)' : ''
    assert.deepEqual(
      (await keptOf(name)).map(({ row, reason }) => [row, reason]).toSorted(),
      [
        [written[0], `Row 1${words} of "${path}" has "N/A" in column "n", which is an integer column.`],
        [
          written[1],
          `Row 2${words} of "${path}" has "99999999999" in column "price", which is a decimal(10,2) column.`,
        ],
      ].toSorted(),
    )
  })

test('a value that does not fit the dataset is in quarantine beside rows that cannot be read, under another name, and not where its type is declared or a step uses it', async () => {
  await makeDataset('amounts', { id: 'integer', amount: 'integer' })
  await house.file('amounts.csv', ['id,Amount', '1,5', '2', '3,x', '4,6', ''].join('\n'))
  const rename = { type: 'map', config: { rename: { Amount: 'amount' } } }
  const destination = { type: 'dataset', config: { dataset: 'amounts' } }
  const load = async (name: string, transformations: object[], columns?: object) => {
    const source = { type: 'file', config: { path: 'amounts.csv', ...(columns && { columns }) } }
    return await ran(await made({ name, source, transformations, destination }))
  }
  const run = await load('renamed', [rename])
  assert.deepEqual(run.rows, { read: 4, written: 2, quarantined: 2 }, JSON.stringify(run.error))
  assert.deepEqual((await keptOf('amounts')).map(({ row, reason }) => [row, reason]).toSorted(), [
    ['2', 'Row 2 (without the header) of "amounts.csv" has fewer values than the file has columns.'],
    ['3,x', 'Row 3 (without the header) of "amounts.csv" has "x" in column "Amount", which is an integer column.'],
  ])
  const uses = { type: 'filter', config: "Amount != 'y'" }
  const failures = [await load('declared', [rename], { Amount: 'string' }), await load('used', [uses, rename])]
  for (const { error } of failures)
    assert.deepEqual(
      [error?.code, error?.detail],
      ['pipelines.cast', 'The column "amount" has a value that cannot be converted to integer.'],
    )
})

test('a number or a text that is no time a column holds stops the run or is left empty, and never becomes another time', async () => {
  await makeDataset('times', { id: 'integer', at: 'timestamp', day: 'date' })
  const columns = { id: 'integer', at: 'integer', day: 'string' }
  const load = async (name: string, line: string, transformations: object[] = []) => {
    await house.file('times.csv', ['id,at,day', '1,1700000000,2299-12-31', line, ''].join('\n'))
    const source = { type: 'file', config: { path: 'times.csv', columns } }
    const destination = { type: 'dataset', config: { dataset: 'times' } }
    return await ran(await made({ name, source, transformations, destination }))
  }
  const failures = [await load('number', '2,1700000000123,'), await load('text', '2,,1800-01-01')]
  assert.deepEqual(
    failures.map(({ error }) => [error?.code, error?.detail]),
    [
      ['pipelines.cast', 'The column "at" has a value that cannot be converted to timestamp.'],
      ['pipelines.cast', 'The column "day" has a value that cannot be converted to date.'],
    ],
  )
  const cast = { type: 'map', config: { cast: { day: { type: 'date', otherwise: 'null' } } } }
  const run = await load('left empty', '2,,2300-01-01', [cast])
  assert.deepEqual(run.rows, { read: 2, written: 2, quarantined: 0 }, JSON.stringify(run.error))
  assert.deepEqual(
    (await rowsOf('times')).map(({ id, at, day }) => [id, at, day]),
    [
      ['1', '2023-11-14T22:13:20.000000Z', '2299-12-31'],
      ['2', null, null],
    ],
  )
})

test('a row that broke a rule before the source was read again with other types is in quarantine once', async () => {
  await makeDataset('ruled', { id: 'integer', n: 'integer' })
  await house.file('ruled.csv', ['id,n', '1,5', ',7', ',x', ',9', '2,y', ''].join('\n'))
  const source = { type: 'file', config: { path: 'ruled.csv' } }
  const quality = [{ type: 'not_null', field: 'id', severity: 'error' }]
  const run = await ran(await made(body('ruled', {}, { source, quality })))
  assert.deepEqual(run.rows, { read: 5, written: 1, quarantined: 4 }, JSON.stringify(run.error))
  assert.deepEqual((await keptOf('ruled')).map(({ row }) => row).toSorted(), [
    ',x',
    '2,y',
    '{"id":null,"n":"7"}',
    '{"id":null,"n":"9"}',
  ])
})

for (const format of ['csv', 'ndjson'])
  test(`values of a ${format} file are stored in the types of the dataset as they are written, or rejected, whatever type the file shows`, async () => {
    const [name, path] = [`kept_${format}`, `kept.${format}`]
    const types = { code: 'string', price: 'decimal(10,2)', day: 'date', flag: 'boolean', n: 'integer', j: 'json' }
    const names = Object.keys(types)
    await makeDataset(name, types)
    // Inferred as: integer, number, timestamp, integer, number, integer.
    const rows = [
      ['007', '1.50', '2026-01-03', '1', '3.0', '7'],
      ['010', '0.29', '2026-01-04', '0', '4.0', '8'],
      ['1', '2.257', '2026-01-04', '1', '5.0', '8'],
      ['2', '3', '2026-01-04 10:00:00', '1', '6.0', '8'],
      ['3', '3', '1800-01-01', '1', '7.0', '8'],
      ['4', '3', '2026-01-05', '2', '8.0', '8'],
      ['5', '3', '2026-01-05', '1', '8.5', '8'],
    ]
    const quoted = (value: string) => (/^(0|[1-9]\d*)(\.\d+)?$/.test(value) ? value : JSON.stringify(value))
    const written = rows.map((row) =>
      format === 'csv'
        ? row.join(',')
        : `{${row.map((value, index) => `${JSON.stringify(names[index])}:${quoted(value)}`).join(',')}}`,
    )
    await house.file(path, [...(format === 'csv' ? [names.join(',')] : []), ...written, ''].join('\n'))
    const definition = body(name, { mode: 'append' }, { source: { type: 'file', config: { path } } })
    const { body: preview } = await house.call('POST', '/api/v1/pipelines/preview', definition)
    assert.deepEqual(
      preview.steps[0].columns.map(({ type }: { type: string }) => type),
      Object.values(types),
    )
    const run = await ran(await made(definition))
    assert.deepEqual(run.rows, { read: 7, written: 2, quarantined: 5 }, JSON.stringify(run.error))
    assert.deepEqual(
      (await rowsOf(name)).map(({ code, price, day, flag, n, j }) => [code, price, day, flag, n, j]),
      [
        ['007', '1.50', '2026-01-03', true, '3', 7],
        ['010', '0.29', '2026-01-04', false, '4', 8],
      ],
    )
    const columns = (await keptOf(name)).map(({ reason }) => /in column "(\w+)"/.exec(String(reason))?.[1])
    assert.deepEqual(columns.toSorted(), ['day', 'day', 'flag', 'n', 'price'])
  })
