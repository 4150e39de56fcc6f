import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { cursors, pageAfter, pageOf, Paging } from './paging.ts'

function pagesOf<T>(page: (cursor: string | undefined) => { items: T[]; next: string | null }): T[] {
  const seen: T[] = []
  let cursor: string | undefined
  do {
    const { items, next } = page(cursor)
    seen.push(...items)
    cursor = next ?? undefined
  } while (cursor !== undefined)
  return seen
}

test('pages follow each other to the end, each item once', () => {
  const seen = pagesOf((cursor) => pageOf('numbers', [1, 2, 3, 4, 5], Paging.parse({ limit: '2', cursor })))
  assert.deepEqual(seen, [1, 2, 3, 4, 5])
})

test('pages by name show each name once, in order, whatever the names and the limit', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' })), fc.integer({ min: 1, max: 5 }), (names, limit) => {
      const list = cursors('names', z.string())
      const seen = pagesOf((cursor) => pageAfter(list, names, { limit, cursor, placeOf: (name) => name }))
      assert.deepEqual(
        seen,
        names.toSorted((one, other) => (one < other ? -1 : 1)),
      )
    }),
  )
})

test('a made-up cursor is refused, and so is one of another list', () => {
  const made = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const others = [
    'x',
    'after-2',
    'MQ==',
    made(2),
    made(['numbers', 'a name']),
    made(['numbers', -1]),
    made(['numbers', 1, 2]),
    cursors('letters', z.int()).write(1),
  ]
  for (const cursor of others)
    assert.throws(() => pageOf('numbers', [1], { limit: 1, cursor }), { code: 'kernel.invalidRequest' }, cursor)
})

test('a cursor with a text that no store keeps is refused', () => {
  const list = cursors('names', z.string())
  assert.throws(() => list.read(list.write('a\0b')), { code: 'kernel.invalidRequest' })
  assert.throws(() => list.read(list.write('\ud800')), { code: 'kernel.invalidRequest' })
})

test('a cursor gives back the place it was made of', () => {
  const list = cursors('things', z.unknown())
  for (const place of [1, 'Zürich 😀', ['a', null, 2]]) assert.deepEqual(list.read(list.write(place)), place)
})
