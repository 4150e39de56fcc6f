import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { isStorableText } from '#core/storable-text'
import { openHouse } from '../module/test-house.ts'
import { mayHoldUnstorableText, unstorableText } from './unstorable-text.ts'

let house: Awaited<ReturnType<typeof openHouse>>
before(async () => {
  house = await openHouse()
})
after(() => house.stop(100))

const ask = async (path: string, body?: string) => {
  const response = await fetch(house.url + path, {
    headers: { authorization: 'Bearer all', 'content-type': 'application/json' },
    ...(body !== undefined && { method: 'POST', body }),
  })
  const { code, problems = [] } = (await response.json()) as {
    code?: string
    problems?: { at: string; code: string }[]
  }
  return [response.status, code, ...problems.map((problem) => `${problem.at} ${problem.code}`)]
}
const refused = (at: string) => [422, 'kernel.invalidRequest', `${at} unstorable_text`]

test('U+0000 in a path or a parameter, and in a name of one, is refused before any handler sees it', async () => {
  assert.deepEqual(await ask('/api/v1/books/a%00b'), refused('path.name'))
  assert.deepEqual(await ask('/api/v1/books?kind=%00'), refused('query.kind'))
  assert.deepEqual(await ask('/api/v1/books?kind=a&kind=%00'), refused('query.kind[1]'))
  assert.deepEqual(await ask('/api/v1/books?a%00=1'), refused('query.a\ufffd'))
})

test('U+0000 and half of a surrogate pair in a body are refused with their places', async () => {
  const book = (name: string, more = '') => ask('/api/v1/books', `{"name":"${name}","pages":1${more}}`)
  assert.deepEqual(await book(String.raw`a\u0000`), refused('name'))
  assert.deepEqual(await book(String.raw`\uD83d`), refused('name'))
  assert.deepEqual(await book('x', String.raw`,"tags":[{"label":"a"},{"label":"\udc00"}]`), refused('tags[1].label'))
  assert.deepEqual((await book(String.raw`\uD83D\uDE00`))[0], 201, 'both halves make a character')
  assert.deepEqual((await book(String.raw`\\u0000`))[0], 201, 'an escaped backslash is no escape')
})

test('U+0000 in the path or the query of a socket is refused', async () => {
  for (const path of ['/ws/echo/a%00b', '/ws/echo/a?zone=%00', '/ws/echo/a?%00=1']) {
    const { port } = new URL(house.url)
    const answer = await new Promise<string>((resolve, reject) => {
      let all = ''
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write(
          `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: bearer, all\r\n\r\n`,
        ),
      )
      socket.on('data', (chunk) => (all += chunk))
      socket.on('close', () => resolve(all))
      socket.on('error', reject)
    })
    assert.match(answer, /^HTTP\/1.1 422 [^]*unstorable_text/, path)
  }
})

test('of any JSON value exactly the texts and names that no store keeps are found', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom('\0', '\ud800', '\udc00', '😀', '\\u0000'), fc.string()),
    maxLength: 3,
  })
  const value = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
    ),
  })).tree
  /** By recursion, as a reader would write it. */
  const count = (part: unknown): number => {
    if (typeof part === 'string') return isStorableText(part) ? 0 : 1
    if (typeof part !== 'object' || part === null) return 0
    if (Array.isArray(part)) return part.reduce((sum: number, each) => sum + count(each), 0)
    return Object.entries(part).reduce((sum, [name, each]) => sum + (isStorableText(name) ? count(each) : 1), 0)
  }
  fc.assert(
    fc.property(value, (tree) => {
      const found = count(tree)
      assert.equal(unstorableText(tree, '').length, Math.min(100, found))
      if (found > 0) assert.ok(mayHoldUnstorableText(JSON.stringify(tree)))
    }),
  )
})

test('hostile depth is walked without a fault', () => {
  let deep: unknown = '\0'
  for (let i = 0; i < 20_000; i += 1) deep = [deep]
  assert.equal(unstorableText(deep, '').length, 1)
})
