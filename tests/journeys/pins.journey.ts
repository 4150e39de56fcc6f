import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, assertNotWider, openStage, shot, type Stage } from './browser.ts'

let stage: Stage
before(async () => {
  stage = await openStage()
  const at = new Date().toISOString()
  await stage.server.ask('/api/v1/streams/orders/events', { json: [{ ordered_at: at, amount: 40, region: 'north' }] })
  const metrics = {
    AVERAGE: { name: 'Average order', measure: { type: 'avg', expression: 'amount' }, unit: 'EUR' },
    LARGEST: { name: 'Largest order', measure: { type: 'max', expression: 'amount' }, unit: 'EUR' },
    ORDERS: { name: 'Orders', measure: { type: 'count' } },
    REVENUE: { name: 'Revenue', measure: { type: 'sum', expression: 'amount' }, unit: 'EUR' },
  }
  for (const [code, metric] of Object.entries(metrics)) {
    const json = { code, dataset: 'orders', time: 'ordered_at', ...metric }
    assert.equal((await stage.server.ask('/api/v1/metrics', { json })).status, 201)
  }
  await stage.server.ask('/api/v1/dashboards', { json: { name: 'sales', tiles: [{ metric: 'ORDERS' }] } })
})
after(async () => await stage.close())

const home = async (page: Page) => await page.goto(`${stage.server.url}/app/`)
const pinnedOn = (page: Page) => page.getByRole('region', { name: 'Pinned metrics' })
const menuOf = (page: Page, name: string) => page.getByRole('button', { name: `More for ${name}` })
const choose = async (page: Page, name: string, item: string): Promise<void> => {
  await menuOf(page, name).press('Enter')
  await page.getByRole('menuitem', { name: item }).press('Enter')
}
/** Waits until the tiles of Home have these names. */
const assertTiles = async (page: Page, names: readonly string[]): Promise<void> => {
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll('section[aria-label="Pinned metrics"] h3')]
        .map(({ textContent }) => textContent)
        .join() === wanted,
    names.join(),
  )
}
const assertFocused = async (page: Page, name: string): Promise<void> => {
  await page.waitForFunction(
    (label) => document.activeElement?.getAttribute('aria-label') === label,
    `More for ${name}`,
  )
}

test('without pins Home shows the first metrics and says how one is pinned', async () => {
  const page = await stage.signedIn()
  await home(page)
  await page
    .getByRole('region', { name: 'Metrics' })
    .getByRole('link', { name: /Average order/ })
    .waitFor()
  await page.getByText('Pin those you follow').waitFor()
  await page.context().close()
})

test('by keyboard metrics are pinned from Home, from their page and from a dashboard, and are on Home, live', async () => {
  const page = await stage.signedIn()
  await home(page)
  await choose(page, 'Revenue', 'Pin to Home')
  await assertTiles(page, ['Revenue'])
  await page.goto(`${stage.server.url}/app/metrics/LARGEST`)
  await page.locator('button:enabled', { hasText: 'Pin to Home' }).waitFor()
  await page.keyboard.press('p')
  await page.getByRole('button', { name: 'Unpin from Home' }).waitFor()
  await page.goto(`${stage.server.url}/app/dashboards/sales`)
  await choose(page, 'Orders', 'Pin to Home')
  await page.getByText('Orders pinned to Home').waitFor()
  await page.getByRole('link', { name: 'Home' }).filter({ visible: true }).click()
  await assertTiles(page, ['Revenue', 'Largest order', 'Orders'])
  await stage.server.ask('/api/v1/streams/orders/events', {
    json: [{ ordered_at: new Date().toISOString(), amount: 2.5, region: 'north' }],
  })
  await pinnedOn(page).getByText('€42.50').waitFor()
  await page.context().close()
})

test('by keyboard a tile is moved and unpinned, the focus stays, and Undo brings it back', async () => {
  const page = await stage.signedIn()
  await home(page)
  await choose(page, 'Orders', 'Move earlier')
  await assertTiles(page, ['Revenue', 'Orders', 'Largest order'])
  await assertFocused(page, 'Orders')
  await choose(page, 'Orders', 'Unpin from Home')
  await assertTiles(page, ['Revenue', 'Largest order'])
  await assertFocused(page, 'Largest order')
  await choose(page, 'Revenue', 'Unpin from Home')
  await assertTiles(page, ['Largest order'])
  for (const name of ['Orders', 'Revenue'])
    await page
      .getByRole('status')
      .locator('div', { hasText: `${name} unpinned` })
      .getByRole('button', { name: 'Undo' })
      .press('Enter')
  await assertTiles(page, ['Revenue', 'Orders', 'Largest order'])
  await assertAccessible(page, 'Home with pins')
  await shot(page, 'home-pins')
  await page.context().close()
})

test('with the pointer a tile is dragged to another place, and the order is kept', async () => {
  const page = await stage.signedIn()
  await home(page)
  const tile = (code: string) => pinnedOn(page).locator(`[data-tile="${code}"]`)
  await tile('LARGEST').hover()
  const saved = page.waitForResponse((response) => response.request().method() === 'PUT')
  await tile('LARGEST').getByTitle('Drag to another place').hover()
  await page.mouse.down()
  const { x, y } = (await tile('REVENUE').boundingBox())!
  await page.mouse.move(x + 80, y + 80, { steps: 5 })
  await assertTiles(page, ['Largest order', 'Revenue', 'Orders'])
  await page.mouse.move(x + 90, y + 90, { steps: 5 })
  await page.mouse.up()
  assert.equal((await saved).status(), 200)
  await page.reload()
  await assertTiles(page, ['Largest order', 'Revenue', 'Orders'])
  await page.context().close()
})

test('a metric that is deleted disappears from Home, and the other tiles are still moved', async () => {
  await stage.server.ask('/api/v1/metrics/ORDERS', { method: 'DELETE' })
  const page = await stage.signedIn()
  await home(page)
  await assertTiles(page, ['Largest order', 'Revenue'])
  await choose(page, 'Revenue', 'Move earlier')
  await assertTiles(page, ['Revenue', 'Largest order'])
  await page.context().close()
})

for (const theme of ['light', 'dark'] as const) {
  test(`on a phone in ${theme} the pinned tiles are two in a row and are moved by their menu`, async () => {
    const page = await stage.signedIn({ width: 390, height: 844 }, theme)
    await home(page)
    await pinnedOn(page)
      .getByRole('link', { name: /Revenue/ })
      .waitFor()
    await choose(page, 'Largest order', 'Move earlier')
    await assertTiles(page, ['Largest order', 'Revenue'])
    await assertAccessible(page, `Home with pins on a phone in ${theme}`)
    await shot(page, `home-pins-${theme}-phone`)
    await assertNotWider(page)
    await choose(page, 'Largest order', 'Move later')
    await assertTiles(page, ['Revenue', 'Largest order'])
    await page.context().close()
  })
}

test('nothing complained in the console', () => assert.deepEqual(stage.complaints(), []))
