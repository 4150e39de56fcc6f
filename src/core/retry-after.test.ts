import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retryAfterMs } from './retry-after.ts'

test('Retry-After is read as seconds or as a date, and nothing else', () => {
  const now = Date.parse('2026-11-01T09:00:00Z')
  assert.equal(retryAfterMs('120', now), 120_000)
  assert.equal(retryAfterMs(' 120 ', now), 120_000)
  assert.equal(retryAfterMs('Sun, 01 Nov 2026 09:01:00 GMT', now), 60_000)
  assert.equal(retryAfterMs('Sun, 01 Nov 2026 08:00:00 GMT', now), 0)
  for (const none of [
    undefined,
    '',
    '-5',
    '1.5',
    'soon',
    'Sun, soon',
    '2026-11-01T09:01:00Z',
    'Sunday, 01-Nov-2026 09:01:00 GMT',
    'Sunday, 01-Nov-26 09:01:00 EST',
    'Sunday, soon',
    'Sun Nov  1 09:01:00',
    'Sun Abc  1 09:01:00 2026',
  ])
    assert.equal(retryAfterMs(none, now), undefined)
})

test('the older forms of an HTTP date are read as times of UTC, and a year of two digits as the nearest that fits', () => {
  const now = Date.parse('2026-11-01T09:00:00Z')
  assert.equal(retryAfterMs('Sunday, 01-Nov-26 09:01:00 GMT', now), 60_000)
  assert.equal(retryAfterMs('Sun Nov  1 09:01:00 2026', now), 60_000)
  assert.equal(retryAfterMs('Wed Nov 11 09:00:00 2026', now), 10 * 86_400_000)
  assert.equal(retryAfterMs('Sunday, 06-Nov-94 08:49:37 GMT', now), 0)
  assert.equal(retryAfterMs('Tuesday, 01-Nov-76 08:00:00 GMT', now), Date.parse('2076-11-01T08:00:00Z') - now)
  const late = Date.parse('2099-12-31T23:59:00Z')
  assert.equal(retryAfterMs('Friday, 01-Jan-00 00:00:00 GMT', late), 60_000)
})
