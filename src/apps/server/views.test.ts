import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openServer } from '#tests/house/server'

const server = await openServer()
after(() => server.close())

async function post(path: string, body: unknown): Promise<any> {
  // `any`: answers of many shapes, looked into by the tests
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.json()
  assert.ok(response.ok, JSON.stringify(answer))
  return answer
}

test('whoever wrote an event finds it in the views of metrics at once, also while nobody watches', async () => {
  const event = (id: number) => ({ id, at: '2026-11-20T10:00:00Z', amount: 1 })
  await post('/api/v1/streams/sales/events', [event(0)])
  const metric = { code: 'SALES', name: 'Sales', dataset: 'sales', time: 'at', measure: { type: 'count' } }
  await post('/api/v1/metrics', metric)
  for (let count = 2; count <= 12; count += 1) {
    await post('/api/v1/streams/sales/events', [event(count)])
    const { rows } = await post('/query', { sql: "SELECT value FROM kpi_values_day WHERE code = 'SALES'" })
    assert.deepEqual(rows, [[count]])
  }
})
