import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, openStage, shot, type Stage } from './browser.ts'

let stage: Stage
let page: Page
before(async () => {
  stage = await openStage({ MILLRACE_DEMO: '1' })
  page = await stage.signedIn({ width: 390, height: 844 })
})
after(async () => await stage.close())

const bar = () => page.getByRole('navigation', { name: 'Main' }).filter({ visible: true })

test('a link carries the zone of the page it was copied from', async () => {
  const { items } = (await (await page.request.get(`${stage.server.url}/api/v1/metrics`)).json()) as {
    items: { code: string }[]
  }
  const path = `/app/metrics/${items[0]!.code}`
  const here = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
  await page.goto(`${stage.server.url}${path}`)
  await page.waitForURL((url) => url.searchParams.get('zone') === here)
  await page.goto(`${stage.server.url}${path}?zone=Asia/Kolkata`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForTimeout(500)
  assert.equal(new URL(page.url()).searchParams.get('zone'), 'Asia/Kolkata')
  await bar().getByRole('link', { name: 'Dashboards' }).click()
  await page.waitForURL((url) => url.pathname === '/app/dashboards' && !url.searchParams.has('zone'))
  await page.goBack()
  await page.waitForURL((url) => url.searchParams.get('zone') === 'Asia/Kolkata')
})

test('no word of the bar is cut off, and what it has no room for is under More', async () => {
  await page.goto(`${stage.server.url}/app/`)
  await bar().getByRole('link', { name: 'Home' }).waitFor()
  const cut = await bar()
    .locator('span')
    .evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent))
  assert.deepEqual(cut, [])
  await bar().getByRole('button', { name: 'More' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Datasets' }).click()
  await page.waitForURL((url) => url.pathname === '/app/datasets')
  await page.getByRole('heading', { level: 1, name: 'Datasets' }).waitFor()
})

test('theme, workspace and the way out are under More in the bar below', async () => {
  await page.goto(`${stage.server.url}/app/`)
  await bar().getByRole('button', { name: 'More' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('group', { name: 'Workspace' }).getByRole('button', { pressed: true }).waitFor()
  await sheet.getByRole('button', { name: 'Dark' }).click()
  await sheet.getByRole('button', { name: 'Dark', pressed: true }).waitFor()
  await shot(page, 'more-dark-phone')
  await assertAccessible(page, 'More on a phone')
  const heights = await page
    .locator('[role=dialog] button, [role=dialog] a, nav:visible a, nav:visible button')
    .evaluateAll((all) => all.map((each) => [each.textContent, each.getBoundingClientRect()] as const))
  for (const [text, { width, height }] of heights)
    assert.ok(width >= 44 && height >= 44, `"${text}" is ${width} by ${height}`)
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
  await bar().getByRole('button', { name: 'More' }).click()
  await sheet.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/sign-in/)
})
