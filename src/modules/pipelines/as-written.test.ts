/** What people write by themselves is understood, and what is in use is not taken from under them. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.close())

let made = 0
const file = (path: string) => ({ type: 'file', config: { path } })
const dataset = (name: string) => ({ type: 'dataset', config: { dataset: name } })

// `any`: answers differ by route
async function ran(definition: object): Promise<any> {
  made += 1
  const pipeline = await house.call('POST', '/api/v1/pipelines', { name: `p${made}`, type: 'batch', ...definition })
  assert.equal(pipeline.status, 201, JSON.stringify(pipeline.body))
  const { body: run } = await house.call('POST', `/api/v1/pipelines/${pipeline.body.id}/run?wait=60s`)
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  return run
}

const csv = 'id,status,amount\n1,active,10\n2,gone,20\n3,active,30\n'

test('a pattern reads all the files it names, packed ones too', async () => {
  await house.file('many/a.csv', csv)
  await house.file('many/deep/b.csv', csv)
  await house.file('packed/a.csv.gz', gzipSync(csv))
  await house.file('packed/b.csv.gz', gzipSync(csv))
  for (const [path, rows] of [
    ['many/**/*.csv', 6],
    ['packed/*.csv.gz', 6],
    ['many/{a,deep/b}.csv', 6],
  ] as const) {
    assert.equal((await ran({ source: file(path), destination: file(`out-${made}.parquet`) })).rows.written, rows, path)
  }
})

test('what is written in a format is read back from it', async () => {
  await house.file('rows.csv', csv)
  for (const ending of ['csv', 'tsv', 'ndjson', 'json', 'parquet', 'csv.gz']) {
    await ran({ source: file('rows.csv'), destination: file(`back.${ending}`) })
    const run = await ran({ source: file(`back.${ending}`), destination: dataset(`back_${ending.replace('.', '_')}`) })
    assert.equal(run.rows.written, 3, ending)
    const { body } = await house.call('GET', `/api/v1/datasets/back_${ending.replace('.', '_')}/rows`)
    assert.deepEqual(
      body.items.map((row: { status: string }) => row.status),
      ['active', 'gone', 'active'],
      ending,
    )
  }
})

test('the delimiter a file is read by is not the one another is written by', async () => {
  await house.file('semicolons.csv', 'id;name;note\n1;"a,b";"tab\there"\n2;"say ""so""";\n')
  const source = { type: 'file', config: { path: 'semicolons.csv', delimiter: ';' } }
  for (const path of ['commas.csv', 'tabs.tsv']) {
    await ran({ source, destination: file(path) })
    await ran({ source: file(path), destination: dataset(path.replace('.', '_')) })
    const { body } = await house.call('GET', `/api/v1/datasets/${path.replace('.', '_')}/rows`)
    assert.deepEqual(
      body.items.map((row: Record<string, unknown>) => [row['id'], row['name'], row['note']]),
      [
        ['1', 'a,b', 'tab\there'],
        ['2', 'say "so"', null],
      ],
      path,
    )
  }
})

const digits = '123456789012345678901234567890'

for (const format of ['csv', 'tsv', 'ndjson', 'json'])
  test(`numbers whose type is inferred from a ${format} file keep their digits`, async () => {
    const columns = {
      huge: ['5', digits],
      small: ['0.5', '0.30000000000000004'],
      fine: ['1.5', '0.1234567890123456789'],
      longest: ['1', '9'.repeat(80)],
    }
    const names = Object.keys(columns)
    const rows = [0, 1].map((row) => Object.values(columns).map((cells) => cells[row] ?? ''))
    const records = rows.map((row) => `{${names.map((name, index) => `"${name}":${row[index]}`).join(',')}}`)
    const separator = format === 'tsv' ? '\t' : ','
    const written =
      {
        ndjson: `${records.join('\n')}\n`,
        json: `[${records.join(',')}]`,
      }[format] ?? [names, ...rows, []].map((row) => row.join(separator)).join('\n')
    await house.file(`numbers.${format}`, written)
    const name = `numbers_${format}`
    const run = await ran({ source: file(`numbers.${format}`), destination: dataset(name) })
    assert.deepEqual(run.rows, { read: 2, written: 2, quarantined: 0 }, JSON.stringify(run.error))
    const { body: schema } = await house.call('GET', `/api/v1/datasets/${name}`)
    assert.deepEqual(
      names.map((one) => schema.columns.find((column: { name: string }) => column.name === one)?.type),
      ['decimal(38,0)', 'number', 'decimal(38,19)', 'string'],
    )
    const { body: found } = await house.call('GET', `/api/v1/datasets/${name}/rows`)
    const last = found.items.find((row: { huge: string }) => row.huge !== '5')
    assert.deepEqual(
      names.map((one) => String(last[one])),
      rows[1],
    )
  })

test('a number that would lose digits, far behind the rows that showed the type, is in quarantine, unless the type is declared', async () => {
  const rows = Array.from({ length: 40_000 }, (_, index) => `${index}.5`)
  await house.file('digits.csv', ['v', ...rows, digits, '12345678901234567.89', '0.30000000000000004', ''].join('\n'))
  await house.file('short.csv', `id,v\n1,0.5\n2\n3,12345678901234567.89\n`)
  const short = await ran({ source: file('short.csv'), destination: dataset('short') })
  assert.deepEqual(short.rows, { read: 3, written: 2, quarantined: 1 }, JSON.stringify(short.error))
  const run = await ran({ source: file('digits.csv'), destination: dataset('digits') })
  assert.deepEqual(run.rows, { read: 40_003, written: 40_001, quarantined: 2 }, JSON.stringify(run.error))
  const declared = { type: 'file', config: { path: 'digits.csv', columns: { v: 'number' } } }
  const other = await ran({ source: declared, destination: dataset('nearest') })
  assert.equal(other.rows.written, 40_003, JSON.stringify(other.error))
  const integers = Array.from({ length: 25_000 }, (_, index) => `1${String(index).padStart(39, '0')}`)
  await house.file('integers.csv', ['v', ...integers, '123.7', '1237e-1', '124.00', '124e1', ''].join('\n'))
  const long = await ran({ source: file('integers.csv'), destination: dataset('integers') })
  assert.deepEqual(long.rows, { read: 25_004, written: 25_002, quarantined: 2 }, JSON.stringify(long.error))
})

test('a dataset with a number column takes the nearest number of what a file has more exactly', async () => {
  const columns = [{ name: 'v', type: 'number' }]
  assert.equal((await house.call('POST', '/api/v1/datasets', { name: 'rounded', columns })).status, 201)
  await house.file('exact.csv', 'v\n12345678901234567.89\n')
  await ran({ source: file('exact.csv'), destination: dataset('rounded') })
  const { body } = await house.call('GET', '/api/v1/datasets/rounded/rows')
  assert.deepEqual(
    body.items.map((row: { v: number }) => row.v),
    [12345678901234568],
  )
})

const seventeen = fc.double({ noNaN: true, noDefaultInfinity: true }).chain((number) =>
  fc.constantFrom(
    String(number),
    number.toPrecision(16),
    number.toPrecision(17),
    number.toExponential(18),
    number.toExponential(20),
    // With another last digit than the number has.
    number.toExponential(18).replace(/.e/, ({ 0: digit }) => `${(Number(digit) + 5) % 10}e`),
  ),
)
const anyDigits = fc
  .tuple(
    fc.stringMatching(/^-?(0|[1-9][0-9]{0,11})$/),
    fc.stringMatching(/^[0-9]{1,30}$/),
    fc.constantFrom('', 'e5', 'E-12'),
  )
  .map(([whole, fraction, exponent]) => `${whole}.${fraction}${exponent}`)

test('a column of numbers with exponents, NaN or infinity is one of numbers, and those that lose digits are in quarantine', async () => {
  const digitsOf = (written: string): string => written.replaceAll(/^[-+0.]+|[0.]*(e.*)?$|[.]/gi, '')
  const isLossy = (cell: string): boolean => {
    const length = Math.min(Math.max(digitsOf(cell).length, 1), 40)
    const kept = [String(Number(cell)), Number(cell).toPrecision(length)].map(digitsOf)
    return cell.length > 15 && !kept.includes(digitsOf(cell))
  }
  const cells = [...new Set(fc.sample(fc.oneof(seventeen, anyDigits), { numRuns: 400, seed: 7 }))]
  const lossy = cells.filter(isLossy)
  assert.ok(lossy.length > 30 && lossy.length < 350, String(lossy.length))
  await house.file('floats.ndjson', ['1e0', ...cells].map((cell) => `{"v":${cell}}\n`).join(''))
  const run = await ran({ source: file('floats.ndjson'), destination: dataset('floats') })
  const counts = { read: cells.length + 1, written: cells.length + 1 - lossy.length, quarantined: lossy.length }
  assert.deepEqual(run.rows, counts, JSON.stringify(run.error))
  const { body: rows } = await house.call('GET', '/api/v1/datasets/floats/rows?limit=1000')
  const right = [1, ...cells.filter((cell) => !isLossy(cell)).map((cell) => Number(cell) + 0)]
  assert.deepEqual(rows.items.map((row: { v: number }) => row.v + 0).toSorted(), right.toSorted())
  const { body: kept } = await house.call('GET', '/api/v1/datasets/floats/quarantine?limit=1000')
  assert.deepEqual(kept.items.map((item: { row: string }) => /:(.*)}/.exec(item.row)?.[1]).toSorted(), lossy.toSorted())
})

test('groups are also called groupBy, and signs are operators', async () => {
  const run = await ran({
    source: file('rows.csv'),
    destination: dataset('grouped'),
    transformations: [
      { type: 'filter', config: { field: 'amount', operator: '>=', value: 20 } },
      { type: 'aggregate', config: { groupBy: ['status'], measures: { n: { type: 'count' } } } },
    ],
  })
  assert.equal(run.rows.written, 2)
  const both = await house.call('POST', '/api/v1/pipelines/validate', {
    name: 'both',
    type: 'batch',
    source: file('rows.csv'),
    destination: dataset('grouped'),
    transformations: [{ type: 'aggregate', config: { by: [], groupBy: ['x'], measures: { n: { type: 'count' } } } }],
  })
  assert.equal(both.body.problems[0].at, 'transformations[0].config.groupBy')
})

test('rules go by the names people use for them', async () => {
  const run = await ran({
    source: file('rows.csv'),
    destination: dataset('ruled'),
    quality: [
      { type: 'unique', field: 'status', severity: 'error' },
      { type: 'null', field: 'id', severity: 'fail' },
      { type: 'allowed_values', field: 'status', values: ['active', 'gone'], severity: 'fail' },
    ],
  })
  assert.deepEqual(run.rows, { read: 3, written: 2, quarantined: 1 })
})

test('what was answered can be changed and sent back', async () => {
  const definition = { name: 'round', type: 'batch', source: file('rows.csv'), destination: dataset('round') }
  const { body: first } = await house.call('POST', '/api/v1/pipelines', { ...definition, schedule: '0 3 * * *' })
  await house.call('POST', `/api/v1/pipelines/${first.id}/run?wait=60s`)
  const { body: answered } = await house.call('GET', `/api/v1/pipelines/${first.id}`)
  assert.ok(answered.lastRun && answered.nextRunAt)
  const changed = await house.call('PUT', `/api/v1/pipelines/${first.id}`, { ...answered, name: 'round again' })
  assert.deepEqual([changed.status, changed.body.name, changed.body.version], [200, 'round again', 2])
  const odd = await house.call('PUT', `/api/v1/pipelines/${first.id}`, { ...changed.body, colour: 'red' })
  assert.equal(odd.body.problems[0].at, 'colour')
})

test('settings to check are in "config" or in the body itself', async () => {
  for (const body of [{ config: { path: 'rows.csv' } }, { path: 'rows.csv' }, { path: 'rows.csv', as: 'source' }]) {
    const checked = await house.call('POST', '/api/v1/connectors/file/check', body)
    assert.deepEqual([checked.status, checked.body.ok], [200, true], JSON.stringify(checked.body))
  }
  const mixed = await house.call('POST', '/api/v1/connectors/file/check', { config: { path: 'rows.csv' }, path: 'b' })
  assert.deepEqual([mixed.status, mixed.body.problems[0].at], [422, 'path'])
})

test('a dataset that a pipeline reads is not removed', async () => {
  await house.call('POST', '/api/v1/streams/kept/events', [{ id: 1 }])
  const { body: reader } = await house.call('POST', '/api/v1/pipelines', {
    name: 'reader',
    type: 'streaming',
    source: { type: 'stream', config: { stream: 'kept' } },
    destination: dataset('read'),
  })
  const refused = await house.call('DELETE', '/api/v1/datasets/kept')
  assert.equal(refused.status, 409)
  assert.match(refused.body.detail, /pipeline "reader"/)
  assert.equal((await house.call('DELETE', `/api/v1/pipelines/${reader.id}`)).status, 204)
  assert.equal((await house.call('DELETE', '/api/v1/datasets/kept')).status, 204)
})

test('the runs of a workspace add up, and those of another do not count', async () => {
  const since = new Date(Date.now() - 3_600_000)
  const before = await house.pipelines.statistics('default', since)
  await ran({ source: file('rows.csv'), destination: dataset('counted') })
  const { body: broken } = await house.call('POST', '/api/v1/pipelines', {
    name: 'broken',
    type: 'batch',
    source: file('missing.csv'),
    destination: dataset('counted'),
  })
  await house.call('POST', `/api/v1/pipelines/${broken.id}/run?wait=60s`)
  const now = await house.pipelines.statistics('default', since)
  assert.deepEqual(
    [now.succeeded - before.succeeded, now.failed - before.failed, now.recordsRead - before.recordsRead, now.running],
    [1, 1, 3, 0],
  )
  assert.ok(now.latencyMs.avg !== null && now.latencyMs.p95 !== null && now.latencyMs.p95 > 0)
  const none = {
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    running: 0,
    recordsRead: 0,
    latencyMs: { avg: null, p95: null },
  }
  assert.deepEqual(await house.pipelines.statistics('other', since), none)
  assert.deepEqual(await house.pipelines.statistics('default', new Date(Date.now() + 60_000)), none)
})
