import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage } from './browser.ts'

test('a tile whose answer cannot be drawn says so in its place and leaves the others standing', async () => {
  const stage = await openStage()
  try {
    const rows = [{ order_id: 1, amount: 12.5, ordered_at: new Date().toISOString() }]
    await stage.server.ask('/api/v1/streams/orders/events', { json: rows })
    for (const code of ['REVENUE', 'ORDERS']) {
      const measure = code === 'ORDERS' ? { type: 'count' } : { type: 'sum', expression: 'amount' }
      const json = { code, name: code.toLowerCase(), dataset: 'orders', time: 'ordered_at', measure }
      assert.equal((await stage.server.ask('/api/v1/metrics', { json })).status, 201)
    }
    const page = await stage.signedIn()
    await page.route(/metrics\/REVENUE\/values/, (route) => route.fulfill({ json: { points: [null] } }))
    await page.goto(`${stage.server.url}/app/`)
    await page.getByRole('link', { name: /^orders/ }).waitFor()
    await page
      .getByRole('region', { name: 'Metrics' })
      .getByRole('alert')
      .getByText('This part of the page failed')
      .waitFor()
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
    await page.getByRole('region', { name: 'Pipelines' }).waitFor()
    await page.unroute(/metrics\/REVENUE\/values/)
    await page.context().close()
  } finally {
    await stage.close()
  }
})
