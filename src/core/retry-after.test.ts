import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retryAfterMs } from './retry-after.ts'

test('Retry-After is read as seconds or as a date, and nothing else', () => {
  const now = Date.parse('2026-11-01T09:00:00Z')
  assert.equal(retryAfterMs('120', now), 120_000)
  assert.equal(retryAfterMs(' 120 ', now), 120_000)
  assert.equal(retryAfterMs('Sun, 01 Nov 2026 09:01:00 GMT', now), 60_000)
  assert.equal(retryAfterMs('Sun, 01 Nov 2026 08:00:00 GMT', now), 0)
  for (const none of [undefined, '', '-5', '1.5', 'soon', 'Sun, soon', '2026-11-01T09:01:00Z'])
    assert.equal(retryAfterMs(none, now), undefined)
})
