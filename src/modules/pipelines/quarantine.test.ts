/** Rejected rows belong to their pipeline, whatever its destination and its name. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { until } from '#tests/house/until'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse()
  await house.file('people.csv', 'id,email\n1,ann@example.com\n2,nobody\n3,also nobody\n')
})
after(() => house.close())

const quality = [{ type: 'format', field: 'email', condition: 'valid_email', severity: 'error' }]
const source = { type: 'file', config: { path: 'people.csv' } }
const toFile = { type: 'file', config: { path: 'out.csv' } }
const toDataset = (dataset: string) => ({ type: 'dataset', config: { dataset } })

const pipeline = (name: string, destination: object) => ({ name, type: 'batch', source, quality, destination })

async function made(name: string, destination: object): Promise<string> {
  const { status, body } = await house.call('POST', '/api/v1/pipelines', pipeline(name, destination))
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

async function run(id: string): Promise<string> {
  const { body } = await house.call('POST', `/api/v1/pipelines/${id}/run?wait=60s`)
  assert.deepEqual([body.status, body.rows.quarantined], ['succeeded', 2], JSON.stringify(body.error))
  return body.id
}

async function rowsOf(path: string): Promise<string[]> {
  const { status, body } = await house.call('GET', `${path}/quarantine`)
  return status === 200 ? body.items.map((item: { row: string }) => JSON.parse(item.row).email).toSorted() : [body.code]
}
const ofPipeline = (id: string) => rowsOf(`/api/v1/pipelines/${id}`)
const ofDataset = (name: string) => rowsOf(`/api/v1/datasets/${encodeURIComponent(name)}`)
const broken = ['also nobody', 'nobody']

test('rows that a pipeline to a file rejected are listed with it, page by page, and stay with it when it is renamed', async () => {
  const id = await made('to file', toFile)
  const runId = await run(id)
  const first = (await house.call('GET', `/api/v1/pipelines/${id}/quarantine?limit=1`)).body
  const second = (
    await house.call('GET', `/api/v1/pipelines/${id}/quarantine?limit=1&cursor=${encodeURIComponent(first.next)}`)
  ).body
  assert.deepEqual([first.items.length, second.items.length, second.next], [1, 1, null])
  assert.notEqual(first.items[0].id, second.items[0].id)
  const { source: from, stream, dataset } = first.items[0]
  assert.deepEqual({ from, stream, dataset }, { from: `run:${runId}`, stream: '', dataset: undefined })
  await house.call('PUT', `/api/v1/pipelines/${id}`, pipeline('renamed', toFile))
  assert.deepEqual(await ofPipeline(id), broken)
})

test('a dataset with the name of a pipeline does not show the rows the pipeline rejected', async () => {
  const id = await made('people_out', toFile)
  await run(id)
  const other = await made('fills people_out', toDataset('people_out'))
  await run(other)
  assert.deepEqual(await ofDataset('people_out'), broken)
  await house.call('DELETE', '/api/v1/datasets/people_out')
  assert.deepEqual(await ofPipeline(id), broken)
  assert.deepEqual(await ofPipeline(other), [])
})

test('rows meant for a dataset are listed with the dataset and with the pipeline', async () => {
  const id = await made('into people', toDataset('people'))
  await run(id)
  assert.deepEqual(await ofDataset('people'), broken)
  assert.deepEqual(await ofPipeline(id), broken)
  const { body } = await house.call('GET', `/api/v1/pipelines/${id}/quarantine`)
  assert.ok(body.items.every((item: { dataset?: string }) => item.dataset === 'people'))
})

test('rejected rows of a text file carry their columns, and are sent again corrected or as they are', async () => {
  const lines = ['id,name,ok,note', '1,"An, ""n""",maybe,a', 'x,Di,Yes,', '3,Bo', '4,Cy,no,b,more', '5,Ed,no,c', '']
  await house.file('again.csv', lines.join('\n'))
  const source = { type: 'file', config: { path: 'again.csv', columns: { id: 'integer', ok: 'boolean' } } }
  const { body: definition } = await house.call('POST', '/api/v1/pipelines', {
    name: 'again',
    type: 'batch',
    source,
    destination: toDataset('again'),
  })
  const id: string = definition.id
  const { body: ran } = await house.call('POST', `/api/v1/pipelines/${id}/run?wait=60s`)
  assert.deepEqual(ran.rows, { read: 5, written: 1, quarantined: 4 })
  const path = '/api/v1/datasets/again/quarantine'
  const { body: kept } = await house.call('GET', path)
  const records: Record<string, unknown>[] = kept.items.map(({ record }: { record: object }) => record)
  const byName = new Map(records.map((record, index) => [record['name'], { record, id: kept.items[index].id }]))
  assert.deepEqual(
    ['An, "n"', 'Di', 'Bo', 'Cy'].map((name) => byName.get(name)?.record),
    [
      { id: '1', name: 'An, "n"', ok: 'maybe', note: 'a' },
      { id: 'x', name: 'Di', ok: true, note: null },
      { id: '3', name: 'Bo' },
      { id: '4', name: 'Cy', ok: false, note: 'b', 'value 5': 'more' },
    ],
  )
  const { body: ofPipeline } = await house.call('GET', `/api/v1/pipelines/${id}/quarantine`)
  assert.deepEqual(
    ofPipeline.items.map(({ record }: { record: object }) => record),
    records,
  )
  const send = (rows: object[]) => house.call('POST', `${path}/replay`, { rows })
  const entry = (name: string, change?: object) => {
    const { id: rowId, record } = byName.get(name)!
    return { id: rowId, ...(change === undefined ? {} : { row: { ...record, ...change } }) }
  }
  for (const name of ['Di', 'Cy']) assert.equal((await send([entry(name)])).body.code, 'datasets.not_replayed')
  const sent = await send([entry('Bo'), entry('An, "n"', { ok: true }), entry('Di', { id: 2 })])
  assert.deepEqual([sent.status, sent.body], [200, { replayed: 3 }], JSON.stringify(sent.body))
  const { body: rows } = await house.call('GET', '/api/v1/datasets/again/rows')
  assert.deepEqual(
    rows.items
      .map(({ id: number, name, ok, note }: Record<string, unknown>) => [number, name, ok, note])
      .toSorted((one: unknown[], other: unknown[]) => Number(one[0]) - Number(other[0])),
    [
      ['1', 'An, "n"', true, 'a'],
      ['2', 'Di', true, null],
      ['3', 'Bo', null, null],
      ['5', 'Ed', false, 'c'],
    ],
  )
})

test('the columns of a rejected row are answered with all digits, and are not kept when they are too large', async () => {
  const large = 'y'.repeat(1 << 20)
  await house.file('large.csv', `id,doc,text\nx,"{""id"":9007199254740993,""p"":1.10}",a\nx,[2],${large}\n3,[3],b\n`)
  const columns = { id: 'integer', doc: 'json', text: 'string' }
  const source = { type: 'file', config: { path: 'large.csv', columns } }
  const { body } = await house.call('POST', '/api/v1/pipelines', {
    name: 'large',
    type: 'batch',
    source,
    destination: toDataset('large'),
  })
  const { body: ran } = await house.call('POST', `/api/v1/pipelines/${body.id}/run?wait=60s`)
  assert.deepEqual(ran.rows, { read: 3, written: 1, quarantined: 2 }, JSON.stringify(ran.error))
  for (const path of ['datasets/large', `pipelines/${body.id}`]) {
    const text = await (await fetch(`${house.url}/api/v1/${path}/quarantine`)).text()
    assert.ok(
      text.includes('"record":{"id":"x","doc":{"id":9007199254740993,"p":1.10},"text":"a"}'),
      text.slice(0, 1000),
    )
    const records = JSON.parse(text).items.filter(({ record }: { record?: object }) => record !== undefined)
    assert.equal(records.length, 1)
    assert.ok(text.length < 1.5 * large.length)
  }
})

test('a page of large rejected rows ends before its limit, and the pages together have every row once', async () => {
  const { quarantine } = house.running.face((await import('#modules/datasets')).datasets)
  const at = new Date(0).toISOString()
  const rows = Array.from({ length: 40 }, (_, n) => ({
    id: `${n}`,
    at,
    source: 'stream',
    reason: 'r',
    problems: [],
    row: String(n).padEnd(1 << 20, 'y'),
  }))
  await quarantine.keep('default', { dataset: 'pages' }, rows)
  const found: string[] = []
  const sizes: number[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await quarantine.list('default', { dataset: 'pages' }, { limit: 20, cursor: cursor ?? undefined })
    found.push(...page.items.map(({ id }) => id))
    sizes.push(page.items.length)
    cursor = page.next
  }
  assert.deepEqual(
    found,
    rows
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  )
  assert.ok(Math.max(...sizes) < 20 && Math.min(...sizes) > 0, sizes.join(' '))
  const small = Array.from({ length: 1000 }, (_, n) => ({ ...rows[0]!, id: `${n}`.padStart(100, '/'), row: '{}' }))
  await quarantine.keep('default', { dataset: 'small' }, small)
  const whole = await quarantine.list('default', { dataset: 'small' }, { limit: 1000 })
  assert.deepEqual([whole.items.length, whole.next], [1000, null])
})

test('a run that was cut off after its load and is continued still counts the rows it put into quarantine', async () => {
  await house.file('torn.csv', 'id,name\n1,Ann\nx,Di\n2\n3,Cy\n')
  const source = { type: 'file', config: { path: 'torn.csv', columns: { id: 'integer' } } }
  const definition = { name: 'cut', type: 'batch', source, destination: toDataset('cut') }
  const { body: cut } = await house.call('POST', '/api/v1/pipelines', definition)
  const { body: run } = await house.call('POST', `/api/v1/pipelines/${cut.id}/run?wait=60s`)
  const counts = { read: 4, written: 2, quarantined: 2 }
  assert.deepEqual(run.rows, counts, JSON.stringify(run.error))
  // As if the server had been killed between the load and writing down that the run is over.
  await house.ports.metadata.system.query(
    `update pipelines.run set status = 'running', finished_at = null where id = $1`,
    [run.id],
  )
  await house.restart()
  const again = await until('the run ended', async () => {
    const { body: found } = await house.call('GET', `/api/v1/runs/${run.id}`)
    return found.status === 'succeeded' ? found : undefined
  })
  assert.deepEqual([again.attempt, again.rows], [2, counts])
  assert.equal((await house.call('GET', '/api/v1/datasets/cut')).body.rows, 2)
})

test('a removed pipeline takes its own rows with it and leaves those of a dataset', async () => {
  const [one, other] = [await made('gone', toFile), await made('gone too', toDataset('stays'))]
  await run(one)
  await run(other)
  for (const id of [one, other]) assert.equal((await house.call('DELETE', `/api/v1/pipelines/${id}`)).status, 204)
  assert.deepEqual(await ofPipeline(one), ['pipelines.unknown'])
  assert.deepEqual(await ofDataset('stays'), broken)
  const table = 'ws_default__system.quarantine'
  const left = await house.ports.warehouse.rows(`SELECT id FROM ${table} FINAL WHERE pipeline = '${one}'`)
  assert.deepEqual(left, [])
})

test('rows that an earlier version filed by a name get their pipeline at the start, also after a kill between its steps', async () => {
  const table = 'ws_default__system.quarantine'
  const file = await made('old file', toFile)
  const dataset = await made('old dataset', toDataset('old_people'))
  await run(dataset)
  const [fileRun, datasetRun] = [await run(file), await run(dataset)]
  const old = (name: string, id: string, source: string) =>
    `('${name}', '${id}', now64(3), '${source}', 'r', '[]', '{"email":"${id}"}', false)`
  const columns = '(dataset, id, at, source, reason, problems, row, replayed)'
  await house.ports.warehouse.command(`TRUNCATE TABLE ${table}`)
  await house.ports.warehouse.command(
    `INSERT INTO ${table} ${columns} VALUES ${[
      old('old file', 'a', `run:${fileRun}`),
      old('old file', 'b', `run:${fileRun}`),
      old('old_people', 'c', `run:${datasetRun}`),
      old('old_people', 'd', 'stream'),
      old('lost', 'e', 'run:00000000-0000-4000-8000-000000000000'),
    ].join(', ')}`,
  )
  // The kill came after the row was filed anew and before its old place was cleared.
  await house.ports.warehouse.command(
    `INSERT INTO ${table} (dataset, id, at, source, reason, problems, row, replayed, pipeline)
     SELECT '', id, at, source, reason, problems, row, false, '${file}' FROM ${table} WHERE id = 'a'`,
  )
  for (let start = 0; start < 2; start += 1) {
    await house.restart()
    assert.deepEqual(await ofPipeline(file), ['a', 'b'])
    assert.deepEqual(await ofDataset('old file'), ['datasets.unknown'])
    assert.deepEqual(await ofPipeline(dataset), ['c'])
    assert.deepEqual(await ofDataset('old_people'), ['c', 'd'])
    assert.deepEqual(await ofDataset('lost'), ['e'])
  }
})

test('a table of an earlier version gets the new columns when it is first used', async () => {
  const table = 'ws_default__system.quarantine'
  await house.restart(async () => {})
  await house.ports.warehouse.command(`ALTER TABLE ${table} DROP COLUMN pipeline, DROP COLUMN stream`)
  // An earlier version recorded no migration of the warehouse.
  await house.ports.metadata.system.query('delete from stores.warehouse_migration')
  await house.restart()
  const id = await made('after the upgrade', toFile)
  await run(id)
  assert.deepEqual(await ofPipeline(id), broken)
})

test('a row of a file whose text the engine has not kept has no record, so that no other text is sent again', async () => {
  const lines = Array.from({ length: 10_000 }, (_, id) =>
    id > 9_850 && id < 9_950 ? `${id},${'x'.repeat(100)}` : `${id},${'x'.repeat(50)},${'y'.repeat(49)}`,
  )
  await house.file('torn.csv', 'id,name,note\n1,Ann,a\n2,Bo')
  await house.file('buffers.csv.gz', gzipSync(['id,name,note', ...lines, ''].join('\n')))
  for (const path of ['torn.csv', 'buffers.csv.gz']) {
    const name = path.slice(0, path.indexOf('.'))
    const definition = { ...pipeline(name, toDataset(name)), quality: [], source: { type: 'file', config: { path } } }
    const { body: pipe } = await house.call('POST', '/api/v1/pipelines', definition)
    assert.ok(pipe.id, JSON.stringify(pipe))
    const { body: run } = await house.call('POST', `/api/v1/pipelines/${pipe.id}/run?wait=60s`)
    assert.equal(run.rows?.quarantined, name === 'torn' ? 1 : 99, JSON.stringify(run))
    const { body: kept } = await house.call('GET', `/api/v1/datasets/${name}/quarantine?limit=1000`)
    const items: { row: string; record?: { id: string } }[] = kept.items
    const [withText, without] = [items.filter(({ record }) => record), items.filter(({ record }) => !record)]
    for (const { row, record } of withText) assert.equal(row, lines[Number(record?.id)])
    assert.deepEqual([...new Set(without.map(({ row }) => row))], ['The text of this row is not available.'])
  }
})
