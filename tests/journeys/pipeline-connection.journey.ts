import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import type { Page } from 'playwright-core'
import { startPostgres, type ThrowAway } from '../../tools/testing/postgres.ts'
import { assertAccessible, assertNotWider, openStage, shot, type Stage } from './browser.ts'

let stage: Stage
let postgres: ThrowAway
let at: URL
before(async () => {
  postgres = await startPostgres()
  at = new URL(postgres.url)
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  await client.query(`create table orders as select 1 as id, 9.5::numeric(6,2) as amount`)
  for (const name of 'abcdefgh') await client.query(`create table table_${name} (id int)`)
  await client.end()
  stage = await openStage({ MILLRACE_EGRESS: '127.0.0.1/32' })
})
after(async () => {
  await stage.close()
  await postgres.stop()
})

const group = (page: Page, name: string) =>
  page.locator('fieldset', { has: page.locator('> legend', { hasText: name }) })
const preview = (page: Page) => page.getByRole('complementary', { name: 'Preview' })
const pipelines = async () =>
  ((await (await stage.server.ask('/api/v1/pipelines')).json()) as { items: Record<string, any>[] }).items // `any`: as JSON

async function fillServer(page: Page): Promise<void> {
  await page.getByLabel(/^Host/).fill(at.hostname)
  await page.getByLabel(/^Database/).fill('postgres')
  await page.getByLabel(/^Port/).fill(at.port)
  await page.getByLabel(/^Password/).fill(at.password)
}

test('a connection is created from within the form, which keeps its fields', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/new`)
  await page.getByLabel('Name').fill('Shop orders')
  const source = group(page, 'Source')
  await source.getByRole('radio', { name: 'PostgreSQL' }).check()
  await source.getByRole('radio', { name: 'Stored connection' }).check()
  await source.getByText('No connections yet').waitFor()
  await assertAccessible(page, 'the form without any connection')
  await shot(page, 'pipeline-connection-empty')
  await page.getByRole('button', { name: 'Create without running' }).click()
  await source.getByText('Choose a connection.').waitFor()
  await source.getByRole('link', { name: 'Add a connection' }).click()
  await page.getByRole('heading', { name: 'Add a connection' }).waitFor()
  assert.ok(await page.getByRole('radio', { name: 'PostgreSQL' }).isChecked())
  await page.getByLabel('Name', { exact: false }).first().fill('shop')
  await fillServer(page)
  await page.getByRole('button', { name: 'Save connection' }).click()
  await page.waitForURL(/\/app\/pipelines\/new/)
  assert.equal(await page.getByLabel('Name').inputValue(), 'Shop orders')
  assert.ok(await source.getByRole('radio', { name: 'shop', exact: true }).isChecked())
  assert.equal(await source.getByLabel(/^Host/).count(), 0, 'the settings of the connection are shown')
  await source.getByRole('radiogroup', { name: 'Table to read' }).waitFor()
  await source.getByRole('searchbox', { name: 'Find a table' }).fill('orders')
  await source.getByRole('radio', { name: 'public.orders' }).focus()
  await page.keyboard.press('Space')
  await preview(page).getByRole('cell', { name: '9.5' }).waitFor({ timeout: 30_000 })
  const dataset = group(page, 'Destination').getByRole('textbox', { name: 'Dataset', exact: true })
  assert.equal(await dataset.getAttribute('placeholder'), 'public.orders')
  await assertAccessible(page, 'the form with a stream of a connection')
  await shot(page, 'pipeline-connection-stream')
  await page.getByRole('button', { name: 'Create without running' }).click()
  await page.waitForURL(/\/app\/pipelines\/(?!new)/)
  const [made] = await pipelines()
  const { type, connection, streams } = made?.['source'] ?? {}
  assert.deepEqual(
    { type, connection, streams },
    { type: 'postgresql', connection: 'shop', streams: [{ name: 'public.orders' }] },
  )
  await page.context().close()
})

test('both ways to the server keep what was typed, and a kept secret is used by the test', async () => {
  const page = await stage.signedIn({ width: 1440, height: 900 }, 'dark')
  await page.goto(`${stage.server.url}/app/pipelines/new`)
  await page.getByLabel('Name').fill('Own settings')
  const source = group(page, 'Source')
  await source.getByRole('radio', { name: 'PostgreSQL' }).check()
  await source.getByRole('radio', { name: 'shop', exact: true }).check()
  await source.getByRole('radio', { name: 'public.table_a' }).check()
  await source.getByRole('radio', { name: 'Settings of its own' }).check()
  await fillServer(page)
  await source.getByLabel(/^Table/).fill('orders')
  await source.getByRole('radio', { name: 'Stored connection' }).check()
  assert.ok(await source.getByRole('radio', { name: 'shop', exact: true }).isChecked())
  assert.ok(await source.getByRole('radio', { name: 'public.table_a' }).isChecked())
  await source.getByRole('radio', { name: 'Settings of its own' }).check()
  assert.equal(await source.getByLabel(/^Host/).inputValue(), at.hostname)
  assert.equal(await source.getByLabel(/^Table/).inputValue(), 'orders')
  await group(page, 'Destination')
    .getByLabel(/^Dataset/)
    .last()
    .fill('own_orders')
  await page.getByRole('button', { name: 'Create without running' }).click()
  await page.waitForURL(/\/app\/pipelines\/(?!new)/)
  const id = (await pipelines()).find(({ name }) => name === 'Own settings')?.['id'] as string

  await page.goto(`${stage.server.url}/app/pipelines/${id}/edit`)
  await source.getByText('Kept, not shown').waitFor()
  await source.getByRole('button', { name: 'Test connection' }).click()
  await source.getByRole('status').filter({ hasText: 'orders has 2 columns.' }).waitFor()
  await source.getByRole('radiogroup', { name: 'Table to read' }).getByRole('radio', { name: 'orders' }).waitFor()
  await shot(page, 'pipeline-connection-kept-secret')
  await source.getByLabel(/^Host/).fill('localhost')
  await source.getByRole('button', { name: 'Test connection' }).click()
  await source
    .getByText(/Enter the secret "Password" again/)
    .first()
    .waitFor()
  await assertAccessible(page, 'the form that asks for a secret again')
  await shot(page, 'pipeline-connection-secret-needed')
  await page.context().close()
})

test('a form that is left is gone on with, or its changes are discarded', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/pipelines/new`)
  await page.getByLabel('Name').fill('Half written')
  await page.getByRole('link', { name: 'Pipelines', exact: true }).first().click()
  await page.getByRole('heading', { name: 'Pipelines', exact: true }).waitFor()
  await page.goBack()
  await page.getByText('These are the changes you left without saving.').waitFor()
  assert.equal(await page.getByLabel('Name').inputValue(), 'Half written')
  await page.getByRole('button', { name: 'Discard them' }).click()
  await page.getByText('These are the changes you left without saving.').waitFor({ state: 'detached' })
  assert.equal(await page.getByLabel('Name').inputValue(), '')
  await page.context().close()
})

test('on a phone a destination takes a stored connection', async () => {
  const page = await stage.signedIn({ width: 390, height: 844 })
  await page.goto(`${stage.server.url}/app/pipelines/new`)
  const destination = group(page, 'Destination')
  await destination.getByRole('radio', { name: 'PostgreSQL' }).check()
  await destination.getByRole('radio', { name: 'shop', exact: true }).check()
  await destination.getByLabel(/^Table/).fill('copied')
  await destination.getByRole('radio', { name: /^Append/ }).check()
  await destination.getByRole('radio', { name: 'Settings of its own' }).check()
  assert.equal(await destination.getByLabel(/^Table/).inputValue(), 'copied')
  await destination.getByRole('radio', { name: 'Stored connection' }).check()
  await assertAccessible(page, 'a stored connection on a phone')
  await destination.scrollIntoViewIfNeeded()
  await shot(page, 'pipeline-connection-phone')
  await assertNotWider(page)
  await page.context().close()
})

test('nothing complained in the console', () => {
  assert.deepEqual(
    stage.complaints().filter((said) => !/422/.test(said)),
    [],
  )
})
