import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, openStage, shot, type Stage } from './browser.ts'

let stage: Stage
before(async () => {
  stage = await openStage({ TZ: 'Europe/Rome' })
  mkdirSync(join(stage.home, 'files'), { recursive: true })
  writeFileSync(
    join(stage.home, 'files', 'customers.csv'),
    'id,name,status,spent\n1,Ada,active,120.50\n2,Grace,paused,80.00\n3,Edsger,active,42.10\n',
  )
  writeFileSync(join(stage.home, 'files', 'orders.csv'), 'order_id,amount\n1,2\n')
  await stage.server.ask('/api/v1/streams/people/events', { json: [{ id: 9, name: 'Old' }] })
})
after(async () => await stage.close())

const group = (page: Page, name: string) =>
  page.locator('fieldset', { has: page.locator('> legend', { hasText: name }) })
const preview = (page: Page) => page.getByRole('complementary', { name: 'Preview' })

test('a file is picked from a list, columns are chosen, rows filtered in words, and merged by key', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/new`)
  await page.getByLabel('Name').fill('People')
  await group(page, 'Source').getByRole('radio', { name: 'File' }).check()
  await page.getByRole('radiogroup', { name: 'File to read' }).getByRole('radio', { name: 'customers.csv' }).check()
  assert.equal(await page.getByLabel(/^Path/).inputValue(), 'customers.csv')

  const destination = group(page, 'Destination')
  await destination
    .getByLabel(/^Dataset/)
    .last()
    .fill('people')
  await destination.getByText('“people” has 1 row now').waitFor()
  await destination.getByRole('radio', { name: /^Append/ }).check()
  await destination.getByText('“people” has 1 row now').waitFor({ state: 'detached' })

  await preview(page).getByRole('cell', { name: 'Edsger' }).waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Add a step' }).click()
  await page.getByRole('menuitem', { name: /^Filter/ }).click()
  const steps = group(page, 'Transformations')
  await steps.getByLabel('Column').first().selectOption('spent')
  await steps.getByLabel('Condition').selectOption('is at least')
  await steps.getByLabel('Value').fill('80')
  await preview(page).getByText('2 rows after filter').waitFor({ timeout: 30_000 })

  await group(page, 'Source').locator('summary', { hasText: 'Columns' }).click()
  await group(page, 'Source')
    .getByRole('checkbox', { name: /^status/ })
    .uncheck()
  await group(page, 'Source').getByText('3 of 4').waitFor()
  await preview(page).getByRole('columnheader', { name: 'status' }).waitFor({ state: 'detached', timeout: 30_000 })
  await assertAccessible(page, 'the form with everything filled in')
  await shot(page, 'pipeline-form-full')

  await page.getByRole('button', { name: 'Create without running' }).click()
  await page.waitForURL(/\/app\/pipelines\/(?!new)/)
  const { items } = (await (await stage.server.ask('/api/v1/pipelines')).json()) as { items: Record<string, unknown>[] }
  assert.deepEqual(items[0]?.['transformations'], [
    { type: 'map', config: { select: ['id', 'name', 'spent'] } },
    { type: 'filter', config: { field: 'spent', operator: 'gte', value: 80 } },
  ])
  assert.deepEqual(items[0]?.['destination'], { type: 'dataset', config: { dataset: 'people', mode: 'append' } })
  await page.context().close()
})

test('a schedule shows its next three times and their zone', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/new`)
  await page.getByLabel('Schedule', { exact: true }).selectOption('Every day at 06:00')
  await page.getByLabel('Time zone of the schedule').selectOption('Europe/Rome')
  const next = page.getByText(/^Next runs in Europe\/Rome:/)
  await next.waitFor()
  assert.equal((await next.textContent())?.match(/06:00/g)?.length, 3)
  await page.getByLabel('Schedule', { exact: true }).selectOption('As a cron expression')
  await page.getByLabel('Cron').fill('0 25 * * *')
  await next.waitFor({ state: 'detached' })
  await page.context().close()
})

test('an error is shown once at its field, and the first such field has the focus', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/new`)
  await page.getByLabel('Name').fill('Wrong')
  await group(page, 'Source').getByRole('radio', { name: 'PostgreSQL' }).check()
  await preview(page).getByText('source.config.host').waitFor()
  await page.getByRole('button', { name: 'Create without running' }).click()
  const host = group(page, 'Source').getByLabel(/^Host/)
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true')
  assert.ok(await host.evaluate((input) => input === document.activeElement), 'the first wrong field has no focus')
  assert.equal(await page.getByText('source.config.host').count(), 0)
  assert.ok(!/POST \/api/.test((await page.getByRole('main').textContent()) ?? ''), 'the page advises to call the API')
  await page.context().close()
})

test('by keyboard steps are moved, and the focus goes along', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/new`)
  for (const kind of [/^Filter/, /^Map/]) {
    await page.getByRole('button', { name: 'Add a step' }).press('Enter')
    await page.getByRole('menuitem', { name: kind }).press('Enter')
  }
  await page.getByRole('button', { name: 'Move step 2 up' }).press('Enter')
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Move step 1 down')
  assert.deepEqual(await group(page, 'Transformations').getByRole('heading', { level: 2 }).allTextContents(), [
    'Map',
    'Filter',
  ])
  await page.getByRole('button', { name: 'Remove step 1' }).press('Enter')
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Remove step 1')
  await page.context().close()
})

for (const theme of ['light', 'dark'] as const) {
  test(`on a phone in ${theme} the form is as wide as the screen`, async () => {
    const page = await stage.signedIn({ width: 390, height: 844 }, theme)
    await page.goto(`${stage.server.url}/app/pipelines/new`)
    await group(page, 'Source').getByRole('radio', { name: 'File' }).check()
    await page.getByRole('radiogroup', { name: 'File to read' }).getByRole('radio', { name: 'orders.csv' }).check()
    await page.getByRole('button', { name: 'Add a step' }).click()
    await page.getByRole('menuitem', { name: /^Filter/ }).click()
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await page.getByLabel('Rows are kept when').selectOption('Keep rows when one of these holds')
    const [width, available] = await page.evaluate(
      () => [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const,
    )
    assert.ok(width <= available, `the form is ${width} wide on a screen of ${available}`)
    await assertAccessible(page, `the form on a phone in ${theme}`)
    await shot(page, `pipeline-form-${theme}-phone`)
    await page.context().close()
  })
}

test('nothing complained in the console', () => {
  assert.deepEqual(
    stage.complaints().filter((said) => !/422/.test(said)),
    [],
  )
})
