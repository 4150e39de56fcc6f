import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openHouse, type House } from './house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse()
  await house.ingest('orders', [{ at: '2026-11-20T10:00:00Z', amount: 3, region: 'north' }])
  const metric = { code: 'REV', name: 'Revenue', dataset: 'orders', time: 'at', measure: { type: 'count' } }
  assert.equal((await house.call('POST', '/api/v1/metrics', metric)).status, 201)
})
after(() => house.close())

const kinds = {
  dashboards: { create: { name: 'board', tiles: [{ metric: 'REV' }] }, id: 'id', change: { title: 'Another title' } },
  metrics: {
    create: { code: 'NET', name: 'Net', dataset: 'orders', time: 'at', measure: { type: 'count' } },
    id: 'code',
    change: { name: 'Another name' },
  },
} as const

for (const [kind, { create, id, change }] of Object.entries(kinds)) {
  test(`every version of ${kind} is listed with what changed, and an earlier one is restored as a new one`, async () => {
    const made = (await house.call('POST', `/api/v1/${kind}`, create)).body
    const path = `/api/v1/${kind}/${made[id]}`
    const changed = await house.call('PUT', path, { ...made, ...change })
    assert.equal(changed.body.version, 2)
    const [field] = Object.keys(change) as [keyof typeof change]

    const { items, next } = (await house.call('GET', `${path}/versions`)).body
    assert.deepEqual([items.map(({ version }: { version: number }) => version), next], [[2, 1], null])
    assert.equal(items[0].actor.kind, 'token')
    assert.deepEqual(
      items[0].changes.map(({ at }: { at: string }) => at),
      [field],
    )
    assert.equal(items[1].changes, undefined)

    const page = (await house.call('GET', `${path}/versions?limit=1`)).body
    assert.deepEqual((await house.call('GET', `${path}/versions?cursor=${page.next}`)).body.items[0].version, 1)
    assert.equal((await house.call('GET', `${path}/versions?cursor=nowhere`)).status, 422)

    const stale = await house.call('POST', `${path}/versions/1/restore?current=1`)
    assert.deepEqual([stale.status, stale.body.code], [409, 'kernel.staleVersion'])
    const restored = await house.call('POST', `${path}/versions/1/restore?current=2`)
    assert.deepEqual([restored.status, restored.body.version], [200, 3])
    assert.equal(restored.body[field], made[field])
    for (const version of [9, 2_147_483_647]) {
      const unknown = await house.call('POST', `${path}/versions/${version}/restore`)
      assert.deepEqual([unknown.status, unknown.body.code], [404, 'kernel.unknownVersion'])
    }
  })

  test(`a change of ${kind} that was made to an older version is a conflict, and one without a version is not`, async () => {
    const made = (await house.call('GET', `/api/v1/${kind}`)).body.items.find((item: Record<string, unknown>) =>
      [create.name].includes(item['name'] as never),
    )
    const path = `/api/v1/${kind}/${made[id]}`
    assert.equal((await house.call('PUT', path, { ...made, ...change })).status, 200)
    const late = await house.call('PUT', path, made)
    assert.deepEqual([late.status, late.body.code], [409, 'kernel.staleVersion'])
    assert.match(late.body.detail, /has version \d+ now; this change is based on version \d+/)
    const { version: _, ...without } = made
    assert.equal((await house.call('PUT', path, without)).status, 200)
  })

  test(`of several changes of ${kind} to one version at the same time, one is made`, async () => {
    const path = `/api/v1/${kind}`
    const [made] = (await house.call('GET', path)).body.items.filter((item: Record<string, unknown>) =>
      [create.name].includes(item['name'] as never),
    )
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => house.call('PUT', `${path}/${made[id]}`, { ...made, ...change })),
    )
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409, 409, 409])
  })

  test(`a history of ${kind} ends with its object`, async () => {
    const again = { ...create, name: 'again', ...('code' in create ? { code: 'AGAIN' } : {}) }
    const path = `/api/v1/${kind}/${(await house.call('POST', `/api/v1/${kind}`, again)).body[id]}`
    assert.equal((await house.call('DELETE', path)).status, 204)
    assert.equal((await house.call('GET', `${path}/versions`)).status, 404)
    const { rows } = await house.ports.metadata.system.query<{ kept: number }>(
      'select count(*) as kept from kernel.definition_version where id = $1',
      [path.slice(path.lastIndexOf('/') + 1)],
    )
    assert.equal(rows[0]?.kept, 0)
  })
}

test('a definition from before versions were kept has its current version, and the former with the first change', async () => {
  const made = (await house.call('POST', '/api/v1/dashboards', { name: 'old', tiles: [{ metric: 'REV' }] })).body
  await house.ports.metadata.system.query('delete from kernel.definition_version where id = $1', [made.id])
  const versions = async () =>
    (await house.call('GET', `/api/v1/dashboards/${made.id}/versions`)).body.items.map(
      ({ version, actor }: { version: number; actor: unknown }) => [version, actor !== null],
    )
  assert.deepEqual(await versions(), [[1, false]])
  await house.call('PUT', `/api/v1/dashboards/${made.id}`, { ...made, title: 'New' })
  assert.deepEqual(await versions(), [
    [2, true],
    [1, false],
  ])
})
