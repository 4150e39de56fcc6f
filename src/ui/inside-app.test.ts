import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insideApp } from './inside-app.ts'

test('an address in the URL leads to pages of the app only', () => {
  assert.deepEqual(insideApp('/app/metrics/A?zone=UTC&from=now-1h'), {
    path: '/metrics/A',
    search: { zone: 'UTC', from: 'now-1h' },
  })
  assert.deepEqual(insideApp('/pipelines'), { path: '/pipelines', search: {} })
  for (const href of ['', '/app', '//elsewhere.example', '/\\elsewhere.example', 'https://elsewhere.example'])
    assert.equal(insideApp(href).path, '/', href)
})
