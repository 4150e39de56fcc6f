/** Every list operation of all contracts pages in the same way. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { modules } from '#apps/server/modules'
import { defineContract, type Operation } from '#kernel/contract'
import { defineModule } from '#kernel/module'
import { cursors, Paging } from '#kernel/paging'
import { operationsOf } from '#kernel/start-order'
import { datasetEvents } from '#modules/datasets'
import { openHouse, type House } from '#tests/house'
import { until } from '#tests/house/until'
import { fill } from './fill.ts'

/** Handles no event, so that there are parked ones. */
const failingModule = defineModule({
  name: 'failing',
  about: 'Fails to handle events.',
  needs: {},
  permissions: {},
  contract: defineContract('failing', {}),
  listens: [{ event: datasetEvents.changed, from: 'now' }],
  start: async () => ({
    face: {},
    handlers: {},
    on: { 'datasets.changed': () => Promise.reject(new Error('This handler always fails.')) },
  }),
})

let house: House
before(async () => {
  house = await openHouse({
    modules: (home) => [...modules({ home, files: [join(home, 'files')], demo: false }), failingModule],
  })
  await fill(house.call, house.file)
  const isParked = async (): Promise<boolean> =>
    (await house.call('GET', '/api/v1/events/parked')).body.items.length > 1
  await until('two events are parked', isParked)
})
after(() => house.close())

const operations = modules({ home: '/nowhere', files: [], demo: true }).flatMap((module) =>
  operationsOf(module).map(([key, operation]) => ({ name: `${module.name}.${key}`, operation })),
)

/** Their items come from a server that is not there. */
const ofOutside = new Set(['connectors.connectionStreams'])

/** Those that answer `items` and `next` and take a cursor, or a position where the list is a stream's. */
const lists = operations.filter(
  ({ name, operation: { method, answer } }) =>
    method === 'GET' && answer instanceof z.ZodObject && 'items' in answer.shape && !ofOutside.has(name),
)

test('every list takes the one form of paging, with one default and one maximum', () => {
  assert.ok(lists.length > 15)
  for (const { name, operation } of lists) {
    const { shape } = operation.query as typeof Paging
    assert.equal(shape.limit, Paging.shape.limit, `the limit of ${name} is not that of Paging`)
    if (!('after' in shape)) assert.equal(shape.cursor, Paging.shape.cursor, `the cursor of ${name} is not Paging's`)
  }
})

test('every list refuses a cursor that is not one, and one of another list', async () => {
  for (const { name, operation } of lists) {
    for (const path of await pathsOf(operation)) {
      const parameter = parameterOf(operation)
      for (const cursor of ['rubbish', 'WyJ4IiwxXQ', '"', '%00', cursors('another.list', z.int()).write(1)]) {
        const { status, body } = await house.call('GET', `${path}?${parameter}=${cursor}`)
        assert.equal(status, 422, `${name} at ${path} takes the cursor ${cursor}: ${JSON.stringify(body)}`)
        if (parameter === 'cursor') assert.equal(body.problems[0].at, 'query.cursor', JSON.stringify(body))
      }
    }
  }
})

test('pages of one item show every item of every list once, and their cursors belong to that list alone', async () => {
  const given: { list: string; cursor: string }[] = []
  for (const { name, operation } of lists) {
    let longest = 0
    for (const path of await pathsOf(operation)) {
      const whole = await house.call('GET', `${path}?limit=1000`)
      assert.equal(whole.status, 200, `${name}: ${JSON.stringify(whole.body)}`)
      const { items, next } = await walk(path, parameterOf(operation))
      assert.deepEqual(identified(items), identified(whole.body.items), `${name} at ${path}`)
      longest = Math.max(longest, items.length)
      if (next !== undefined && parameterOf(operation) === 'cursor') given.push({ list: path, cursor: next })
    }
    assert.ok(longest > 1, `${name} has ${longest} items here. Give it two in tests/http/fill.ts.`)
  }
  for (const [index, { list, cursor }] of given.entries()) {
    const other = given[(index + 1) % given.length]!
    const { status } = await house.call('GET', `${other.list}?cursor=${cursor}`)
    assert.equal(status, 422, `${other.list} takes a cursor of ${list}`)
  }
})

function parameterOf({ query }: Operation): 'cursor' | 'after' {
  return 'after' in (query as typeof Paging).shape ? 'after' : 'cursor'
}

/** All items in pages of one, and the cursor of the second page. */
async function walk(path: string, parameter: string): Promise<{ items: unknown[]; next: string | undefined }> {
  const items: unknown[] = []
  const given: string[] = []
  for (let cursor: string | null | undefined; cursor !== null && items.length < 500;) {
    const at: string = cursor === undefined ? '' : `&${parameter}=${encodeURIComponent(cursor)}`
    const { status, body } = await house.call('GET', `${path}?limit=1${at}`)
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`)
    assert.ok(body.items.length <= 1 && (body.next === null || body.items.length === 1), path)
    items.push(...body.items)
    cursor = body.next
    if (cursor !== null && cursor !== undefined) given.push(cursor)
  }
  return { items, next: given[0] }
}

/** What stays the same when a list is read twice: latencies and the like do not. */
function identified(items: readonly unknown[]): unknown[] {
  const names = ['id', 'sequence', 'code', 'version', 'type', 'name', '_position']
  return items.map((item) => {
    const fields = item as Record<string, unknown>
    const name = names.find((each) => each in fields)
    return name === undefined ? item : [name, fields[name]]
  })
}

/** The addresses of a list: one for each object that it is part of. */
async function pathsOf({ path }: Operation): Promise<string[]> {
  const [, before, name, rest] = /^([^{]*)\/\{(\w+)\}(.*)$/.exec(path) ?? []
  if (before === undefined || name === undefined) return [path]
  const parents = before === '/api/v1/runs' ? await runLists() : [before]
  const paths = await Promise.all(
    parents.map(async (parent) => {
      const { status, body } = await house.call('GET', parent)
      assert.equal(status, 200, `${path} is part of objects that ${parent} does not list.`)
      return body.items.map((item: Record<string, string>) => item[name] ?? item['name'])
    }),
  )
  return paths.flat().map((id: string) => `${before}/${encodeURIComponent(id)}${rest}`)
}

async function runLists(): Promise<string[]> {
  const { body } = await house.call('GET', '/api/v1/pipelines')
  return body.items.map(({ id }: { id: string }) => `/api/v1/pipelines/${id}/runs`)
}
