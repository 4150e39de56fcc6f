/** Pages of rows over a log of three partitions, whose positions are no numbers. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { partitionedLog } from '#ports/suites/partitioned-log-fixture'
import { openHouse, type House } from '#tests/house'
import { datasets } from './index.ts'
import datasetsModule from './module.ts'

const events = 12
let house: House
before(async () => {
  house = await openHouse({
    modules: [datasetsModule],
    wrapPorts: (ports) => ({ ...ports, log: partitionedLog(ports.log, ports.warehouse) }),
  })
  const columns = [
    { name: 'n', type: 'integer' },
    { name: 'half', type: 'integer' },
  ]
  assert.equal((await call('POST', '', { name: 'clicks', columns })).status, 201)
  for (let n = 0; n < events; n++) {
    const ndjson = Buffer.from(JSON.stringify({ n, half: n % 2 }))
    await house.running.face(datasets).append('default', 'clicks', { id: `event ${n}`, ndjson, count: 1 })
  }
})
after(() => house.close())

const call = (method: string, at: string, body?: object) =>
  house.call(method, `/api/v1/datasets${at}`, body, { authorization: 'Bearer default' })

for (const order of ['order=asc', 'order=desc', 'sort=half&order=asc', 'sort=_position&order=desc'])
  test(`pages by ${order} show each row once`, async () => {
    const seen: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const next = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { status, body } = await call('GET', `/clicks/rows?limit=5&${order}${next}`)
      assert.equal(status, 200, JSON.stringify(body))
      seen.push(...body.items.map((row: { n: string }) => Number(row.n)))
      cursor = body.next
    }
    assert.deepEqual(
      seen.toSorted((a, b) => a - b),
      Array.from({ length: events }, (_, n) => n),
    )
  })

test('a cursor that is no position is refused', async () => {
  const cursor = Buffer.from(JSON.stringify(['x'])).toString('base64url')
  assert.equal((await call('GET', `/clicks/rows?cursor=${cursor}`)).status, 422)
})

test('size, freshness and profile need no number of a row', async () => {
  const { body: dataset } = await call('GET', '/clicks')
  assert.deepEqual([dataset.rows, typeof dataset.freshness], [events, 'string'])
  assert.equal((await call('GET', '/clicks/profile')).body.rows, events)
})
