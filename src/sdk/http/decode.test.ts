import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { failureOf, httpClient, pagesOf, recordsOf } from '../index.ts'
import type { Pagination } from '../index.ts'
import { jsonElements } from './json-elements.ts'
import { scriptedNetwork } from './scripted-network-fixture.ts'

async function* inPieces(text: string, cuts: readonly number[]): AsyncGenerator<string> {
  let from = 0
  for (const to of [...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length]) {
    yield text.slice(from, to)
    from = to
  }
}

const cuts = fc.array(fc.nat(), { maxLength: 8 })

test('the elements of a list come out of JSON as a parser finds them, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue()),
      fc.jsonValue(),
      cuts,
      fc.boolean(),
      async (list, other, where, pretty) => {
        for (const [path, whole] of [
          ['$', list],
          ['$.data', { before: other, data: list, after: [other] }],
          ['$.data["odd , {name"]', { data: { x: other, 'odd , {name': list } }],
          ['$[1].rows', [other, { rows: list }]],
        ] as const) {
          const found: unknown[] = []
          const text = JSON.stringify(whole, null, pretty ? 2 : 0)
          for await (const { text: element, within } of jsonElements(inPieces(text, where), path, 'x')) {
            assert.equal(within, true)
            found.push(JSON.parse(element))
          }
          assert.deepEqual(found, JSON.parse(JSON.stringify(list)))
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('brackets that do not match are a failure of the data', async () => {
  for (const text of ['[}', '[{"a":1}}', '[1]]', '{"a":[1}', ']']) {
    const reading = async () => {
      for await (const { text: element } of jsonElements(inPieces(text, []), '$', 'x')) assert.ok(element)
    }
    await assert.rejects(reading, (error) => {
      assert.match((error as Error).message, /a closing bracket does not match/)
      assert.equal(failureOf(error)?.kind, 'data')
      return true
    })
  }
})

async function recordsIn(body: string | readonly string[], type: string, records = '$'): Promise<unknown[]> {
  const world = scriptedNetwork(() => ({ headers: { 'content-type': type }, body }))
  const answer = await httpClient(world, { baseUrl: 'https://x.example/' }).stream({ url: 'a' })
  const found: unknown[] = []
  for await (const record of recordsOf(answer, { records })) found.push(record)
  return found
}

test('records come out of JSON, NDJSON and CSV', async () => {
  assert.deepEqual(await recordsIn('{"id":1}', 'application/json'), [{ id: 1 }])
  assert.deepEqual(await recordsIn('[1,{"id":2}]', 'application/json'), [{ value: 1 }, { id: 2 }])
  assert.deepEqual(await recordsIn(['{"id":1}\n{"i', 'd":2}\n\n'], 'application/x-ndjson'), [{ id: 1 }, { id: 2 }])
  assert.deepEqual(await recordsIn(['id,"na', 'me"\r\n1,"a ""b"",\nc"\r\n2,\n'], 'text/csv; charset=utf-8'), [
    { id: '1', name: 'a "b",\nc' },
    { id: '2', name: null },
  ])
  assert.deepEqual(await recordsIn('\uFEFFid\n\uFEFF1', 'text/csv'), [{ id: '\uFEFF1' }])
  await assert.rejects(recordsIn('<html>', 'text/html'), { code: 'http.json' })
  await assert.rejects(recordsIn('{"data":{}}', 'application/json', '$.data'), {
    code: 'http.records',
    message: /has an object at "\$\.data", not a list/,
  })
})

test('a list that is too long to be parsed as a whole is read element by element', async () => {
  const rows = Array.from({ length: 60_000 }, (_, id) => ({ id, text: 'x'.repeat(80) }))
  const text = JSON.stringify({ data: rows })
  const pieces = Array.from({ length: Math.ceil(text.length / 65_536) }, (_, at) =>
    text.slice(at * 65_536, (at + 1) * 65_536),
  )
  assert.deepEqual(await recordsIn(pieces, 'application/json', '$.data'), rows)
  await assert.rejects(recordsIn(pieces, 'application/json', '$.none'), { code: 'http.records' })
  await assert.rejects(recordsIn(pieces.slice(0, -1), 'application/json', '$.data'), { code: 'http.json' })
})

test('each way of paging reads every record once', async () => {
  const all = Array.from({ length: 5 }, (_, id) => ({ id }))
  const ways: [Pagination, (url: URL) => { rows: object[]; next?: unknown; link?: string }][] = [
    [
      { type: 'page', parameter: 'p', start: 1, maxPages: 9 },
      (url) => ({ rows: all.slice((Number(url.searchParams.get('p')) - 1) * 2).slice(0, 2) }),
    ],
    [
      { type: 'offset', parameter: 'o', maxPages: 9 },
      (url) => ({ rows: all.slice(Number(url.searchParams.get('o'))).slice(0, 2) }),
    ],
    [{ type: 'next', at: '$.next', maxPages: 9 }, (url) => step(url, 'n', (to) => `?n=${to}`)],
    [{ type: 'next', at: '$.next', parameter: 'n', maxPages: 9 }, (url) => step(url, 'n', (to) => to)],
    [
      { type: 'link', maxPages: 9 },
      (url) => {
        const { rows, next } = step(url, 'n', (to) => `</api?n=${to}>; rel="next"`)
        return { rows, ...(next === null ? {} : { link: String(next) }) }
      },
    ],
  ]
  function step(url: URL, name: string, write: (to: number) => unknown) {
    const from = Number(url.searchParams.get(name) ?? 0)
    return { rows: all.slice(from, from + 2), next: from + 2 < all.length ? write(from + 2) : null }
  }
  for (const [pagination, answer] of ways) {
    const world = scriptedNetwork(({ url }) => {
      const { rows, next, link } = answer(new URL(url))
      return { body: JSON.stringify({ data: rows, next }), headers: link === undefined ? {} : { link } }
    })
    const client = httpClient(world, { baseUrl: 'https://x.example/' })
    const found: unknown[] = []
    for await (const { rows } of pagesOf(client, { url: 'api?keep=1', pagination, records: '$.data' }))
      found.push(...rows)
    assert.deepEqual(found, all, JSON.stringify(pagination))
  }
})

test('more pages than allowed fail with the address, also of a request that is relative to the base', async () => {
  const world = scriptedNetwork(() => ({ body: '[{"id":1}]' }))
  const client = httpClient(world, { baseUrl: 'https://x.example/' })
  const pagination = { type: 'page', parameter: 'p', start: 1, maxPages: 2 } as const
  const pages = pagesOf(client, { url: 'api?key=secret', pagination })
  await pages.next()
  await pages.next()
  await assert.rejects(pages.next(), { code: 'http.pages', message: '"https://x.example/api" has more than 2 pages.' })
})
