import assert from 'node:assert/strict'
import type { House } from './house-fixture.ts'

export const customers =
  'id,name,status,amount,at\n1,Ann,active,3.5,2026-01-01T10:00:00Z\n2,"Bo, B",gone,4,2026-01-02T00:00:00Z\n3,Cy,active,,2026-01-03T10:00:00Z\n'

export const definition = (more: object = {}) => ({
  name: 'Active customers',
  type: 'batch',
  source: { type: 'file', config: { path: 'customers.csv' } },
  destination: { type: 'dataset', config: { dataset: 'customers' } },
  transformations: [{ type: 'filter', config: { field: 'status', operator: 'eq', value: 'active' } }],
  ...more,
})

/** What tests of pipelines do again and again, on the house of the moment. */
export function pipelinesOf(open: () => House) {
  async function made(more: object = {}): Promise<string> {
    const { status, body } = await open().call('POST', '/api/v1/pipelines', definition(more))
    assert.equal(status, 201, JSON.stringify(body))
    return body.id
  }

  async function ran(id: string) {
    const { status, body } = await open().call('POST', `/api/v1/pipelines/${id}/run?wait=60s`)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }

  /** Stores a definition unchecked, as an earlier version may have stored it. */
  async function stored(id: string, body: object): Promise<void> {
    await open().ports.metadata.system.query('update pipelines.definition set body = $2::json where id = $1', [
      id,
      JSON.stringify(body),
    ])
  }

  async function count(dataset: string): Promise<number> {
    const { body } = await open().call('GET', `/api/v1/datasets/${dataset}`)
    return body.rows ?? 0
  }

  return { made, ran, stored, count }
}
