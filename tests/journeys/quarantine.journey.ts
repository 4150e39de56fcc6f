/** Rejected rows are seen on a page, whatever they were meant for. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStage } from './browser.ts'

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

    await page.goto(`${stage.server.url}/app/datasets`)
    await page.getByRole('link', { name: 'hopeless' }).click()
    await page.getByText('Every row sent to this name was rejected').waitFor()
    await page.getByText('{"a b":1,"x":2}').waitFor()
    assert.deepEqual(
      stage.complaints().filter((complaint) => !complaint.includes('404')),
      [],
    )
  } finally {
    await stage.close()
  }
})
