import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { pageOf, Paging, readCursor, writeCursor } from './paging.ts'

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

test('a made-up cursor is refused, and so is one of another list', () => {
  for (const cursor of ['x', 'after-2', '', 'MQ==', writeCursor('a name'), writeCursor(-1)])
    assert.throws(() => pageOf([1], { limit: 1, cursor }), { code: 'kernel.invalidRequest' }, cursor)
})

test('a cursor gives back the place it was made of', () => {
  for (const place of [1, 'Zürich 😀', ['a', null, 2]])
    assert.deepEqual(readCursor(writeCursor(place), z.unknown()), place)
})
