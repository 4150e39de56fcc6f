/** A source without rows is a run of no rows: nothing is made, and what is replaced is emptied. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { pipelinesOf } from './drive-fixture.ts'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

let house: House
let server: Server
let url: string
let answer = '[]'
before(async () => {
  house = await openHouse({ egress: '127.0.0.0/8' })
  server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
after(async () => {
  server.close()
  await house.close()
})
const { made, ran, count } = pipelinesOf(() => house)

const nothing = { read: 0, written: 0, quarantined: 0 }
const filter = { type: 'filter', config: "status = 'active'" }

test('an empty file and an answer without records are runs of no rows that make nothing', async () => {
  await house.file('empty.csv', '')
  await house.file('empty.ndjson', '')
  await house.file('empty.parquet', '')
  await house.file('list.json', '[]')
  await house.file('lines.json', '[\n\n]\n')
  await house.file('empty.json.gz', gzipSync(''))
  for (const source of [
    ...['empty.csv', 'empty.ndjson', 'empty.parquet', 'empty.json.gz', 'list.json', 'lines.json'].map((path) => ({
      type: 'file',
      config: { path },
    })),
    { type: 'http', config: { url } },
  ]) {
    const name = `from ${JSON.stringify(source.config)}`
    const body = {
      name,
      source,
      transformations: [filter],
      destination: { type: 'dataset', config: { dataset: 'never' } },
    }
    const { body: valid } = await house.call('POST', '/api/v1/pipelines/validate', { type: 'batch', ...body })
    assert.deepEqual(valid, { valid: true, problems: [] }, name)
    const run = await ran(await made(body))
    assert.deepEqual([run.status, run.rows], ['succeeded', nothing], `${name} ${JSON.stringify(run.error)}`)
    assert.equal((await house.call('GET', '/api/v1/datasets/never')).status, 404)
  }
})

test('a JSON file that was cut off after its first bracket is an error, not an empty source', async () => {
  await house.file('cut.json', '[\n')
  const source = { type: 'file', config: { path: 'cut.json' } }
  const run = await ran(
    await made({
      name: 'cut',
      source,
      transformations: [],
      destination: { type: 'dataset', config: { dataset: 'never' } },
    }),
  )
  assert.equal(run.status, 'failed')
})

test('an overwrite empties what is there, an append and a merge leave it', async () => {
  const dataset = async (name: string, config: object) =>
    await made({
      name,
      source: { type: 'http', config: { url } },
      transformations: [],
      destination: { type: 'dataset', config: { dataset: name, ...config } },
    })
  answer = '[{"id":1,"n":null},{"id":2,"n":3}]'
  const ids = {
    events: await dataset('events_kept', {}),
    table: await dataset('table_kept', { mode: 'overwrite', key: ['id'] }),
    appended: await dataset('appended', { mode: 'append' }),
    merged: await dataset('merged', { key: ['id'] }),
    file: await made({
      name: 'file',
      source: { type: 'http', config: { url } },
      transformations: [],
      destination: { type: 'file', config: { path: 'out.csv' } },
    }),
  }
  const runAll = async () => {
    for (const id of Object.values(ids)) assert.equal((await ran(id)).status, 'succeeded')
    return [await count('events_kept'), await count('table_kept'), await count('appended'), await count('merged')]
  }
  assert.deepEqual(await runAll(), [2, 2, 2, 2])
  answer = '[]'
  assert.deepEqual(await runAll(), [0, 0, 2, 2])
  assert.equal(await readFile(join(house.home, 'files', 'out.csv'), 'utf8'), '"id","n"\n')
  const { body } = await house.call('GET', '/api/v1/datasets/events_kept')
  assert.deepEqual(
    body.columns.map(({ name }: { name: string }) => name),
    ['id', 'n'],
  )
})

test('a preview of a source without rows shows none', async () => {
  const { status, body } = await house.call('POST', '/api/v1/pipelines/preview', {
    source: { type: 'http', config: { url } },
    transformations: [filter],
  })
  assert.equal(status, 200, JSON.stringify(body))
  assert.deepEqual(
    body.steps.map(({ columns, rows }: { columns: unknown; rows: unknown }) => [columns, rows]),
    [[[], []]],
  )
})
