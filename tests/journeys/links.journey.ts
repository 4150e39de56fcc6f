import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, openStage, shot, type Stage } from './browser.ts'

let stage: Stage
before(async () => {
  stage = await openStage({ MILLRACE_DEMO: '1' })
})
after(async () => await stage.close())

async function signInLink(): Promise<string> {
  const made = await stage.server.ask('/api/v1/session/link', { json: { workspace: 'default' } })
  return stage.server.url + ((await made.json()) as { path: string }).path
}

test('a one-time link leads to the page that was wanted before sign-in', async () => {
  const context = await stage.browser.newContext()
  const page = await context.newPage()
  await page.goto(`${stage.server.url}/app/datasets/orders?tab=rows`)
  await page.waitForURL(/sign-in/)
  const other = await context.newPage()
  await other.goto(await signInLink())
  await other.waitForURL((url) => url.pathname === '/app/datasets/orders' && url.searchParams.get('tab') === 'rows')
  await context.close()
})

test('a link names its workspace, and in another one the page asks before it switches', async () => {
  for (const [size, theme] of [
    [{ width: 1440, height: 900 }, 'light'],
    [{ width: 390, height: 844 }, 'dark'],
  ] as const) {
    const page = await stage.signedIn(size, theme)
    await switchTo(page, 'demo')
    await page.goto(`${stage.server.url}/app/metrics`)
    await page.waitForURL((url) => url.searchParams.get('workspace') === 'demo')
    await page.goto(`${stage.server.url}/app/datasets?workspace=default`)
    await page.getByText('This link belongs to the workspace “Default”').waitFor()
    await assertAccessible(page, 'a link of another workspace')
    await shot(page, `link-of-another-workspace-${size.width}-${theme}`)
    await page.getByRole('button', { name: 'Switch to Default' }).click()
    await page.getByText('No datasets yet').waitFor()
    assert.equal(await workspaceOf(page), 'default')
    await page.goto(`${stage.server.url}/app/datasets?workspace=elsewhere`)
    await page.getByText('You may not enter the workspace “elsewhere”').waitFor()
    await page.getByRole('button', { name: 'Stay in Default' }).click()
    await page.waitForURL((url) => url.searchParams.get('workspace') === 'default')
    await page.getByText('No datasets yet').waitFor()
    await page.context().close()
  }
})

test('the focus is where one was when the palette closes, and at the content of the page that it opened', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/`)
  const link = page.getByRole('navigation').getByRole('link', { name: 'Datasets' })
  await link.focus()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement?.getAttribute('href')?.startsWith('/app/datasets') === true)
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('page metrics')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname === '/app/metrics')
  await page.waitForFunction(() => document.activeElement?.id === 'content')
  await page.context().close()
})

test('names of a hundred letters without a space make no page wider than its window', async () => {
  const long = 'x'.repeat(100)
  const code = `A.${'B'.repeat(60)}`
  const name = 'y'.repeat(60)
  const ok = async (path: string, json: unknown): Promise<{ id?: string }> => {
    const answer = await stage.server.ask(path, { json })
    const text = await answer.text()
    assert.ok(answer.ok, text)
    return JSON.parse(text) as { id?: string }
  }
  await ok(`/api/v1/streams/${name}/events`, [{ id: 1, [name]: long, at: new Date().toISOString() }])
  await ok('/api/v1/metrics', { code, name: long, dataset: name, time: 'at', measure: { type: 'count' } })
  const board = await ok('/api/v1/dashboards', {
    name,
    title: long,
    description: long,
    tiles: [{ metric: code, title: long }],
  })
  const pipeline = await ok('/api/v1/pipelines', {
    name: long,
    type: 'batch',
    source: { type: 'stream', config: { stream: name } },
    transformations: [],
    destination: { type: 'dataset', config: { dataset: `z${name}` } },
  })
  const paths = [
    '/',
    '/datasets',
    `/datasets/${name}`,
    `/datasets/${name}?tab=rows`,
    `/datasets/${name}?tab=send`,
    '/metrics',
    `/metrics/${code}`,
    `/metrics/${code}/edit`,
    '/dashboards',
    `/dashboards/${board.id}`,
    `/dashboards/${board.id}/edit`,
    '/pipelines',
    `/pipelines/${pipeline.id}`,
    `/pipelines/${pipeline.id}/edit`,
    '/audit',
  ]
  for (const width of [1440, 390]) {
    const page = await stage.signedIn({ width, height: 844 })
    await switchTo(page, 'default')
    const wide: string[] = []
    for (const path of paths) {
      await page.goto(`${stage.server.url}/app${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForTimeout(600)
      const by = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (by > 0) {
        wide.push(`${path} by ${by} px at ${width}`)
        await shot(page, `wide-${width}-${path.replaceAll(/[^a-z]/g, '').slice(0, 20)}`)
      }
    }
    assert.deepEqual(wide, [])
    await page.context().close()
  }
})

test('nothing complained in the console', () => {
  assert.deepEqual(
    stage.complaints().filter((said) => !said.includes('401')),
    [],
  )
})

async function workspaceOf(page: Page): Promise<string> {
  const answer = await page.request.get(`${stage.server.url}/api/v1/session`)
  return ((await answer.json()) as { workspace: { id: string } }).workspace.id
}

async function switchTo(page: Page, workspace: string): Promise<void> {
  const session = (await (await page.request.get(`${stage.server.url}/api/v1/session`)).json()) as { csrf: string }
  const answer = await page.request.post(`${stage.server.url}/api/v1/session/workspace`, {
    data: { workspace },
    headers: { 'x-millrace-csrf': session.csrf, origin: stage.server.url },
  })
  assert.ok(answer.ok(), await answer.text())
}
