import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepWantedPage, takeWantedPage } from './wanted-page.ts'

function storage(): Storage {
  const items = new Map<string, string>()
  return {
    length: 0,
    clear: () => items.clear(),
    key: () => null,
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => void items.set(name, value),
    removeItem: (name) => void items.delete(name),
  }
}

test('the page that was wanted before sign-in is given once, and only for a quarter of an hour', () => {
  const kept = storage()
  keepWantedPage('/app/metrics/A?zone=UTC', 0, kept)
  assert.equal(takeWantedPage(60_000, kept), '/app/metrics/A?zone=UTC')
  assert.equal(takeWantedPage(60_000, kept), undefined)
  keepWantedPage('/app/metrics/A', 0, kept)
  assert.equal(takeWantedPage(16 * 60_000, kept), undefined)
  kept.setItem('millrace.wanted', 'no JSON')
  assert.equal(takeWantedPage(0, kept), undefined)
})
