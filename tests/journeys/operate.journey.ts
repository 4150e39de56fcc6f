import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Request } from 'playwright-core'
import { until } from '../house/until.ts'
import { assertAccessible, assertNotWider, openStage, shot, type Stage } from './browser.ts'

let stage: Stage
before(async () => {
  stage = await openStage()
  const rows = [{ order_id: 1, amount: 12.5, ordered_at: '2026-11-20T10:00:00Z' }]
  assert.equal((await stage.server.ask('/api/v1/streams/orders/events', { json: rows })).status, 202)
  const metric = {
    code: 'REVENUE',
    name: 'Revenue',
    dataset: 'orders',
    time: 'ordered_at',
    measure: { type: 'sum', expression: 'amount' },
  }
  assert.equal((await stage.server.ask('/api/v1/metrics', { json: metric })).status, 201)
  const changed = { ...metric, name: 'Revenue, gross', filter: 'amount > 2' }
  assert.equal((await stage.server.ask('/api/v1/metrics/REVENUE', { method: 'PUT', json: changed })).status, 200)
  assert.equal((await stage.server.ask('/api/v1/metrics', { json: metric })).status, 409)
})
after(async () => await stage.close())

const sizes = [
  { size: { width: 1440, height: 900 }, theme: 'light', name: 'wide' },
  { size: { width: 1440, height: 900 }, theme: 'dark', name: 'wide-dark' },
  { size: { width: 390, height: 844 }, theme: 'light', name: 'phone' },
  { size: { width: 390, height: 844 }, theme: 'dark', name: 'phone-dark' },
] as const

test('the audit trail says who changed what, narrows by URL, and opens an entry with what changed', async () => {
  for (const { size, theme, name } of sizes) {
    const page = await stage.signedIn(size, theme)
    await page.goto(`${stage.server.url}/app/audit`)
    await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor()
    const table = page.getByRole('table', { name: 'Audit entries' })
    await table.getByText('Refused').first().waitFor()
    await assertAccessible(page, `the audit trail, ${name}`)
    await shot(page, `audit-${name}`)
    await page.getByRole('searchbox', { name: 'Action or module' }).fill('metrics.replace')
    await page.waitForURL((url) => url.searchParams.get('action') === 'metrics.replace')
    await table.getByText('Refused').waitFor({ state: 'detached' })
    await table.getByRole('row').nth(1).click()
    const entry = page.getByRole('dialog', { name: 'metrics.replace' })
    await entry.getByText('Revenue, gross', { exact: true }).waitFor()
    assert.match(await entry.getByRole('region', { name: 'What changed' }).innerText(), /filter[\s\S]*amount > 2/)
    assert.ok(new URL(page.url()).searchParams.has('entry'))
    await assertAccessible(page, `an audit entry, ${name}`)
    await shot(page, `audit-entry-${name}`)
    await assertNotWider(page)
    const address = page.url()
    await page.goto(address)
    await entry.getByText('Revenue, gross', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await entry.waitFor({ state: 'hidden' })
    await page.goto(`${stage.server.url}/app/audit?actor=nobody`)
    await page.getByText('No entry fits these filters').waitFor()
    await page.goto(`${stage.server.url}/app/audit?from=yesterday-ish`)
    await page.getByText('is no time').waitFor()
    await page.context().close()
  }
})

test('jobs move while they run, are asked for only then, and are cancelled after a question', async () => {
  for (const { size, theme, name } of sizes) {
    const page = await stage.signedIn(size, theme)
    await page.goto(`${stage.server.url}/app/jobs`)
    await page.getByText('No jobs yet').waitFor()
    await shot(page, `jobs-empty-${name}`)
    // No module queues a job on demand, so the answers of the server are set here.
    const job = { ...emptyJob, status: 'running', progress: { done: 20, total: 100, note: 'reading orders' } }
    let reads = 0
    let cancelled = 0
    await page.route(/\/api\/v1\/jobs(\?|$)/, (route) => {
      reads += 1
      return route.fulfill({ json: { items: [job, failedJob], next: null } })
    })
    await page.route(/\/api\/v1\/jobs\/[^/]+\/cancel$/, (route) => {
      cancelled += 1
      job.status = 'cancelled'
      return route.fulfill({ json: job })
    })
    await page.reload()
    const bar = page.getByRole('progressbar')
    await bar.waitFor()
    assert.equal(await bar.getAttribute('aria-valuenow'), '20')
    job.progress = { done: 60, total: 100, note: 'reading orders' }
    await page.locator('[role=progressbar][aria-valuenow="60"]').waitFor()
    await assertAccessible(page, `jobs, ${name}`)
    await shot(page, `jobs-${name}`)
    await page.getByRole('button', { name: 'Cancel job' }).click()
    const question = page.getByRole('dialog')
    await assertAccessible(page, `the question before a job is cancelled, ${name}`)
    await question.getByRole('button', { name: 'Cancel job' }).click()
    await page.getByRole('table').getByText('Cancelled').waitFor()
    assert.equal(cancelled, 1)
    await page.getByRole('button', { name: 'Retry job' }).first().waitFor()
    await page.waitForTimeout(500)
    const before = reads
    await page.waitForTimeout(4_000)
    assert.equal(reads, before, 'jobs were read although none runs')
    await page.getByRole('combobox', { name: 'Status' }).selectOption('failed')
    await page.waitForURL((url) => url.searchParams.get('status') === 'failed')
    await assertNotWider(page)
    await page.context().close()
  }
})

test('those without the permission do not see these pages', async () => {
  const made = await stage.server.ask('/api/v1/tokens', { json: { name: 'reader', permissions: ['metrics.read'] } })
  const { token } = (await made.json()) as { token: string }
  const context = await stage.browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(`${stage.server.url}/app/sign-in`)
  await page.getByLabel('Or paste a token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation').getByRole('link', { name: 'Metrics' }).waitFor()
  assert.equal(await page.getByRole('navigation').getByRole('link', { name: 'Audit' }).count(), 0)
  assert.equal(await page.getByRole('group', { name: 'Operate' }).count(), 0)
  await context.close()
  const all = await stage.signedIn()
  await all.getByRole('group', { name: 'Operate' }).getByRole('link', { name: 'Jobs' }).waitFor()
  await all.keyboard.press('g')
  await all.keyboard.press('a')
  await all.waitForURL((url) => url.pathname === '/app/audit')
  await all.context().close()
})

test('nothing complained in the console', () => {
  assert.deepEqual(stage.complaints(), [])
})

const emptyJob = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  kind: 'pipelines.run',
  about: 'Runs a pipeline.',
  subject: { kind: 'pipeline', id: 'p-1', name: 'orders' },
  attempt: 1,
  error: null,
  actor: null,
  queuedAt: new Date(Date.now() - 60_000).toISOString(),
  runAt: new Date(Date.now() - 60_000).toISOString(),
  startedAt: new Date(Date.now() - 50_000).toISOString(),
  finishedAt: null,
}
const failedJob = {
  ...emptyJob,
  id: '01890a5d-ac96-774b-bcce-b302099a8058',
  status: 'failed',
  progress: null,
  error: { code: 'connectors.unreachable', title: 'Not reachable', detail: 'The host "db" did not answer.' },
  finishedAt: new Date(Date.now() - 40_000).toISOString(),
}

test('without a mail server mails are read on their page, and HTML is shown where it can do nothing', async () => {
  for (const { size, theme, name } of sizes) {
    const page = await stage.signedIn(size, theme)
    await page.route(/\/api\/v1\/mails(\?|$)/, (route) =>
      route.fulfill({ json: { items: [], next: null, sends: false } }),
    )
    await page.goto(`${stage.server.url}/app/mails`)
    await page.getByText('No mails yet').waitFor()
    await assertAccessible(page, `the empty outbox, ${name}`)
    await shot(page, `mails-empty-${name}`)
    await page.unrouteAll()
    await page.goto(`${stage.server.url}/app/mails`)
    await page.getByRole('button', { name: 'Send test mail' }).click()
    const dialog = page.getByRole('dialog', { name: 'Send test mail' })
    await dialog.getByRole('textbox', { name: 'To' }).fill(`${name}@example.com`)
    await dialog.getByRole('button', { name: 'Send test mail' }).click()
    await dialog.waitFor({ state: 'hidden' })
    const row = page.getByRole('table', { name: 'Mails' }).getByText(`${name}@example.com`)
    while (!(await row.isVisible())) {
      await Promise.all([
        page.waitForResponse(/\/api\/v1\/mails(\?|$)/),
        page.getByRole('button', { name: 'Read again' }).click(),
      ])
    }
    await page.route(/\/api\/v1\/mails\/[^/]+$/, async (route) => {
      const response = await route.fetch()
      const html =
        '<h1>Report</h1><script>parent.document.title = "broken into"</script><img src="https://example.com/a.png">'
      await route.fulfill({ json: { ...((await response.json()) as object), html } })
    })
    const outside: Request[] = []
    page.on('request', (request) => {
      if (request.url().startsWith('http') && !request.url().startsWith(stage.server.url)) outside.push(request)
    })
    await row.click()
    const mail = page.getByRole('dialog', { name: 'Test mail from Millrace' })
    await mail.getByText('Mails arrive.').waitFor()
    await mail.frameLocator('iframe').getByRole('heading', { name: 'Report' }).waitFor()
    assert.doesNotMatch(await page.title(), /broken into/)
    // Chromium reports now and then a request that the content security policy stopped before it left.
    await until('nothing is loaded from outside', () => outside.every((one) => one.failure()?.errorText === 'csp'))
    await assertAccessible(page, `a mail, ${name}`)
    await shot(page, `mail-${name}`)
    await assertNotWider(page)
    await page.context().close()
  }
})

test('parked events say that there are none, or why a module could not handle one, and one is retried after a question', async () => {
  for (const { size, theme, name } of sizes) {
    const page = await stage.signedIn(size, theme)
    await page.goto(`${stage.server.url}/app/events`)
    await page.getByText('No parked events').waitFor()
    await assertAccessible(page, `no parked events, ${name}`)
    await shot(page, `events-empty-${name}`)
    // No handler fails on demand, so the answers of the server are set here.
    const event = {
      id: '018f0000-0000-7000-8000-000000000001',
      module: 'metrics',
      name: 'datasets.changed',
      subject: { kind: 'dataset', id: 'orders', name: 'orders' },
      at: '2026-11-20T10:00:00Z',
      attempts: 4,
      nextAttemptAt: '2026-11-20T10:05:00Z',
      error: { code: 'metrics.unknown', title: 'The last attempt failed', detail: 'There is no metric "REVENUE".' },
    }
    const behind = { ...event, id: event.id.replace(/1$/, '2'), attempts: 0, nextAttemptAt: null, error: null }
    let retried = 0
    await page.route(/\/api\/v1\/events\/parked(\?|$)/, (route) =>
      route.fulfill({ json: { items: [behind, event], next: null } }),
    )
    await page.route(/\/api\/v1\/events\/parked\/metrics\/[^/]+\/retry$/, (route) => {
      retried += 1
      return route.fulfill({ status: 202, json: event })
    })
    await page.getByRole('button', { name: 'Read again' }).click()
    const table = page.getByRole('table', { name: 'Parked events' })
    await table.getByText('There is no metric "REVENUE".').waitFor()
    await table.getByText('Waits for an earlier event').waitFor()
    await shot(page, `events-${name}`)
    await assertAccessible(page, `parked events, ${name}`)
    await assertNotWider(page)
    await table.getByRole('button', { name: 'Retry event' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Retry event' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.equal(retried, 1)
    await page.context().close()
  }
})
