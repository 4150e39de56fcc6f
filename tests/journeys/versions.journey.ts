import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, openStage, shot, type Stage } from './browser.ts'

interface Form {
  readonly kind: string
  /** Under `/api/v1` and `/app`. */
  readonly path: string
  readonly edit: { readonly field: RegExp; readonly mine: string; readonly button: string }
  /** What somebody else changes meanwhile, and where it is shown. */
  readonly change: (definition: Record<string, any>) => void
  readonly changedAt: string
  readonly mineIn: (definition: Record<string, any>) => unknown
}

let stage: Stage
let forms: readonly Form[] = []

async function ask(path: string, json?: unknown, method?: string): Promise<Record<string, any>> {
  const answer = await stage.server.ask(`/api/v1${path}`, {
    ...(json === undefined ? {} : { json }),
    ...(method === undefined ? {} : { method }),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${path}: ${text}`)
  return JSON.parse(text) as Record<string, any>
}

before(async () => {
  stage = await openStage()
  mkdirSync(join(stage.home, 'files'), { recursive: true })
  writeFileSync(join(stage.home, 'files', 'orders.csv'), 'order_id,amount\n1,2\n')
  await ask('/streams/orders/events', [{ ordered_at: new Date().toISOString(), amount: 40 }])
  await ask('/metrics', {
    code: 'REVENUE',
    name: 'Revenue',
    dataset: 'orders',
    time: 'ordered_at',
    measure: { type: 'sum', expression: 'amount' },
  })
  const dashboard = await ask('/dashboards', { name: 'sales', title: 'Sales', tiles: [{ metric: 'REVENUE' }] })
  const pipeline = await ask('/pipelines', {
    name: 'Load orders',
    type: 'batch',
    source: { type: 'file', config: { path: 'orders.csv' } },
    transformations: [],
    destination: { type: 'dataset', config: { dataset: 'loaded' } },
  })
  await ask('/connections', { name: 'Items', type: 'http', settings: { url: 'http://example.com/items' } })
  forms = [
    {
      kind: 'pipeline',
      path: `/pipelines/${pipeline['id']}`,
      edit: { field: /^Name/, mine: 'Load all orders', button: 'Save' },
      change: (body) =>
        (body['transformations'] = [{ type: 'filter', config: { field: 'amount', operator: 'gt', value: 1 } }]),
      changedAt: 'Step 1 · Type',
      mineIn: (body) => body['name'],
    },
    {
      kind: 'metric',
      path: '/metrics/REVENUE',
      edit: { field: /^Name/, mine: 'Net revenue', button: 'Save changes' },
      change: (body) => (body['unit'] = 'EUR'),
      changedAt: 'Unit',
      mineIn: (body) => body['name'],
    },
    {
      kind: 'dashboard',
      path: `/dashboards/${dashboard['id']}`,
      edit: { field: /^Title · required/, mine: 'All sales', button: 'Save dashboard' },
      change: (body) => (body['description'] = 'By the hour'),
      changedAt: 'Description',
      mineIn: (body) => body['title'],
    },
    {
      kind: 'connection',
      path: '/connections/Items',
      edit: { field: /^URL/, mine: 'http://example.com/mine', button: 'Save changes' },
      change: (body) => (body['settings'] = { url: 'http://example.com/theirs' }),
      changedAt: 'URL',
      mineIn: (body) => body['settings'].url,
    },
  ]
})
after(async () => await stage.close())

async function changeMeanwhile({ kind, path, change }: Form): Promise<void> {
  const body = await ask(path)
  change(body)
  await ask(path, kind === 'connection' ? { settings: body['settings'], version: body['version'] } : body, 'PUT')
}

const noticeOf = (page: Page, kind: string) => page.getByRole('alert', { name: `The ${kind} was changed meanwhile` })

for (const [index, kind] of ['pipeline', 'metric', 'dashboard', 'connection'].entries()) {
  const theme = index % 2 === 0 ? 'light' : 'dark'
  test(`a ${kind} that was changed while its form was open is not overwritten without a choice`, async () => {
    const form = forms[index]!
    const { edit, path } = form
    const page = await stage.signedIn({ width: index < 2 ? 1440 : 390, height: 900 }, theme)
    await page.goto(`${stage.server.url}/app${path}/edit`)
    const field = page.getByRole('main').getByLabel(edit.field).first()
    await field.fill(edit.mine)
    await changeMeanwhile(form)
    await page.getByRole('button', { name: edit.button, exact: true }).click()
    const notice = noticeOf(page, kind)
    await notice.getByText(/saved version 2 .*you opened version 1/).waitFor()
    assert.equal(await field.inputValue(), edit.mine)
    assert.equal((await ask(path))['version'], 2)
    const save = page.getByRole('button', { name: edit.button, exact: true })
    assert.ok(await save.isDisabled(), 'Save overwrites what somebody else saved')
    assert.ok(await notice.evaluate((element) => element === document.activeElement), 'the notice has not the focus')
    const box = (await notice.boundingBox())!
    assert.ok(box.y >= 0 && box.y + box.height <= 900, 'the notice is out of sight')
    await shot(page, `version-conflict-${kind}-${theme}`)
    if (kind === 'metric') {
      const changes = page.getByRole('region', { name: 'What saving over version 2 will change' })
      assert.match(await changes.innerText(), /Name[^]*Net revenue[^]*Unit[^]*EUR[^]*none/)
    }
    await field.fill(`${edit.mine}!`)
    await field.fill(edit.mine)
    assert.ok(await save.isDisabled(), 'a change of a field opens the way to overwrite')
    await notice.getByRole('button', { name: 'See the change' }).press('Enter')
    await notice.getByText(form.changedAt, { exact: true }).waitFor()
    await assertAccessible(page, `a ${kind} that was changed meanwhile`)
    await notice.scrollIntoViewIfNeeded()
    await shot(page, `version-conflict-${kind}-${theme}-change`)

    await notice.getByRole('button', { name: 'Take the newer version' }).click()
    await notice.waitFor({ state: 'detached' })
    await page.waitForFunction(
      (mine) => ![...document.querySelectorAll('input')].some(({ value }) => value === mine),
      edit.mine,
    )
    await field.fill(edit.mine)
    await changeMeanwhile(form)
    await page.getByRole('button', { name: edit.button, exact: true }).click()
    await notice.getByRole('button', { name: 'Save mine over version 3' }).click()
    await page.waitForURL((url) => !url.pathname.endsWith('/edit'))
    const saved = await ask(path)
    assert.deepEqual([saved['version'], form.mineIn(saved)], [4, edit.mine])
    await page.context().close()
  })
}

test('a draft that was left says at once that the pipeline was changed since', async () => {
  const [form] = forms
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app${form!.path}/edit`)
  await page.getByLabel(/^Name/).fill('Left')
  await page.getByRole('main').getByRole('link', { name: 'Pipelines' }).click()
  await page.getByRole('heading', { name: 'Pipelines', exact: true }).waitFor()
  await changeMeanwhile(form!)
  await page.goBack()
  await page.getByText('These are the changes you left without saving.').waitFor()
  const notice = noticeOf(page, 'pipeline')
  await notice.getByText(/saved version 5 .*you opened version 4/).waitFor()
  assert.equal(await page.getByLabel(/^Name/).inputValue(), 'Left')
  await notice.getByRole('button', { name: 'Take the newer version' }).click()
  await notice.waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.querySelector('input')?.value !== 'Left')
  await page.context().close()
})

test('nothing but the refusals complained in the console', () => {
  assert.deepEqual(
    stage.complaints().filter((said) => !/status of 4(09|22)/.test(said)),
    [],
  )
})
