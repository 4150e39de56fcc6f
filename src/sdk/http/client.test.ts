import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { failureOf, httpClient, isMillraceError, pagesOf } from '../index.ts'
import type { HttpOptions } from '../index.ts'
import { retryTime } from './retry.ts'
import { scriptedNetwork } from './scripted-network-fixture.ts'
import type { Scripted } from './scripted-network-fixture.ts'

const baseUrl = 'https://shop.example/api/'
const quick = { baseMs: 1, maxWaitMs: 50 }
const broken = () => Object.assign(new Error('reset'), { code: 'ECONNRESET' })

function clientOf(serve: Parameters<typeof scriptedNetwork>[0], options: Partial<HttpOptions> = {}) {
  const world = scriptedNetwork(serve)
  return { ...world, client: httpClient(world, { baseUrl, retry: quick, ...options }) }
}

async function failing(serve: Parameters<typeof scriptedNetwork>[0], options: Partial<HttpOptions> = {}) {
  const { client, hops } = clientOf(serve, options)
  try {
    await client.read({ url: 'orders?key=hidden' })
  } catch (error) {
    assert.ok(isMillraceError(error), String(error))
    assert.doesNotMatch(error.message, /hidden/)
    return { code: error.code, ...failureOf(error), sent: hops.length }
  }
  throw new Error('did not fail')
}

test('each way of authentication is sent, and to the origin of the connection only', async () => {
  for (const [auth, shown] of [
    [{ type: 'bearer', token: 't' }, ['Bearer t', undefined, '']],
    [{ type: 'basic', user: 'u', password: 'p' }, ['Basic dTpw', undefined, '']],
    [{ type: 'header', name: 'X-Key', value: 'k' }, [undefined, 'k', '']],
    [{ type: 'query', name: 'key', value: 'k&' }, [undefined, undefined, '?key=k%26']],
  ] as const) {
    const { client, hops } = clientOf(() => ({}), { auth })
    await client.read({ url: 'orders' })
    await client.read({ url: 'https://other.example/orders' })
    const seen = hops.map(({ url, headers }) => [headers['authorization'], headers['x-key'], new URL(url).search])
    assert.deepEqual(seen, [shown, [undefined, undefined, '']])
  }
})

test('a redirect to another server takes no secret along, and what is sent again follows the status', async () => {
  const { client, hops } = clientOf(
    ({ url }) =>
      url.startsWith(baseUrl) ? { status: 302, headers: { location: 'https://other.example/x' } } : { body: '1' },
    { auth: { type: 'bearer', token: 't' }, headers: { 'X-Key': 'k', accept: 'text/csv' } },
  )
  assert.equal((await client.read({ url: 'a', method: 'POST', body: '{}' })).url, 'https://other.example/x')
  const [, second] = hops
  assert.deepEqual(
    [
      second?.method,
      second?.body,
      second?.headers['authorization'],
      second?.headers['x-key'],
      second?.headers['accept'],
    ],
    ['GET', undefined, undefined, undefined, 'text/csv'],
  )
  assert.deepEqual(
    (await failing(() => ({ status: 301, headers: { location: 'again' } }))).code,
    'connectors.redirects',
  )
  assert.deepEqual(
    (await failing(() => ({ status: 301, headers: { location: 'ftp://x/' } }), { retry: { attempts: 1 } })).code,
    'connectors.unreachable',
  )
})

test('what passes by itself is tried again, also in the middle of a body; the rest is not', async () => {
  const answers: (Scripted | Error)[] = [
    { status: 429 },
    { status: 503 },
    broken(),
    { body: ['[1', broken()] },
    { body: '[1]' },
  ]
  const { client, hops } = clientOf(
    (_hop, count) => {
      const answer = answers[count - 1]!
      if (answer instanceof Error) throw answer
      return answer
    },
    { retry: { ...quick, attempts: 5 } },
  )
  assert.deepEqual((await client.read({ url: 'orders' })).json(), [1])
  assert.equal(hops.length, 5)
  assert.deepEqual(await failing(() => ({ status: 500 })), { code: 'http.status', kind: 'transient', sent: 4 })
  for (const [status, kind] of [
    [401, 'credentials'],
    [403, 'permission'],
    [404, 'not_found'],
    [422, 'configuration'],
    [413, 'capacity'],
  ] as const)
    assert.deepEqual(await failing(() => ({ status })), { code: 'http.status', kind, sent: 1 })
})

test('Retry-After is obeyed as seconds and as a date, and a wait that is too long fails with its time', async () => {
  const now = Date.UTC(2026, 0, 1)
  assert.equal(retryTime('120', now), '2026-01-01T00:02:00.000Z')
  assert.equal(retryTime('Thu, 01 Jan 2026 00:00:09 GMT', now), '2026-01-01T00:00:09.000Z')
  assert.equal(retryTime('soon', now), undefined)
  assert.equal(retryTime('1.5', now), undefined)
  const failure = await failing(() => ({ status: 429, headers: { 'retry-after': '3600' } }))
  assert.deepEqual([failure.kind, failure.sent], ['rate_limited', 1])
  assert.ok(Date.parse(failure.retryAt ?? '') > Date.now() + 3_000_000)
  const { client } = clientOf(() => ({ status: 429, headers: { 'retry-after': '7200' } }))
  await assert.rejects(client.read({ url: 'orders' }), {
    message: '"https://shop.example/api/orders" answered with status 429 and asks to wait 2 hours.',
    remedy: /^Try again after \d{4}-/,
  })
})

test('bodies are decompressed and bounded, by what they decompress to', async () => {
  const text = JSON.stringify({ text: 'x'.repeat(10_000) })
  for (const [encoding, compress] of [
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const) {
    const serve = () => ({ headers: { 'content-encoding': encoding }, body: compress(text) })
    assert.equal((await clientOf(serve).client.read({ url: 'a' })).text(), text)
    assert.deepEqual(await failing(serve, { maxBytes: 5_000 }), { code: 'connectors.large', kind: 'capacity', sent: 1 })
  }
  assert.equal(
    (await failing(() => ({ headers: { 'content-length': '9000' } }), { maxBytes: 10 })).code,
    'connectors.large',
  )
  assert.equal(
    (await failing(() => ({ headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }), { retry: { attempts: 1 } }))
      .code,
    'connectors.unreachable',
  )
})

test('two clients of one server share its rate limit, and one with other authentication has its own', async () => {
  const stop = new AbortController()
  const options = { baseUrl: 'https://slow.example/', perSecond: 0.01 }
  const [one, two] = [clientOf(() => ({}), options), clientOf(() => ({}), options)]
  const other = clientOf(() => ({}), { ...options, auth: { type: 'bearer', token: 't' } })
  await one.client.read({ url: 'a' })
  const second = assert.rejects(two.client.read({ url: 'a', signal: stop.signal }))
  await other.client.read({ url: 'a' })
  stop.abort()
  await second
  assert.equal(two.hops.length, 0)
})

test('an abort during a wait for another try rejects with its reason', async () => {
  const stop = new AbortController()
  const { client } = clientOf(() => ({ status: 503, headers: { 'retry-after': '40' } }), {
    retry: { maxWaitMs: 60_000 },
  })
  const reading = client.read({ url: 'a', signal: stop.signal })
  await turn()
  const reason = new Error('stop')
  stop.abort(reason)
  await assert.rejects(reading, (error) => error === reason)
})

test('an abort during a wait for the rate limit rejects with its reason', async () => {
  const stop = new AbortController()
  const { client } = clientOf(() => ({}), { baseUrl: 'https://rare.example/', perSecond: 0.01 })
  await client.read({ url: 'a' })
  const reading = client.read({ url: 'a', signal: stop.signal })
  await turn()
  const reason = new Error('stop')
  stop.abort(reason)
  await assert.rejects(reading, (error) => error === reason)
})

test('an answer that says it is too large is closed at once', async () => {
  const { client, closed } = clientOf(() => ({ headers: { 'content-length': '9000' } }), { maxBytes: 10 })
  await assert.rejects(client.stream({ url: 'a' }), { code: 'connectors.large' })
  assert.equal(closed(), 1)
})

test('a redirect that keeps the body is not followed to another server', async () => {
  for (const status of [307, 308]) {
    const serve = (location: string) =>
      clientOf((_hop, count) => (count === 1 ? { status, headers: { location } } : { body: '1' }))
    const other = serve('https://other.example/x')
    await assert.rejects(other.client.read({ url: 'a', method: 'POST', body: '{}' }), (error) => {
      assert.equal(failureOf(error)?.kind, 'configuration')
      return true
    })
    assert.equal(other.hops.length, 1)
    const same = serve('b')
    await same.client.read({ url: 'a', method: 'POST', body: '{}' })
    assert.equal(same.hops[1]?.body, '{}')
  }
})

test('a redirect to what is not a URL of HTTP says why', async () => {
  for (const [location, because] of [
    ['ftp://x.example/', /the protocol must be http or https/],
    ['http://', /the target of its redirect is not a valid URL/],
  ] as const)
    await assert.rejects(
      clientOf(() => ({ status: 301, headers: { location } }), { retry: { attempts: 1 } }).client.read({ url: 'a' }),
      because,
    )
})

test('the failure of an answer that is no JSON quotes no piece of a secret that the server echoes', async () => {
  const token = 'tok-5f3a9c1e7b2d8046aa91'
  for (const type of ['application/json', 'application/x-ndjson'])
    for (const echo of [
      (sent: string) => sent,
      (sent: string) => `{"token":"${sent}`,
      (sent: string) => `{"token":"${sent}" x}`,
      (sent: string) => `[1, ${sent}]`,
      (sent: string) => `{"a":1} ${sent}`,
    ]) {
      const { client } = clientOf(
        ({ headers }) => ({ body: echo(headers['x-key'] ?? ''), headers: { 'content-type': type } }),
        { auth: { type: 'header', name: 'X-Key', value: token } },
      )
      await assert.rejects(
        async () => {
          for await (const { rows } of pagesOf(client, { url: 'orders', pagination: { type: 'none' } })) assert.ok(rows)
        },
        (error) => {
          assert.ok(isMillraceError(error))
          assert.equal(error.code, 'http.json')
          assert.match(error.message, / at line 1, column \d+\.$/)
          for (let at = 0; at + 4 <= token.length; at += 1)
            assert.ok(!error.message.includes(token.slice(at, at + 4)), error.message)
          return true
        },
      )
    }
})
