import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Download, Page } from 'playwright-core'
import { assertAccessible, openStage, shot, type Stage } from './browser.ts'

let stage: Stage
const count = 1_203
const [day, next] = [1, 0].map((ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10))
before(async () => {
  stage = await openStage()
  const rows = Array.from({ length: count }, (_, index) => ({
    id: `o-${index}`,
    ordered_at: `${day}T10:${String(index % 60).padStart(2, '0')}:00Z`,
    amount: index % 2 === 0 ? 2.5 : 1,
    note: index === 7 ? 'with "quotes", and\nlines' : 'plain',
  }))
  const sent = await stage.server.ask('/api/v1/streams/orders/events', { json: rows })
  assert.equal(sent.status, 202, await sent.text())
  const metric = {
    code: 'REVENUE',
    name: 'Revenue',
    dataset: 'orders',
    time: 'ordered_at',
    measure: { type: 'sum', expression: 'amount' },
    filter: 'amount > 2',
  }
  assert.equal((await stage.server.ask('/api/v1/metrics', { json: metric })).status, 201)
  await stage.server.ask('/api/v1/dashboards', {
    json: { name: 'sales', title: 'Sales', tiles: [{ metric: 'REVENUE', filter: "note = 'plain'" }] },
  })
})
after(async () => await stage.close())

interface Exported {
  readonly name: string
  readonly text: string
  /** The second file, of a CSV with what it is. */
  readonly about?: string
}

async function exported(page: Page, what: string, format: 'CSV' | 'CSV and what it is' | 'JSON'): Promise<Exported> {
  const files: Download[] = []
  const heard = (file: Download): void => void files.push(file)
  page.on('download', heard)
  await page.getByRole('button', { name: `Export ${what}` }).press('Enter')
  const both = format === 'CSV and what it is'
  await Promise.all([
    page.waitForEvent('download', { predicate: (file) => !both || file.suggestedFilename().endsWith('.about.txt') }),
    page.getByRole('menuitem', { name: new RegExp(`^${format}(?! and)`) }).press('Enter'),
  ])
  page.off('download', heard)
  const [file, about] = files
  const textOf = async (one: Download): Promise<string> => readFileSync(await one.path(), 'utf8')
  return { name: file!.suggestedFilename(), text: await textOf(file!), ...(about && { about: await textOf(about) }) }
}

test('all rows of a dataset come as CSV, not only those in sight, and narrowed as the table is', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/datasets/orders?tab=rows`)
  await page.getByText('The first 200 rows').waitFor()
  const { name, text, about } = await exported(page, 'rows', 'CSV and what it is')
  assert.equal(name, 'orders.csv')
  assert.match(text, /^[\w,]*amount[\w,]*\r\n/, 'a spreadsheet does not find the names of the columns first')
  assert.match(about!, /^Dataset: orders\r\nColumns: .*amount .*\r\n/)
  assert.match(about!, new RegExp(`As of: 20.*\r\nRows: ${count}\r\n`))
  assert.equal(text.match(/^o-\d+,/gm)?.length, count)
  assert.ok(text.includes('"with ""quotes"", and\nlines"'), 'a cell with quotes and lines is not whole')
  await page.getByRole('searchbox').fill('quotes')
  await page.getByText('1', { exact: true }).first().waitFor()
  await page.getByText('The first 200 rows').waitFor({ state: 'hidden' })
  const narrowed = JSON.parse((await exported(page, 'rows', 'JSON')).text) as {
    about: Record<string, string>
    rows: { id: string; amount: unknown }[]
  }
  assert.equal(narrowed.about['Only rows that hold'], 'quotes')
  assert.deepEqual(
    narrowed.rows.map(({ id }) => id),
    ['o-7'],
  )
  await page.getByRole('searchbox').fill("id = 'o-900' or id = 'o-901'")
  await page.getByRole('cell', { name: 'o-900' }).waitFor()
  await page.getByRole('searchbox').fill('')
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByText('The first 400 rows').waitFor()
  await page.context().close()
})

test('the values of a metric come with their definition, range, zone and as-of time', async () => {
  const page = await stage.signedIn()
  await page.goto(
    `${stage.server.url}/app/metrics/REVENUE?from=${day}&to=${next}&period=hour&zone=Asia/Kolkata&compare=week`,
  )
  await page.getByRole('button', { name: 'Export these values' }).press('Enter')
  await page.getByRole('menuitem', { name: /^CSV(?! and)/ }).waitFor()
  await assertAccessible(page, 'the export of a metric')
  await shot(page, 'metric-export')
  // Opened again before the menu that closes has given the focus back, which it does a moment later.
  await page.evaluate(async () => {
    const press = (target: Element, key: string) =>
      target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    press(document.activeElement!, 'Escape')
    while (document.querySelector('[role=menu]') !== null) await Promise.resolve()
    press(document.querySelector('[aria-label="Export these values"]')!, 'Enter')
    await new Promise((resolve) => setTimeout(resolve, 50))
  })
  assert.equal(await page.locator('[role=menu]:focus-within').count(), 1, 'the menu was closed or has no focus')
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  const { text, about } = await exported(page, 'these values', 'CSV and what it is')
  for (const line of [
    'Metric: Revenue (REVENUE), version 1',
    'Measure: sum of amount',
    'Rows that count: amount > 2',
    'Period: hour',
    'Zone: Asia/Kolkata',
    'Base: A week before',
  ])
    assert.ok(about!.includes(`${line}\r\n`), `${line} is not beside the file:\n${about}`)
  assert.match(about!, /As of: 20\d\d-/)
  assert.match(text, /^start,end,value,state,data_points,period_before,base\r$/m)
  // 602 orders of 2.50 between 10:00 and 11:00 UTC, half of them before 10:30, where an hour of Kolkata begins.
  const values = [...text.matchAll(new RegExp(`^${day}T(\\d\\d:\\d\\d)\\S*?,[^,]+,([\\d.]+),`, 'gm'))].map(
    ([, at, value]) => [at, value],
  )
  assert.deepEqual(
    values.map(([at]) => at),
    ['09:30', '10:30'],
  )
  assert.equal(
    values.reduce((sum, [, value]) => sum + Number(value), 0),
    602 * 2.5,
  )
  await page.context().close()
})

test('the numbers of a dashboard come tile by tile, each with its filter', async () => {
  const page = await stage.signedIn({ width: 390, height: 844 }, 'dark')
  await page.goto(`${stage.server.url}/app/dashboards/sales?period=day&zone=UTC`)
  const { about, rows } = JSON.parse((await exported(page, 'the numbers of all tiles', 'JSON')).text) as {
    about: Record<string, string>
    rows: { tile: string; filter: string; value: number; start: string }[]
  }
  assert.deepEqual([about['Dashboard'], about['Zone'], about['Period']], ['Sales (sales), version 1', 'UTC', 'day'])
  assert.deepEqual(
    rows.map(({ tile, filter, value, start }) => ({ tile, filter, value: Number(value), start: start.slice(0, 10) })),
    [{ tile: 'Revenue', filter: "note = 'plain'", value: 602 * 2.5, start: day }],
  )
  await page.context().close()
})

test('an export that fails says why and gives no half file', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/datasets/orders?tab=rows`)
  await page.getByText('The first 200 rows').waitFor()
  await page.route(/rows\?.*cursor=/, (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({ title: 'Engine restarting', detail: 'The rows of "orders" cannot be read right now.' }),
    }),
  )
  let files = 0
  page.on('download', () => (files += 1))
  await page.getByRole('button', { name: 'Export rows' }).press('Enter')
  await page.getByRole('menuitem', { name: /^CSV(?! and)/ }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Nothing was exported' })
  await dialog.getByText('cannot be read right now').waitFor()
  assert.equal(files, 0)
  await page.context().close()
})

test('nothing complained in the console', () => {
  assert.deepEqual(
    stage.complaints().filter((said) => !said.includes('503')),
    [],
  )
})
