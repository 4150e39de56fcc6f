import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openStage, type Stage } from './browser.ts'

let stage: Stage
before(async () => {
  stage = await openStage()
  const at = new Date().toISOString()
  const rows = [
    { ordered_at: at, amount: 40, status: 'paid', region: 'north' },
    { ordered_at: at, amount: 2.5, status: 'paid', region: 'south' },
    { ordered_at: at, amount: 9, status: 'cancelled', region: 'south' },
  ]
  const sent = await stage.server.ask('/api/v1/streams/orders/events', { json: rows })
  assert.equal(sent.status, 202, await sent.text())
  await define('SAL.REV', 'Net revenue')
})
after(async () => await stage.close())

async function define(code: string, name: string): Promise<void> {
  const answer = await stage.server.ask('/api/v1/metrics', {
    json: {
      code,
      name,
      dataset: 'orders',
      time: 'ordered_at',
      measure: { type: 'sum', expression: 'amount' },
      filter: "status = 'paid'",
      dimensions: ['region'],
      unit: 'EUR',
    },
  })
  assert.equal(answer.status, 201, await answer.text())
}

test('until the first answer a metric is loading, and only then has no rows', async () => {
  const page = await stage.signedIn()
  const { promise: may, resolve: answer } = Promise.withResolvers<void>()
  await page.route(/\/values\?/, async (route) => {
    await may
    await route.continue()
  })
  await page.routeWebSocket(/\/ws\//, () => {})
  await page.goto(`${stage.server.url}/app/metrics/SAL.REV`)
  await page.getByText('Connecting').waitFor()
  await page.getByRole('status', { name: 'Loading' }).first().waitFor()
  assert.equal(await page.getByText('No rows in this range').count(), 0)
  answer()
  await page.getByText('€42.50').first().waitFor()
  await page.goto(`${stage.server.url}/app/metrics/SAL.REV?from=2020-01-01&to=2020-01-03`)
  await page.getByText('No rows in this range').waitFor()
  await page.unrouteAll({ behavior: 'wait' })
  await page.context().close()
})
