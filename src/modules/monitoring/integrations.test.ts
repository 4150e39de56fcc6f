import assert from 'node:assert/strict'
import { test } from 'node:test'
import { integrations } from './integrations.ts'

test('a name is healthy only when what serves it did something, and unhealthy where nothing does', async () => {
  const asked: string[] = []
  const found = await integrations(
    [
      { name: 'Passport', by: 'identity', ask: async (workspace) => asked.push(workspace) },
      { name: 'ImpactOS', by: 'dashboards', ask: () => Promise.reject(new Error('password=hunter2')) },
      { name: 'HL7' },
    ],
    'default',
    () => 0,
  )
  assert.deepEqual(asked, ['default'])
  assert.deepEqual(
    found.map(({ name, kind, healthy, detail }) => [name, kind, healthy, detail]),
    [
      ['Passport', 'built-in', true, 'Served by the module "identity".'],
      ['ImpactOS', 'built-in', false, 'The module "dashboards" does not answer.'],
      ['HL7', 'built-in', false, 'This version has nothing that does its job.'],
    ],
  )
  assert.equal(found[0]?.checkedAt, '1970-01-01T00:00:00.000Z')
})
