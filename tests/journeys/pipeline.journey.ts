import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, openStage, shot, type Stage } from './browser.ts'

let stage: Stage
let guarded: Server
before(async () => {
  stage = await openStage({ MILLRACE_EGRESS: '127.0.0.1/32' })
  guarded = createServer((request, response) => {
    const known = request.headers.authorization === 'Bearer kept-secret'
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(known ? [{ id: 1, name: 'Barbara' }] : []))
  })
  await new Promise<void>((resolve) => guarded.listen(0, '127.0.0.1', resolve))

  mkdirSync(join(stage.home, 'files'), { recursive: true })
  writeFileSync(
    join(stage.home, 'files', 'customers.csv'),
    'id,name,status,spent\n1,Ada,active,120.50\n2,Grace,paused,80.00\n3,Edsger,active,42.10\n',
  )
})
after(async () => {
  guarded.close()
  await stage.close()
})

const group = (page: Page, name: string) => page.locator('fieldset', { has: page.locator('legend', { hasText: name }) })

test('a pipeline is made in the form, previewed, run, and seen to succeed', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/new`)
  await page.getByLabel('Name').fill('Active customers')
  await group(page, 'Source').getByRole('radio', { name: 'File' }).check()
  await page.getByLabel('Path').fill('customers.csv')
  const preview = page.getByRole('complementary', { name: 'Preview' })
  // The fields of a step are lists once the columns are known.
  await preview.getByText('Edsger').waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Add a step' }).click()
  await page.getByRole('menuitem', { name: /^Filter/ }).click()
  const steps = group(page, 'Transformations')
  await steps
    .getByLabel(/^Column/)
    .first()
    .selectOption('status')
  await steps
    .getByLabel(/^Condition/)
    .first()
    .selectOption('is')
  await steps.getByLabel('Value').fill('active')
  await group(page, 'Destination')
    .getByLabel(/^Dataset · required|^Dataset$/)
    .last()
    .fill('customers')
  await preview.getByText('Edsger').waitFor({ timeout: 30_000 })
  // Before the filter is complete the preview shows the rows of the file, Grace among them.
  await preview.getByText('Grace').waitFor({ state: 'detached' })
  await assertAccessible(page, 'the form of a pipeline')
  await shot(page, 'pipeline-form')
  await page.getByRole('button', { name: 'Create and run' }).click()
  await page.waitForURL(/\/app\/pipelines\/(?!new)/)
  await page
    .getByText(/succeeded/i)
    .first()
    .waitFor({ timeout: 30_000 })
  await assertAccessible(page, 'the page of a pipeline')
  await shot(page, 'pipeline-succeeded')
  await page.goto(`${stage.server.url}/app/datasets/customers`)
  await page.getByText('Edsger').first().waitFor({ timeout: 20_000 })
  await shot(page, 'dataset')
  assert.deepEqual(stage.complaints(), [])
})

test('a quality check is added in the form and is there when the pipeline is edited again', async () => {
  const { items } = (await (await stage.server.ask('/api/v1/pipelines')).json()) as { items: { id: string }[] }
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/${items[0]!.id}/edit`)
  await page.getByRole('button', { name: 'Add a check' }).click()
  await page.getByRole('menuitem', { name: /^Not empty/ }).click()
  const checks = group(page, 'Quality checks')
  const field = checks.getByLabel(/^Field/)
  if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption('name')
  else await field.fill('name')
  await checks.getByLabel('When a row breaks it').selectOption('warn')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.waitForURL(/\/app\/pipelines\/[^/]+$/)
  const saved = (await (await stage.server.ask(`/api/v1/pipelines/${items[0]!.id}`)).json()) as { quality: object[] }
  assert.deepEqual(saved.quality, [{ type: 'not_null', severity: 'warn', field: 'name' }])
  await page.goto(`${stage.server.url}/app/pipelines/${items[0]!.id}/edit`)
  await group(page, 'Quality checks').getByText('Each row has a value.').waitFor()
  const { quality: _, ...rest } = saved
  await stage.server.ask(`/api/v1/pipelines/${items[0]!.id}`, { method: 'PUT', json: rest })
  await page.context().close()
})

test('the data is shown after each step, with what the step did to it', async () => {
  const { items } = (await (await stage.server.ask('/api/v1/pipelines')).json()) as { items: { id: string }[] }
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/${items[0]!.id}`)
  await page.getByRole('tab', { name: 'Data' }).click()
  const steps = page.getByRole('list', { name: 'Steps', exact: true })
  const filter = steps.getByRole('button', { name: /^Filter/ })
  await filter.getByText('1 fewer row').waitFor({ timeout: 30_000 })
  await filter.getByText('2 rows').waitFor()
  assert.equal(await filter.getAttribute('aria-pressed'), 'true')
  assert.equal(await page.getByRole('cell', { name: 'Grace' }).count(), 0)
  await steps.getByRole('button', { name: /^File/ }).press('Enter')
  await page.getByRole('cell', { name: 'Grace' }).waitFor()
  await page.getByText('3 rows, 4 columns').waitFor()
  await assertAccessible(page, 'the data of a pipeline')
  await shot(page, 'pipeline-data')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.reload()
  await page.getByRole('cell', { name: 'Grace' }).waitFor()
  const [width, available] = await page.evaluate(
    () => [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const,
  )
  assert.ok(width <= available, `the data tab is ${width} wide on a screen of ${available}`)
  await page.context().close()
})

test('a step that cannot be done with the rows says so in their place', async () => {
  const made = await stage.server.ask('/api/v1/pipelines', {
    json: {
      name: 'Later broken',
      type: 'batch',
      source: { type: 'file', config: { path: 'later.csv' } },
      transformations: [{ type: 'filter', config: "status = 'active'" }],
      destination: { type: 'dataset', config: { dataset: 'later' } },
    },
  })
  const { id } = (await made.json()) as { id: string }
  writeFileSync(join(stage.home, 'files', 'later.csv'), 'id,state\n1,active\n')
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/${id}?tab=data`)
  await page.getByRole('button', { name: /^Filter.*stops here/ }).waitFor({ timeout: 30_000 })
  await page.getByRole('alert').getByText('status').first().waitFor()
  await page.context().close()
})

test('what is kept secret is used while a pipeline is looked at and edited, and not shown', async () => {
  const url = `http://127.0.0.1:${(guarded.address() as AddressInfo).port}/`
  const made = await stage.server.ask('/api/v1/pipelines', {
    json: {
      name: 'Guarded',
      type: 'batch',
      source: { type: 'http', config: { url, token: 'kept-secret' } },
      transformations: [],
      destination: { type: 'dataset', config: { dataset: 'guarded' } },
    },
  })
  const { id } = (await made.json()) as { id: string }
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/${id}?tab=data`)
  await page.getByRole('cell', { name: 'Barbara' }).waitFor({ timeout: 30_000 })
  await page.goto(`${stage.server.url}/app/pipelines/${id}/edit`)
  await page.getByRole('complementary', { name: 'Preview' }).getByText('Barbara').waitFor({ timeout: 30_000 })
  assert.ok(!(await page.content()).includes('kept-secret'))
  await page.context().close()
})

test('a run that fails says why and what to do', async () => {
  const answer = await stage.server.ask('/api/v1/pipelines', {
    json: {
      name: 'Gone',
      type: 'batch',
      source: { type: 'file', config: { path: 'gone.csv' } },
      transformations: [],
      destination: { type: 'dataset', config: { dataset: 'gone' } },
    },
  })
  const { id } = (await answer.json()) as { id: string }
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/${id}`)
  await page.getByRole('button', { name: 'Run now' }).click()
  await page
    .getByText('gone.csv')
    .filter({ hasText: /no file|not there|found|There is no/i })
    .first()
    .waitFor({ timeout: 30_000 })
  await assertAccessible(page, 'a failed run')
  await shot(page, 'pipeline-failed')
})

test('with the keyboard only one gets from the start to a running pipeline', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/`)
  await page.getByRole('heading', { name: 'Home' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder(/^Find a pipeline/).waitFor()
  await page.keyboard.type('Active customers')
  await page
    .getByRole('option', { name: /Active customers/ })
    .first()
    .waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/app\/pipelines\/(?!new)/)
  const run = page.getByRole('button', { name: 'Run now' })
  await run.waitFor()
  for (let tabs = 0; tabs < 60 && !(await run.evaluate((button) => button === document.activeElement)); tabs += 1)
    await page.keyboard.press('Tab')
  assert.ok(await run.evaluate((button) => button === document.activeElement), 'Tab never reaches "Run now"')
  await page.keyboard.press('Enter')
  await page
    .getByText(/running|queued|succeeded/i)
    .first()
    .waitFor()
})
