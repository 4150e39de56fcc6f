import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAuditRange } from './audit-range.ts'

const now = Date.parse('2026-11-21T10:00:42Z')

test('a relative range becomes instants of the whole minute, and an end includes its day', () => {
  assert.deepEqual(readAuditRange({ from: 'now-1h' }, now, 'UTC'), {
    from: '2026-11-21T09:00:00.000Z',
    to: undefined,
    unread: undefined,
  })
  assert.deepEqual(readAuditRange({ from: '2026-11-20', to: '2026-11-20' }, now, 'Asia/Kolkata'), {
    from: '2026-11-19T18:30:00.000Z',
    to: '2026-11-20T18:30:00.000Z',
    unread: undefined,
  })
})

test('a time that cannot be read is named', () => {
  assert.equal(readAuditRange({ from: 'yesterday-ish' }, now, 'UTC').unread, 'yesterday-ish')
  assert.equal(readAuditRange({}, now, 'UTC').unread, undefined)
})
