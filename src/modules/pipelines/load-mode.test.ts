/** What a load does with the rows that are there: given, by default, and in definitions of earlier versions. */
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
