import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { assertAccessible, openStage, shot, type Stage } from './browser.ts'

let stage: Stage
let server: Server
let url = ''
const sent: (string | undefined)[] = []
before(async () => {
  stage = await openStage({ MILLRACE_EGRESS: '127.0.0.1/32' })
  server = createServer((request, response) => {
    sent.push(request.headers.authorization)
    const known = request.headers.authorization === 'Bearer right-token'
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(known ? [{ id: 1 }] : []))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/items`
})
after(async () => {
  server.close()
  await stage.close()
})

test('a connection is added, tested with a diagnosis, saved, and shows no secret again', async () => {
  const page = await stage.signedIn()
  await page.goto(`${stage.server.url}/app/connections`)
  await page.getByRole('heading', { name: 'No connections yet' }).waitFor()
  await assertAccessible(page, 'the empty list of connections')
  await shot(page, 'connections-empty')
  await page.getByRole('link', { name: 'Add a connection' }).first().click()
  await page.getByRole('radio', { name: 'HTTP' }).check()
  await page.getByLabel('Name', { exact: false }).first().fill('Items API')
  await page.getByLabel('URL').fill(url)
  await page.getByLabel('Token').fill('wrong-token')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page
    .getByRole('status')
    .filter({ hasText: /401|token|credentials/i })
    .waitFor()
  await assertAccessible(page, 'the form of a connection with a failed test')
  await shot(page, 'connections-form')
  await page.getByLabel('Token').fill('right-token')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('The first page has 1 record.').waitFor()
  await page.getByRole('button', { name: 'Save connection' }).click()
  await page.waitForURL(/\/app\/connections\/Items%20API/)
  await page.getByRole('heading', { name: 'Items API', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('The first page has 1 record.').waitFor()
  await shot(page, 'connections-detail')
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByText('kept, not shown').waitFor()
  await assertAccessible(page, 'the page of a connection')
  await shot(page, 'connections-settings')
  assert.ok(!(await page.content()).includes('right-token'))
  await page.context().close()
})

test('a secret is kept, replaced and asked for again while a connection is edited', async () => {
  const page = await stage.signedIn({ width: 1440, height: 900 }, 'dark')
  await page.goto(`${stage.server.url}/app/connections/Items%20API/edit`)
  await page.getByText('Kept, not shown').waitFor()
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('The first page has 1 record.').waitFor()
  await page.getByLabel('URL').fill(`${url}?other`)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page
    .getByText(/Enter the secret "Token" again/)
    .first()
    .waitFor()
  await shot(page, 'connections-secret-needed')
  await page.getByRole('button', { name: 'Replace token' }).click()
  await page.keyboard.type('right-token')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.waitForURL(/\/app\/connections\/Items%20API$/)
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByText('Version 2').waitFor()
  await page.getByText('URL', { exact: true }).waitFor()
  await assertAccessible(page, 'the history of a connection')
  await shot(page, 'connections-history')
  await page.getByRole('button', { name: 'Restore version 1' }).click()
  const body = { settings: { url: `${url}?meanwhile`, token: 'right-token' } }
  await stage.server.ask('/api/v1/connections/Items%20API', { json: body, method: 'PUT' })
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  const notice = page.getByRole('alert', { name: 'The connection was changed meanwhile' })
  await notice.getByText(/saved version 3 .*you opened version 2.*Version 1 is not restored/).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Restore', exact: true }).count(), 0)
  await assertAccessible(page, 'a restore that was refused')
  await shot(page, 'connections-restore-conflict')
  await notice.getByRole('button', { name: 'Keep the newer version' }).click()
  await page.getByText('Version 3').waitFor()
  assert.deepEqual([...new Set(sent)], ['Bearer wrong-token', 'Bearer right-token'])
  await page.context().close()
})

test('on a phone a connection is listed, opened with the keyboard and deleted after a question', async () => {
  const page = await stage.signedIn({ width: 390, height: 844 })
  await page.goto(`${stage.server.url}/app/connections`)
  await page.getByRole('link', { name: 'Items API' }).waitFor()
  await shot(page, 'connections-phone-list')
  await page.goto(`${stage.server.url}/app/connections/Items%20API/edit`)
  await page.getByText('Kept, not shown').waitFor()
  await shot(page, 'connections-phone-edit')
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(width <= 390, `the page is ${width} px wide`)
  await page.getByRole('link', { name: 'Cancel' }).click()
  await page.waitForURL(/\/app\/connections\/Items%20API$/)
  await page.getByRole('main').getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Delete connection' }).click()
  await page.getByText('Nothing uses it.').waitFor()
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'More')
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Delete connection' }).click()
  await page.getByText('Nothing uses it.').waitFor()
  await page.getByRole('button', { name: 'Delete connection' }).click()
  await page.waitForURL(/\/app\/connections$/)
  await page.getByRole('heading', { name: 'No connections yet' }).waitFor()
  // The browser notes the answer that asks for the secret again.
  assert.deepEqual(
    stage.complaints().filter((complaint) => !/status of 4(09|22)/.test(complaint)),
    [],
  )
  await page.context().close()
})
