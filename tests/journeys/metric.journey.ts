import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible, openStage, shot, type Stage } from './browser.ts'

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

test('a metric is changed in its form, which says what will change and what is wrong beside the field', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/metrics/SAL.REV`)
  await page.getByText('€42.50').first().waitFor()
  await page.keyboard.press('e')
  await page.waitForURL(/SAL\.REV\/edit/)
  const save = page.getByRole('button', { name: 'Save changes' })
  const changes = page.getByRole('region', { name: 'What will change' })
  await changes.getByText('Nothing yet').waitFor()
  assert.ok(await save.isDisabled())
  await page.getByLabel('Name').fill('Net sales')
  await changes.getByText('Its numbers stay as they are').waitFor()
  assert.match(await changes.innerText(), /Net revenue\s+will be\s+Net sales/)

  const expression = page.getByLabel('Expression')
  await expression.fill('amout * 2')
  await changes.getByText('All its numbers are computed again').waitFor()
  await save.click()
  await page.getByText('Did you mean "amount"').first().waitFor()
  assert.equal(await expression.getAttribute('aria-invalid'), 'true')
  assert.ok(await expression.evaluate((field) => field === document.activeElement), 'the wrong field has no focus')
  await assertAccessible(page, 'the form of a metric with a problem')
  await shot(page, 'metric-edit')

  await expression.fill('amount * 2')
  const { promise: may, resolve: answer } = Promise.withResolvers<void>()
  await page.route(/\/values\?/, async (route) => {
    await may
    await route.continue()
  })
  await save.click()
  await page.getByRole('heading', { name: 'Net sales', exact: true }).waitFor()
  const breakdowns = page.getByRole('complementary', { name: 'Breakdowns' })
  await breakdowns.waitFor()
  assert.equal(
    await breakdowns.getByText('€40').count(),
    0,
    'a number of the old definition is shown under the new one',
  )
  answer()
  await breakdowns.getByText('€80').waitFor()
  await page.getByText('€85').first().waitFor()
  await page.getByRole('tab', { name: 'Definition' }).click()
  await page.getByText('Version 2').waitFor()
  await page.getByText('sum of amount * 2', { exact: true }).waitFor()
  await page.unrouteAll({ behavior: 'wait' })
  await page.context().close()
})

test('a form with changes is not left unasked', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/metrics/SAL.REV/edit`)
  await page.getByLabel('Unit').fill('USD')
  await page.getByRole('main').getByRole('link', { name: 'Metrics' }).click()
  const asked = page.getByRole('dialog', { name: 'Leave without saving?' })
  await asked.getByRole('button', { name: 'Stay here' }).click()
  await asked.waitFor({ state: 'hidden' })
  assert.equal(await page.getByLabel('Unit').inputValue(), 'USD')
  await page.getByRole('link', { name: 'Cancel' }).click()
  await asked.getByRole('button', { name: 'Leave without saving' }).click()
  await page.waitForURL(/SAL\.REV(?!\/edit)/)
  await page.getByRole('link', { name: 'Edit metric' }).click()
  await page.getByLabel('Unit').waitFor()
  assert.equal(await page.getByLabel('Unit').inputValue(), 'EUR')
  await page.context().close()
})

test('on a phone and by keyboard a metric is deleted once one has said so, knowing where it was shown', async () => {
  await define('OLD', 'Old number')
  await stage.server.ask('/api/v1/dashboards', {
    json: { name: 'sales', title: 'Sales, live', tiles: [{ metric: 'OLD' }] },
  })
  const page = await stage.signedIn({ width: 390, height: 844 }, 'dark')
  await page.goto(`${stage.server.url}/app/metrics/OLD`)
  const more = page.getByRole('main').getByRole('button', { name: 'More' })
  await more.press('Enter')
  await page.getByRole('menuitem', { name: 'Delete metric' }).press('Enter')
  const asked = page.getByRole('dialog', { name: 'Delete Old number?' })
  await asked.getByText('“Sales, live”').waitFor()
  await assertAccessible(page, 'the question before a metric is deleted')
  await shot(page, 'metric-delete-dark-phone')
  await page.keyboard.press('Escape')
  await asked.waitFor({ state: 'hidden' })
  assert.equal((await stage.server.ask('/api/v1/metrics/OLD')).status, 200)
  await more.press('Enter')
  await page.getByRole('menuitem', { name: 'Delete metric' }).press('Enter')
  await asked.getByRole('button', { name: 'Delete metric' }).press('Enter')
  await page.waitForURL(/\/app\/metrics$/)
  await page.getByRole('table', { name: 'Metrics' }).getByText('Net sales').waitFor()
  assert.equal((await stage.server.ask('/api/v1/metrics/OLD')).status, 404)
  await page.context().close()
})

test('nothing complained in the console', () => {
  assert.deepEqual(
    stage.complaints().filter((said) => !said.includes('422')),
    [],
  )
})
