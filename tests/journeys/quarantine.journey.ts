/** Rejected rows are seen on a page, whatever they were meant for. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { assertAccessible, assertNotWider, openStage, shot } from './browser.ts'

test('the page of a pipeline to a file shows the rows it rejected, and the datasets page those of a name without a dataset', async () => {
  const stage = await openStage()
  try {
    await writeFile(join(stage.home, 'files', 'people.csv'), 'id,email\n1,ann@example.com\n2,nobody\n')
    const made = await stage.server.ask('/api/v1/pipelines', {
      json: {
        name: 'people',
        type: 'batch',
        source: { type: 'file', config: { path: 'people.csv' } },
        quality: [{ type: 'format', field: 'email', condition: 'valid_email', severity: 'error' }],
        destination: { type: 'file', config: { path: 'out.csv' } },
      },
    })
    const { id } = (await made.json()) as { id: string }
    await stage.server.ask(`/api/v1/pipelines/${id}/run?wait=60s`, { method: 'POST' })
    await stage.server.ask('/api/v1/streams/hopeless/events', { json: [{ 'a b': 1, x: 2 }] })

    const page = await stage.signedIn()
    await page.waitForSelector('nav')
    await page.goto(`${stage.server.url}/app/pipelines/${id}`)
    await page.getByRole('tab', { name: 'Quarantine' }).click()
    await page.getByText(/"email":\s*"nobody"/).waitFor()
    const table = page.getByRole('table', { name: 'Rejected rows' })
    const opened = page.getByRole('dialog', { name: 'Rejected row' })
    await table.getByRole('row').nth(1).focus()
    await page.keyboard.press('Enter')
    await opened.getByLabel('The row').getByText('"nobody"').waitFor()
    await assertAccessible(page, 'a rejected row that is open')
    await shot(page, 'quarantine-row')
    await page.keyboard.press('Escape')
    await opened.waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-row') === '0')

    await page.goto(`${stage.server.url}/app/datasets`)
    await page.getByRole('link', { name: 'hopeless' }).click()
    await page.getByText('Every row sent to this name was rejected').waitFor()
    await page.getByText('{"a b":1,"x":2}').click()
    const reason = (await opened.locator('p').first().textContent()) ?? ''
    assert.match(reason, /a b/)
    assert.equal(await opened.getByText(reason, { exact: true }).count(), 1, 'the reason stands there twice')
    await page.keyboard.press('Escape')

    await writeFile(join(stage.home, 'files', 'numbers.csv'), 'id,name,doc\n1,Ann,\nx,Bo,"{""n"":1.10}"\n')
    const again = await stage.server.ask('/api/v1/pipelines', {
      json: {
        name: 'numbers',
        type: 'batch',
        source: { type: 'file', config: { path: 'numbers.csv', columns: { id: 'integer', doc: 'json' } } },
        destination: { type: 'dataset', config: { dataset: 'numbers' } },
      },
    })
    const numbers = (await again.json()) as { id: string }
    await stage.server.ask(`/api/v1/pipelines/${numbers.id}/run?wait=60s`, { method: 'POST' })
    await page.goto(`${stage.server.url}/app/datasets/numbers`)
    await page.getByRole('tab', { name: 'Quarantine' }).click()
    await page.getByText('x,Bo').click()
    const correction = opened.getByLabel('Corrected row')
    const shown = await correction.inputValue()
    assert.equal(shown, '{\n  "id": "x",\n  "name": "Bo",\n  "doc": {\n    "n": 1.10\n  }\n}')
    await correction.fill('{"id": 2, "name": "Bo"')
    assert.equal(await opened.getByRole('button', { name: 'Send this row' }).isDisabled(), true)
    await correction.fill(shown.replace('"x"', '9007199254740993'))
    await assertAccessible(page, 'a rejected row that is corrected')
    const question = page.getByRole('dialog', { name: 'Leave without saving?' })
    await page.keyboard.press('Escape')
    await shot(page, 'quarantine-row-leave')
    await assertAccessible(page, 'the question whether to leave a corrected row')
    await question.getByRole('button', { name: 'Stay here' }).click()
    await question.waitFor({ state: 'detached' })
    assert.match(await correction.inputValue(), /9007199254740993/)
    await opened.getByRole('button', { name: 'Send this row' }).click()
    await page.getByText('1 row sent again').waitFor()
    await opened.waitFor({ state: 'detached' })
    await page.getByText('No rejected rows').waitFor()
    const loaded = await (await stage.server.ask('/api/v1/datasets/numbers/rows')).text()
    assert.match(loaded, /"id":"?9007199254740993"?,"name":"Bo","doc":\{"n":1\.10\}/)

    await stage.server.ask('/api/v1/streams/orders/events', { json: [{ id: 1 }] })
    const rejected = Array.from({ length: 201 }, () => ({ id: 'x', no_such_column: 1 }))
    await stage.server.ask('/api/v1/streams/orders/events', { json: rejected })
    await page.goto(`${stage.server.url}/app/datasets/orders?tab=quarantine`)
    await page.getByText('The latest 200 of 201 rejected rows.').waitFor()
    await page.getByRole('tab', { name: 'Quarantine 201' }).waitFor()
    const cell = table.getByRole('cell', { name: '"no_such_column" is not part of the dataset' }).first()
    assert.ok(await cell.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth), 'a reason is cut off')
    await page.getByRole('button', { name: 'Show more rows' }).click()
    await page.getByRole('button', { name: 'Send 201 rows again' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Show more rows' }).count(), 0)

    await page.goto(`${stage.server.url}/app/datasets/hopeless`)
    await page.getByText('{"a b":1,"x":2}').click()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await shot(page, 'quarantine-row-phone')
    await opened.getByRole('button', { name: 'Close' }).click()
    await opened.waitFor({ state: 'detached' })

    await page.goto(`${stage.server.url}/app/`)
    for (const part of ['Lately', 'Pipelines'])
      await page.getByRole('region', { name: part }).getByRole('link', { name: '1 row rejected' }).first().waitFor()
    await assertNotWider(page)
    await shot(page, 'home-rejected-phone')
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
    await page.reload()
    await page.getByRole('region', { name: 'Lately' }).getByRole('link', { name: '1 row rejected' }).first().waitFor()
    await shot(page, 'home-rejected')
    await page.getByRole('region', { name: 'Lately' }).getByRole('link', { name: '1 row rejected' }).first().click()
    await page.getByRole('tab', { name: 'Quarantine', selected: true }).waitFor()
    assert.deepEqual(
      stage.complaints().filter((complaint) => !complaint.includes('404')),
      [],
    )
  } finally {
    await stage.close()
  }
})
