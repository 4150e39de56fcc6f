import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageOf, Paging } from './paging.ts'

test('pages follow each other to the end, each item once', () => {
  const seen: number[] = []
  let cursor: string | undefined
  do {
    const page = pageOf([1, 2, 3, 4, 5], Paging.parse({ limit: '2', ...(cursor && { cursor }) }))
    seen.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  assert.deepEqual(seen, [1, 2, 3, 4, 5])
})

test('a made-up cursor is refused', () => {
  assert.throws(() => pageOf([1], { limit: 1, cursor: 'x' }), /One thing in this request is wrong/)
})
