/** Runs that continue from the state of their source: whatever interrupts them, each row is loaded once and none is lost. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { z } from 'zod'
import type { Metadata, SqlSession } from '#ports/metadata'
import { defineConnector, defineFailures } from '#sdk'
import { until } from '#tests/house/until'
import { pipelinesOf } from '../drive-fixture.ts'
import { openHouse } from '../house-fixture.ts'
import type { House } from '../house-fixture.ts'

const failures = defineFailures('ticks', {
  broken: { kind: 'unavailable', failure: 'transient', title: 'Broken', says: () => 'The connection broke.' },
})

/** What the source has, and where things go wrong next. */
let ticks: object[] = []
let fault: Fault | undefined
type Fault = 'while reading' | 'before begin' | 'after begin' | 'before commit' | 'after commit'
let firstRead: unknown[] = []
/** What another process does meanwhile. */
let meanwhile: { point: Fault; act: () => Promise<void> } | undefined

const source = defineConnector({
  type: 'ticks',
  title: 'Ticks',
  category: 'web',
  about: 'Grows.',
  proven: 'this test',
  source: {
    settings: z.strictObject({ stream: z.string(), silent: z.boolean().default(false) }),
    reads: 'batches',
    modes: ['full', 'incremental'],
    resumes: ({ stream }) => stream,
    load: async () => ({
      read: async ({ silent }, _around, { state }) => ({
        by: 'batches',
        batches: async function* () {
          firstRead.push(state)
          const from = (state as { next: number } | undefined)?.next ?? 0
          for (let at = from; at < ticks.length; at += 2) {
            const rows = ticks.slice(at, at + 2)
            const next = at + rows.length
            yield { ndjson: rows.map((row) => JSON.stringify(row)).join('\n'), ...(silent ? {} : { state: { next } }) }
            if (meanwhile?.point === 'while reading') await meanwhile.act()
            if (fault === 'while reading') throw failures.broken({})
          }
        },
      }),
    }),
  },
})

let house: House
before(async () => {
  house = await openHouse({
    moreConnectors: [source],
    wrapPorts: (ports) => ({ ...ports, metadata: faulty(ports.metadata) }),
  })
})
after(() => house.close())
beforeEach(() => {
  fault = undefined
  meanwhile = undefined
  firstRead = []
  ticks = ids(0, 5)
})
const { made, ran } = pipelinesOf(() => house)

function faulty(metadata: Metadata): Metadata {
  const wrapped = (session: SqlSession): SqlSession => ({
    ...session,
    query: async (text, parameters) => {
      const point = /stream_state .*pending\)/s.test(text)
        ? 'begin'
        : /pending = null, updated/.test(text)
          ? 'commit'
          : ''
      if (meanwhile?.point === `before ${point}`) await meanwhile.act()
      if (fault === `before ${point}`) throw new Error('killed')
      const result = await session.query<never>(text, parameters)
      if (fault === `after ${point}`) throw new Error('killed')
      return result
    },
  })
  return {
    ...metadata,
    inWorkspace: (workspace) => {
      const session = metadata.inWorkspace(workspace)
      return { ...session, ...wrapped(session), transaction: session.transaction }
    },
  }
}

function ids(from: number, to: number): { id: number }[] {
  return Array.from({ length: to - from }, (_, index) => ({ id: from + index }))
}

async function loaded(dataset: string): Promise<number[]> {
  const { body } = await house.call('GET', `/api/v1/datasets/${dataset}/rows?limit=200`)
  return (body.items ?? []).map((row: { id: string }) => Number(row.id)).toSorted((a: number, b: number) => a - b)
}

const into = (dataset: string, more: object = {}) => ({
  name: dataset,
  source: { type: 'ticks', config: { stream: 'all' } },
  transformations: [],
  destination: { type: 'dataset', config: { dataset } },
  ...more,
})

test('a run reads on behind what the run before loaded, and without news it loads nothing', async () => {
  const id = await made(into('followed'))
  assert.deepEqual((await ran(id)).rows, { read: 5, written: 5, quarantined: 0 })
  ticks = ids(0, 8)
  assert.deepEqual((await ran(id)).rows, { read: 3, written: 3, quarantined: 0 })
  const idle = await ran(id)
  assert.deepEqual([idle.status, idle.rows], ['succeeded', { read: 0, written: 0, quarantined: 0 }])
  assert.deepEqual(firstRead, [undefined, { next: 5 }, { next: 8 }])
  assert.deepEqual(
    await loaded('followed'),
    ids(0, 8).map(({ id: one }) => one),
  )
})

for (const point of ['while reading', 'before begin', 'after begin', 'before commit', 'after commit'] as const)
  test(`a run cut off ${point} loses nothing and loads nothing twice, though its source grew meanwhile`, async () => {
    const dataset = `cut_${point.replace(' ', '_')}`
    const id = await made(into(dataset))
    fault = point
    assert.equal((await ran(id)).status, 'failed')
    fault = undefined
    ticks = ids(0, 9)
    const next = await ran(id)
    assert.equal(next.status, 'succeeded', JSON.stringify(next.error))
    assert.deepEqual(
      await loaded(dataset),
      ids(0, 9).map(({ id: one }) => one),
    )
    const left = await house.ports.warehouse.rows("SELECT name FROM system.tables WHERE startsWith(name, 'stage_')")
    assert.deepEqual(left, [])
  })

test('a run that the server cut off after the load continues from the state of that load', async () => {
  const id = await made(into('killed'))
  fault = 'before commit'
  const run = await ran(id)
  fault = undefined
  ticks = ids(0, 9)
  await house.ports.metadata.system.query(
    `update pipelines.run set status = 'running', finished_at = null, error = null where id = $1`,
    [run.id],
  )
  await house.restart()
  const again = await until('the run ended', async () => {
    const { body } = await house.call('GET', `/api/v1/runs/${run.id}`)
    return body.finishedAt === null ? undefined : body
  })
  assert.deepEqual([again.status, again.attempt], ['succeeded', 2], JSON.stringify(again.error))
  assert.deepEqual(
    await loaded('killed'),
    ids(0, 9).map(({ id: one }) => one),
  )
})

async function stateOf(pipeline: string) {
  const { rows } = await house.ports.metadata.system.query<{ state: unknown; pending: { owner: string } | null }>(
    'select state, pending from pipelines.stream_state where pipeline_id = $1',
    [pipeline],
  )
  return rows[0]
}

async function stateTables(pipeline: string): Promise<string[]> {
  const rows = await house.ports.warehouse.rows<{ name: string }>('SELECT name FROM system.tables')
  return rows.map(({ name }) => name).filter((name) => name.startsWith(`stage_${pipeline.replaceAll('-', '')}`))
}

test('a run loads nothing when another owner of its pipeline moved the state while it read', async () => {
  const id = await made(into('outrun'))
  const { rows } = await house.ports.metadata.system.query<{ workspace: string }>(
    'select workspace from pipelines.definition where id = $1',
    [id],
  )
  let tables: string[] = []
  meanwhile = {
    point: 'while reading',
    act: async () => {
      tables = await stateTables(id)
      await house.ports.metadata.system.query(
        `insert into pipelines.stream_state (workspace, pipeline_id, stream, state) values ($1, $2, 'all', '{"next": 5}') on conflict do nothing`,
        [rows[0]?.workspace, id],
      )
    },
  }
  const run = await ran(id)
  assert.deepEqual([run.status, run.error?.code], ['failed', 'pipelines.overtaken'])
  assert.deepEqual(await loaded('outrun'), [])
  assert.deepEqual(await stateOf(id), { state: { next: 5 }, pending: null })
  assert.ok(tables[0]?.includes(run.id.replaceAll('-', '')), 'two owners never share a table')
  assert.deepEqual(await stateTables(id), [])
})

test('a run does not commit a load that another owner took over', async () => {
  const id = await made(into('taken_over'))
  meanwhile = {
    point: 'before commit',
    act: async () => {
      meanwhile = undefined
      await house.ports.metadata.system.query(
        `update pipelines.stream_state set pending = pending || '{"owner": "another"}' where pipeline_id = $1`,
        [id],
      )
    },
  }
  const run = await ran(id)
  assert.deepEqual([run.status, run.error?.code], ['failed', 'pipelines.overtaken'])
  const left = await stateOf(id)
  assert.deepEqual([left?.state, left?.pending?.owner], [null, 'another'])
  ticks = ids(0, 9)
  assert.equal((await ran(id)).status, 'succeeded')
  assert.deepEqual(
    await loaded('taken_over'),
    ids(0, 9).map(({ id: one }) => one),
  )
  assert.deepEqual(await stateTables(id), [])
})

test('an attempt that a later one follows does not end the run', async () => {
  const id = await made(into('attempts'))
  let run = ''
  meanwhile = {
    point: 'before commit',
    act: async () => {
      meanwhile = undefined
      const { rows } = await house.ports.metadata.system.query<{ id: string }>(
        'update pipelines.run set attempt = attempt + 1 where pipeline_id = $1 returning id',
        [id],
      )
      run = rows[0]?.id ?? ''
    },
  }
  await house.call('POST', `/api/v1/pipelines/${id}/run?wait=60s`)
  const { body } = await house.call('GET', `/api/v1/runs/${run}`)
  assert.equal(body.status, 'running')
})

test('a load that was cut off is read again into a destination that took the place of the former one', async () => {
  const id = await made(into('former'))
  fault = 'before commit'
  assert.equal((await ran(id)).status, 'failed')
  fault = undefined
  ticks = ids(0, 9)
  const replaced = {
    type: 'batch',
    ...into('former', { destination: { type: 'dataset', config: { dataset: 'latter' } } }),
  }
  assert.equal((await house.call('PUT', `/api/v1/pipelines/${id}`, replaced)).status, 200)
  const run = await ran(id)
  assert.deepEqual([run.status, run.rows.written], ['succeeded', 9], JSON.stringify(run.error))
  const { body } = await house.call('GET', `/api/v1/runs/${run.id}/logs?limit=100`)
  assert.match(JSON.stringify(body.items), /former destination may have its rows/)
  assert.deepEqual(
    await loaded('latter'),
    ids(0, 9).map(({ id: one }) => one),
  )
  assert.deepEqual(
    await loaded('former'),
    ids(0, 5).map(({ id: one }) => one),
  )
  assert.deepEqual(await stateTables(id), [])
})

test('the tables of an unfinished load are dropped with its pipeline, and when the pipeline reads another stream', async () => {
  const removed = await made(into('removed'))
  const moved = await made(into('moved'))
  fault = 'before commit'
  for (const id of [removed, moved]) {
    assert.equal((await ran(id)).status, 'failed')
    assert.equal((await stateTables(id)).length, 1)
  }
  fault = undefined
  assert.equal((await house.call('DELETE', `/api/v1/pipelines/${removed}`)).status, 204)
  assert.deepEqual(await stateTables(removed), [])
  const source = { type: 'ticks', config: { stream: 'other' } }
  const replaced = { type: 'batch', ...into('moved', { source }) }
  assert.equal((await house.call('PUT', `/api/v1/pipelines/${moved}`, replaced)).status, 200)
  assert.equal((await ran(moved)).status, 'succeeded')
  assert.deepEqual(await stateTables(moved), [])
})

test('an unfinished load that cannot begin again is kept, so its rows are not loaded twice', async () => {
  const id = await made(into('edited'))
  fault = 'before commit'
  assert.equal((await ran(id)).status, 'failed')
  fault = undefined
  ticks = ids(0, 9)
  const replace = (transformations: object[]) =>
    house.call('PUT', `/api/v1/pipelines/${id}`, { type: 'batch', ...into('edited', { transformations }) })
  const broken = await replace([{ type: 'map', config: { drop: ['missing'] } }])
  assert.equal(broken.status, 200, JSON.stringify(broken.body))
  assert.equal((await ran(id)).status, 'failed')
  assert.equal((await replace([])).status, 200)
  assert.equal((await ran(id)).status, 'succeeded')
  assert.deepEqual(
    await loaded('edited'),
    ids(0, 9).map(({ id: one }) => one),
  )
})

for (const quality of [[], [{ type: 'not_null', field: 'id', severity: 'error' }]])
  test(`of the changes of a row that come with one reading the last counts${quality.length > 0 ? ', also behind rules' : ''}`, async () => {
    const dataset = `changes_${quality.length}`
    const destination = { type: 'dataset', config: { dataset, mode: 'merge', key: ['id'] } }
    const id = await made(into(dataset, { destination, quality }))
    for (const length of [40, 80]) {
      ticks = Array.from({ length }, (_, version) => ({ id: version % 7, version }))
      assert.equal((await ran(id)).status, 'succeeded')
      const { body } = await house.call('GET', `/api/v1/datasets/${dataset}/rows?limit=200`)
      assert.deepEqual(
        body.items.map(({ version }: { version: string }) => Number(version)).toSorted((a: number, b: number) => a - b),
        Array.from({ length: 7 }, (_, back) => length - 7 + back),
      )
    }
  })

test('rows that the destination refuses are read again when they were corrected', async () => {
  const id = await made(into('refused', { transformations: [{ type: 'map', config: { cast: { id: 'integer' } } }] }))
  ticks = [{ id: 'x' }]
  const refused = await ran(id)
  assert.deepEqual([refused.status, refused.error.code], ['failed', 'pipelines.cast'])
  ticks = [{ id: '7' }]
  assert.equal((await ran(id)).status, 'succeeded')
  assert.deepEqual(await loaded('refused'), [7])
})

test('a source that gives no state with its last rows is stopped, and an overwrite by increments is refused', async () => {
  const silent = await ran(
    await made(into('silent', { source: { type: 'ticks', config: { stream: 'all', silent: true } } })),
  )
  assert.deepEqual([silent.status, silent.error.code], ['failed', 'pipelines.state'])
  const { body } = await house.call('POST', '/api/v1/pipelines/validate', {
    type: 'batch',
    ...into('replaced', { destination: { type: 'dataset', config: { dataset: 'replaced', mode: 'overwrite' } } }),
  })
  assert.deepEqual(
    body.problems.map(({ code }: { code: string }) => code),
    ['replaces_increments'],
  )
})
