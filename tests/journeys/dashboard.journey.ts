import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, openStage, shot, type Stage } from './browser.ts'

let stage: Stage
before(async () => {
  stage = await openStage()
  const at = new Date().toISOString()
  const rows = [
    { ordered_at: at, amount: 40, region: 'north' },
    { ordered_at: at, amount: 2.5, region: 'south' },
  ]
  await stage.server.ask('/api/v1/streams/orders/events', { json: rows })
  const metrics = {
    REVENUE: { name: 'Revenue', measure: { type: 'sum', expression: 'amount' }, unit: 'EUR' },
    ORDERS: { name: 'Orders', measure: { type: 'count' } },
    LARGEST: { name: 'Largest order', measure: { type: 'max', expression: 'amount' }, unit: 'EUR' },
  }
  for (const [code, metric] of Object.entries(metrics)) {
    const answer = await stage.server.ask('/api/v1/metrics', {
      json: { code, dataset: 'orders', time: 'ordered_at', ...metric },
    })
    assert.equal(answer.status, 201, await answer.text())
  }
})
after(async () => await stage.close())

const tilesOf = (page: Page) => page.getByRole('region', { name: 'Tiles' })
const metricsOf = async (name: string): Promise<unknown> => {
  const answer = await stage.server.ask(`/api/v1/dashboards/${name}`)
  return ((await answer.json()) as { tiles: unknown }).tiles
}

test('a dashboard is created from nothing and shows its numbers', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/dashboards`)
  await page.getByRole('heading', { name: 'No dashboards yet' }).waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Make a dashboard' }).first().click()
  await page.getByRole('heading', { name: 'No tiles yet' }).waitFor()
  await page.getByLabel('Title').fill('Sales, live')
  assert.equal(await page.getByLabel('Name').inputValue(), 'sales-live')
  const offered = page.getByRole('list', { name: 'Metrics to add' })
  for (const name of ['Revenue', 'Orders', 'Largest order']) await offered.getByRole('button', { name }).click()
  await page.getByRole('button', { name: 'Save dashboard' }).click()
  await page.getByRole('heading', { name: 'Sales, live' }).waitFor()
  await page.getByRole('radio', { name: 'Day' }).check()
  await tilesOf(page).getByText('€42.50').waitFor()
  assert.deepEqual(await metricsOf('sales-live'), [{ metric: 'REVENUE' }, { metric: 'ORDERS' }, { metric: 'LARGEST' }])
  await page.context().close()
})

test('by keyboard tiles are moved, widened, titled and removed, and a change is undone', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/dashboards/sales-live`)
  await page.getByRole('heading', { name: 'Sales, live' }).waitFor()
  await page.keyboard.press('e')
  await page.getByRole('button', { name: 'Move Orders later' }).press('Enter')
  await page.getByRole('listitem', { name: 'Orders, tile 3 of 3' }).waitFor()
  const earlier = page.getByRole('button', { name: 'Move Orders earlier' })
  assert.ok(await earlier.evaluate((button) => button === document.activeElement), 'a moved tile lost the focus')
  await page.getByLabel('Width of Orders').selectOption('Full')
  await page.getByLabel('Title of Orders').fill('All orders')
  await page.getByRole('button', { name: 'Remove Revenue' }).press('Enter')
  assert.equal(await page.getByRole('listitem', { name: /^Revenue/ }).count(), 0)
  const next = page.getByRole('button', { name: 'Remove Largest order' })
  assert.ok(await next.evaluate((button) => button === document.activeElement), 'a removed tile took the focus along')
  await page.keyboard.press('Control+z')
  await page.getByRole('listitem', { name: 'Revenue, tile 1 of 3' }).waitFor()
  await assertAccessible(page, 'a dashboard while it is edited')
  await shot(page, 'dashboard-edit')
  await page.keyboard.press('Control+s')
  await page.waitForURL(/\/dashboards\/(?!.*edit)/)
  await tilesOf(page).getByText('All orders').waitFor()
  assert.deepEqual(await metricsOf('sales-live'), [
    { metric: 'REVENUE' },
    { metric: 'LARGEST' },
    { metric: 'ORDERS', title: 'All orders', width: 12 },
  ])
  await page.context().close()
})

test('with the pointer a tile is dragged to another place', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/dashboards/sales-live/edit`)
  const grip = page.getByRole('listitem', { name: /^Largest order/ }).getByTitle('Drag to another place')
  await grip.dragTo(page.getByRole('listitem', { name: /^Revenue/ }))
  await page.getByRole('listitem', { name: 'Largest order, tile 1 of 3' }).waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Dashboards' }).click()
  const asked = page.getByRole('dialog', { name: 'Leave without saving?' })
  await asked.getByRole('button', { name: 'Leave without saving' }).click()
  await page.getByText('3 tiles').waitFor()
  await page.context().close()
})

test('a tile with a filter of its own shows its own number beside the whole', async () => {
  await stage.server.ask('/api/v1/dashboards', {
    json: { name: 'regions', tiles: [{ metric: 'REVENUE' }, { metric: 'REVENUE', filter: "region = 'south'" }] },
  })
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/dashboards/regions?period=day`)
  await page.getByText('Live', { exact: true }).waitFor()
  const tiles = tilesOf(page).getByRole('link')
  await tiles.nth(0).getByText('€42.50').waitFor()
  await tiles.nth(1).getByText('€2.50').waitFor()
  await stage.server.ask('/api/v1/streams/orders/events', {
    json: [{ ordered_at: new Date().toISOString(), amount: 1, region: 'south' }],
  })
  await tiles.nth(0).getByText('€43.50').waitFor()
  await tiles.nth(1).getByText('€3.50').waitFor()
  await page.context().close()
})

test('what the server refuses is shown beside the tile, and only there', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/dashboards/regions/edit`)
  await page.getByRole('textbox', { name: 'Title · required' }).fill('Regions')
  await stage.server.ask('/api/v1/metrics/LARGEST', { method: 'DELETE' })
  await page.getByRole('list', { name: 'Metrics to add' }).getByRole('button', { name: 'Largest order' }).click()
  await page.getByRole('button', { name: 'Save dashboard' }).click()
  await page
    .getByRole('listitem', { name: /^Largest order/ })
    .getByText('There is no metric "LARGEST"')
    .waitFor()
  assert.equal(await page.getByText('There is no metric "LARGEST"').count(), 1)
  await page.context().close()
})

for (const theme of ['light', 'dark'] as const) {
  test(`on a phone in ${theme} a dashboard is edited and deleted`, async () => {
    const { title } = { title: `Phone ${theme}` }
    await stage.server.ask('/api/v1/dashboards', {
      json: { name: `phone-${theme}`, title, tiles: [{ metric: 'ORDERS' }, { metric: 'REVENUE', width: 4 }] },
    })
    const page = await stage.signedIn({ width: 390, height: 844 }, theme)
    await page.goto(`${stage.server.url}/app/dashboards/phone-${theme}`)
    await page.getByRole('link', { name: 'Edit', exact: true }).click()
    await page.getByRole('button', { name: 'Move Revenue earlier' }).click()
    await page.getByRole('listitem', { name: 'Revenue, tile 1 of 2' }).waitFor()
    await assertAccessible(page, `a dashboard edited on a phone in ${theme}`)
    await shot(page, `dashboard-edit-${theme}-phone`)
    const [width, available] = await page.evaluate(
      () => [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const,
    )
    assert.ok(width <= available, `the editor is ${width} wide on a screen of ${available}`)
    await page.getByRole('button', { name: 'Save dashboard' }).click()
    await page.getByRole('heading', { name: title }).waitFor()
    await page.getByRole('main').getByRole('button', { name: 'More', exact: true }).press('Enter')
    await page.getByRole('menuitem', { name: 'Delete dashboard' }).press('Enter')
    const asked = page.getByRole('dialog', { name: `Delete ${title}?` })
    await asked.getByRole('button', { name: 'Delete dashboard' }).press('Enter')
    await page.waitForURL(/\/app\/dashboards$/)
    await page.getByText('Sales, live').waitFor()
    assert.equal((await stage.server.ask(`/api/v1/dashboards/phone-${theme}`)).status, 404)
    await page.context().close()
  })
}

test('nothing complained in the console', () => {
  assert.deepEqual(
    stage.complaints().filter((said) => !said.includes('422')),
    [],
  )
})
