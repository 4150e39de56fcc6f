import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible, openStage, shot, type Stage } from './browser.ts'

let stage: Stage
before(async () => {
  stage = await openStage({ MILLRACE_DEMO: '1' })
})
after(async () => await stage.close())

test('one signs in with the link and sees a number move', async () => {
  const page = await stage.signedIn()
  const orders = page
    .getByRole('link', { name: /^Orders/ })
    .or(page.locator('a, article, section, li').filter({ hasText: /^Orders/ }))
    .first()
  await orders.waitFor({ timeout: 30_000 })
  const text = (): Promise<string> => page.locator('main').innerText()
  const before = await text()
  let moved = false
  for (let tries = 0; tries < 150 && !moved; tries += 1) {
    await page.waitForTimeout(200)
    moved = (await text()) !== before
  }
  assert.ok(moved, `nothing moved in 30 s:\n${before}`)
  await shot(page, 'home-moving')
})

test('a sign-in link works once', async () => {
  const link = /Sign in\s+(\S+)/.exec(stage.server.said())![1]!
  const context = await stage.browser.newContext()
  const page = await context.newPage()
  await page.goto(link)
  await page.getByText(/used before/).waitFor({ timeout: 15_000 })
  await context.close()
})

const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }
for (const theme of ['light', 'dark'] as const) {
  for (const [size, viewport] of Object.entries(sizes)) {
    test(`every page in ${theme} on a ${size} screen is whole, accessible and quiet`, async () => {
      const page = await stage.signedIn(viewport, theme)
      const dashboards = (await (await page.request.get(`${stage.server.url}/api/v1/dashboards`)).json()) as {
        items: { id: string }[]
      }
      const metrics = (await (await page.request.get(`${stage.server.url}/api/v1/metrics`)).json()) as {
        items: { code: string }[]
      }
      const pipelines = (await (await page.request.get(`${stage.server.url}/api/v1/pipelines`)).json()) as {
        items: { id: string }[]
      }
      const pages = {
        home: '/app/',
        pipelines: '/app/pipelines',
        datasets: '/app/datasets',
        metrics: '/app/metrics',
        metric: `/app/metrics/${metrics.items[0]!.code}`,
        'metric-form': `/app/metrics/${metrics.items[0]!.code}/edit`,
        dashboard: `/app/dashboards/${dashboards.items[0]!.id}`,
        'dashboard-form': `/app/dashboards/${dashboards.items[0]!.id}/edit`,
        'dashboard-new': '/app/dashboards/new',
        'pipeline-data': `/app/pipelines/${pipelines.items[0]!.id}?tab=data`,
        rows: '/app/datasets/orders?tab=rows',
      }
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(`${stage.server.url}${path}`)
        await page.getByRole('heading', { level: 1 }).first().waitFor({ timeout: 15_000 })
        await page.waitForTimeout(1000)
        await shot(page, `${name}-${theme}-${size}`)
        const [width, available] = await page.evaluate(
          () => [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const,
        )
        assert.ok(width <= available, `${name} is ${width} wide on a screen of ${available}`)
        await assertAccessible(page, `${name} in ${theme} on a ${size} screen`)
      }
      await page.context().close()
    })
  }
}

test('nothing complained in the console', () => {
  assert.deepEqual(stage.complaints(), [])
})
