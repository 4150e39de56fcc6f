import assert from 'node:assert/strict'
import { test } from 'node:test'
import { warehousePositions } from '#adapters/log-warehouse/positions'
import { systemActor, type Actor } from '#core/actor'
import { Column } from '#core/dataset'
import { DatasetPolicy, type PolicySubject } from './policy.ts'
import { readableRows } from './readable.ts'
import { isRestricted, readerFor, systemReader } from './reader.ts'

const token = (id: string): Actor => ({ kind: 'token', id, name: id, workspace: 'w', permissions: 'all' })
const person = (id: string): Actor => ({
  ...token('session-1'),
  kind: 'session',
  principal: { kind: 'person', id, name: id },
})
const readerOf = (actor: Actor, policies: Record<string, unknown>, subject: Partial<PolicySubject> = {}) =>
  readerFor(
    {
      policies: async () =>
        new Map(Object.entries(policies).map(([name, policy]) => [name, DatasetPolicy.parse(policy)])),
      subject: async () => ({ roles: [], attributes: {}, ...subject }),
    },
    actor,
  )

test('the digest is equal for equal rights, whoever has them and in whatever order they are written', async () => {
  const north = { for: ['everyone'], filter: "region = 'north'" }
  const own = { for: ['role:sales'], filter: "region = attribute('region')" }
  const big = { for: ['everyone'], filter: 'amount > 10' }
  const [a, b, c, d, e] = await Promise.all([
    readerOf(token('a'), { orders: { rows: [north, big] } }),
    readerOf(person('b'), { orders: { rows: [big, north, own] } }),
    readerOf(token('c'), { orders: { rows: [big, own] } }, { roles: ['sales'], attributes: { region: 'north' } }),
    readerOf(token('c'), { orders: { rows: [big, own] } }, { roles: ['sales'], attributes: { region: 'south' } }),
    readerOf(token('a'), { others: { rows: [north, big] } }),
  ])
  assert.equal(a.digest, b.digest)
  assert.equal(a.digest, c.digest)
  assert.equal(new Set([a, d, e].map(({ digest }) => digest)).size, 3)
  const open = await readerFor(undefined, token('a'))
  assert.equal(open.digest, systemReader('metrics', 'w').digest)
  assert.notEqual(open.digest, systemReader('metrics', 'v').digest)
  const viewer = await readerFor(undefined, { ...token('a'), permissions: new Set(['metrics.read']) })
  assert.notEqual(viewer.digest, open.digest)
})

test('tokens, people and roles are named by a policy; a module and an administrator are not exempt', async () => {
  const policy = { orders: { rows: [{ for: ['key:t', 'person:p', 'role:r'], filter: 'true' }] } }
  const count = async (actor: Actor, subject: Partial<PolicySubject> = {}) =>
    (await readerOf(actor, policy, subject)).rowFilters.get('orders')?.length
  assert.deepEqual(
    [await count(token('t')), await count(person('p')), await count(token('x'), { roles: ['r'] })],
    [1, 1, 1],
  )
  assert.deepEqual(
    [await count(token('p')), await count(person('t')), await count(systemActor('demo', 'w'))],
    [0, 0, 0],
  )
})

test('of several masks for a column the strictest holds, unless somebody is excepted from it', async () => {
  const masks = [
    { column: 'email', how: 'partial' },
    { column: 'email', how: 'hash', except: ['role:support'] },
    { column: 'email', how: 'generalise', except: ['everyone'] },
  ]
  const how = async (roles: string[]) =>
    (await readerOf(token('t'), { orders: { masks } }, { roles })).masks.get('orders')?.get('email')
  assert.deepEqual([await how([]), await how(['support'])], ['hash', 'partial'])
  assert.equal(isRestricted(await readerOf(token('t'), { orders: { masks: [masks[2]] } })), false)
})

test('an attribute that is missing or a list in the wrong place makes a filter false', async () => {
  const count = async (filter: string, attributes: PolicySubject['attributes']) =>
    (await readerOf(token('t'), { o: { rows: [{ for: ['everyone'], filter }] } }, { attributes })).rowFilters.get('o')
      ?.length
  assert.equal(await count("a = attribute('a')", { a: 'x' }), 1)
  assert.equal(await count("a != attribute('a')", {}), 0)
  assert.equal(await count("a = attribute('toString')", {}), 0)
  assert.equal(await count('a = attribute(b)', { b: 'x' }), 0)
  assert.equal(await count("a = attribute('a')", { a: ['x', 'y'] }), 0)
  assert.equal(await count("a in (attribute('a'))", { a: ['x', 'y'] }), 1)
  assert.equal(await count("a not in (attribute('a'))", { a: [] }), 0)
})

test('without a policy the plain table is read; a reader of another workspace reads nothing', async () => {
  const dataset = {
    workspace: 'w',
    name: 'orders',
    kind: 'table' as const,
    key: ['id'],
    columns: [Column.parse({ name: 'id', type: 'string' })],
    source: { kind: 'declared' as const },
    version: 1,
    createdAt: '2026-11-28T00:00:00.000Z',
  }
  const parts = { maskKey: async () => "''", positions: warehousePositions.sql }
  const { from, restricted } = await readableRows(dataset, systemReader('test', 'w'), parts)
  assert.deepEqual([from, restricted], ['`ws_w`.`orders` FINAL', false])
  await assert.rejects(readableRows(dataset, systemReader('test', 'v'), parts), /reads no rows of "w"/)
  const none = await readerOf(token('t'), { orders: { rows: [{ for: ['role:x'], filter: 'true' }] } })
  assert.match((await readableRows(dataset, none, parts)).from, /WHERE ifNull\(false, 0\)\)$/)
})
