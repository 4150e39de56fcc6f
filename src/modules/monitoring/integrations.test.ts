import assert from 'node:assert/strict'
import { test } from 'node:test'
import { probeIntegrations } from './integrations.ts'

const never = new Promise<never>(() => {})
const clock = (sleep: () => Promise<void>) => ({ now: () => 0, sleep })

test('a name is healthy only when what serves it did something, and unhealthy where nothing does', async () => {
  const probed: string[] = []
  const found = await probeIntegrations(
    [
      { name: 'Passport', module: 'identity', probe: async (workspace) => probed.push(workspace) },
      { name: 'ImpactOS', module: 'dashboards', probe: () => Promise.reject(new Error('password=hunter2')) },
      { name: 'HL7' },
      { name: 'Mail', module: 'mails', url: 'smtp://mail.example.com:587', probe: async () => undefined },
    ],
    'default',
    clock(() => never),
  )
  assert.deepEqual(probed, ['default'])
  assert.deepEqual(
    found.map(({ name, kind, healthy, detail }) => [name, kind, healthy, detail]),
    [
      ['Passport', 'built-in', true, 'Served by the module "identity".'],
      ['ImpactOS', 'built-in', false, 'The module "dashboards" does not answer.'],
      ['HL7', 'built-in', false, 'This version has nothing that does its job.'],
      ['Mail', 'external', true, 'Served by the module "mails".'],
    ],
  )
  assert.deepEqual(
    found.map(({ latencyMs }) => latencyMs !== null && latencyMs >= 0),
    [true, true, false, true],
  )
  assert.deepEqual([found[0]?.url, found[3]?.url], [undefined, 'smtp://mail.example.com:587'])
  assert.equal(found[0]?.checkedAt, '1970-01-01T00:00:00.000Z')
})

test('a probe that does not end is unhealthy after the time limit and does not hold up the answer', async () => {
  const [slow] = await probeIntegrations(
    [{ name: 'Passport', module: 'identity', probe: () => never }],
    'default',
    clock(async () => {}),
  )
  assert.deepEqual([slow?.healthy, slow?.detail], [false, 'The module "identity" did not answer within 2 s.'])
})
