import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { ReadableStream } from 'node:stream/web'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openHouse } from '../module/test-house.ts'

let house: Awaited<ReturnType<typeof openHouse>>
before(async () => {
  house = await openHouse()
})
after(() => house.stop(100))

const token = { authorization: 'Bearer all' }
const ask = (path: string, init: RequestInit = {}) =>
  fetch(house.url + path, { ...init, headers: { ...token, ...(init.headers as Record<string, string>) } })
const problem = async (response: Response) => {
  assert.match(response.headers.get('content-type') ?? '', /application\/problem\+json/)
  return (await response.json()) as {
    code: string
    status: number
    detail: string
    requestId: string
    problems: { at: string; code: string; suggestion?: string }[]
  }
}
const post = (body: unknown, headers = {}) =>
  ask('/api/v1/books', {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })

/** Speaks HTTP by hand, and answers all that comes back. */
function raw(text: string): Promise<string> {
  const { port } = new URL(house.url)
  return new Promise((resolve, reject) => {
    let all = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => {
      all += chunk
      if (all.includes('\r\n\r\n')) setTimeout(() => socket.destroy(), 50)
    })
    socket.on('close', () => resolve(all))
    socket.on('error', reject)
  })
}

test('a parsed request reaches its handler and its answer comes back', async () => {
  const response = await ask('/api/v1/books?limit=3')
  assert.equal(response.status, 200)
  assert.deepEqual(await response.json(), { items: [{ name: 'limit 3', pages: 1 }], next: null })
  assert.equal((await post({ name: 'x', pages: 1 })).status, 201)
  const again = await post({ name: 'again', pages: 1 })
  assert.deepEqual([again.status, again.headers.get('x-was')], [200, 'there'])
  assert.equal((await ask('/api/v1/books/x', { method: 'DELETE' })).status, 204)
})

test('an alias leads to the same operation', async () => {
  assert.deepEqual(await (await ask('/books/a%2Fb')).json(), { name: 'a/b', pages: 7 })
})

test('without a token nobody is let in, and what a token lacks is named', async () => {
  const nobody = await fetch(`${house.url}/api/v1/books`)
  assert.equal(nobody.status, 401)
  assert.equal((await problem(nobody)).code, 'kernel.unauthenticated')
  assert.match(nobody.headers.get('www-authenticate') ?? '', /Bearer/)
  const reader = await ask('/api/v1/books', {
    method: 'POST',
    body: 'not even json',
    headers: { authorization: 'Bearer reader' },
  })
  assert.equal(reader.status, 403)
  assert.match((await problem(reader)).detail, /"shelf.write"/)
})

test('every problem of a body is told with its place, and a misspelt word with the right one', async () => {
  const response = await post({ nme: 'x', pages: 'many', kind: 'novell', tags: [{ label: 'a' }, { labl: 'b' }] })
  assert.equal(response.status, 422)
  const { problems } = await problem(response)
  const at = Object.fromEntries(problems.map((p) => [p.at, p]))
  assert.deepEqual(Object.keys(at).toSorted(), ['kind', 'name', 'nme', 'pages', 'tags[1].label', 'tags[1].labl'])
  assert.equal(at['nme']?.suggestion, 'name')
  assert.equal(at['kind']?.suggestion, 'novel')
  assert.equal(at['name']?.code, 'missing')
  assert.equal(at['tags[1].labl']?.suggestion, 'label')
})

test('a misspelt or wrong query parameter is a problem', async () => {
  const { problems } = await problem(await ask('/api/v1/books?limt=3&limit=99&_=1'))
  assert.deepEqual(
    problems.map((p) => [p.at, p.suggestion]),
    [
      ['query.limt', 'limit'],
      ['query.limit', undefined],
    ],
  )
})

test('a query parameter that is left empty is not given', async () => {
  assert.equal((await ask('/api/v1/books?limit=')).status, 200)
  assert.equal((await problem(await ask('/api/v1/books?limt='))).problems[0]?.at, 'query.limt')
})

test('malformed JSON is refused with line and column', async () => {
  const response = await post('{\n  "name": "x",\n  "pages": 1,,\n}')
  assert.equal(response.status, 400)
  assert.match((await problem(response)).detail, /line 3, column 14/)
})

test('a body that is not UTF-8, not JSON by type, or missing is refused', async () => {
  assert.equal(
    (
      await ask('/api/v1/books', {
        method: 'POST',
        body: new Uint8Array([0x22, 0xff, 0x22]),
        headers: { 'content-type': 'application/json' },
      })
    ).status,
    400,
  )
  assert.equal((await post('name=x', { 'content-type': 'application/x-www-form-urlencoded' })).status, 415)
  assert.equal((await ask('/api/v1/books', { method: 'POST' })).status, 422)
})

test('a body that says it has 2 GB is refused before it is sent', async () => {
  const answer = await raw(
    'POST /api/v1/books HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer all\r\nContent-Type: application/json\r\nContent-Length: 2147483648\r\n\r\n{',
  )
  assert.match(answer, /^HTTP\/1.1 413 /)
  assert.match(answer, /1,000,000 bytes/)
  const careful = await raw(
    'POST /api/v1/books HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer all\r\nExpect: 100-continue\r\nContent-Length: 2147483648\r\n\r\n',
  )
  assert.match(careful, /^HTTP\/1.1 413 /)
})

test('a body without a length is cut off at the limit', async () => {
  async function* endless() {
    for (let i = 0; i < 100; i++) yield new Uint8Array(64 * 1024)
  }
  for (const headers of [{ 'x-collect': '1' }, {}]) {
    const response = await ask('/api/v1/pour', {
      method: 'POST',
      body: ReadableStream.from(endless()),
      duplex: 'half',
      headers,
    } as unknown as RequestInit)
    assert.equal(response.status, 413)
  }
})

test('a raw body of a type that the path does not take is refused, one without a type is taken', async () => {
  const pour = (headers: Record<string, string>) =>
    ask('/api/v1/pour', { method: 'POST', body: new Uint8Array(3), headers: { 'x-collect': '1', ...headers } })
  const refused = await pour({ 'content-type': 'text/csv; charset=utf-8' })
  assert.equal(refused.status, 415)
  assert.match(
    ((await refused.json()) as { detail: string }).detail,
    /"text\/csv"\. It takes application\/octet-stream/,
  )
  assert.equal((await pour({ 'content-type': 'Application/Octet-Stream' })).status, 202)
  assert.equal((await pour({})).status, 202)
})

test('a raw body is streamed to the handler, compressed or not', async () => {
  const body = new Uint8Array(1_500_000)
  for (const collect of ['0', '1']) {
    assert.deepEqual(
      await (await ask('/api/v1/pour', { method: 'POST', body, headers: { 'x-collect': collect } })).json(),
      { bytes: 1_500_000 },
    )
    const small = gzipSync(body)
    assert.deepEqual(
      await (
        await ask('/api/v1/pour', {
          method: 'POST',
          body: small,
          headers: { 'x-collect': collect, 'content-encoding': 'gzip' },
        })
      ).json(),
      { bytes: 1_500_000 },
    )
    const bomb = gzipSync(new Uint8Array(30_000_000))
    assert.equal(
      (
        await ask('/api/v1/pour', {
          method: 'POST',
          body: bomb,
          headers: { 'x-collect': collect, 'content-encoding': 'gzip' },
        })
      ).status,
      413,
    )
  }
  const nonsense = await ask('/api/v1/pour', {
    method: 'POST',
    body: new TextEncoder().encode('not gzip'),
    headers: { 'content-encoding': 'gzip' },
  })
  assert.equal(nonsense.status, 400)
})

test('bodies that do not fit into memory together are asked to come again', async () => {
  const small = await openHouse({ bodyBytes: 1_000_000 })
  const pour = (bytes: number) =>
    fetch(`${small.url}/api/v1/pour`, {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { ...token, 'x-collect': '1' },
    })
  const refused = await pour(1_200_000)
  assert.deepEqual(
    [refused.status, refused.headers.get('retry-after'), (await problem(refused)).code],
    [503, '2', 'kernel.busy'],
  )
  for (let i = 0; i < 5; i++) assert.equal((await pour(900_000)).status, 202, 'what was held is given back')
  await small.stop(0)
})

test('a packed body that is refused midway does not hurt the server', async () => {
  const bomb = gzipSync(new Uint8Array(30_000_000))
  const headers = { 'x-collect': '1', 'content-encoding': 'gzip' }
  const cutShort = bomb.subarray(0, bomb.length - 20)
  const statuses = await Promise.all(
    [bomb, cutShort, bomb].map(async (body) => (await ask('/api/v1/pour', { method: 'POST', body, headers })).status),
  )
  assert.deepEqual(statuses, [413, 413, 413])
  assert.equal(
    (await ask('/api/v1/pour', { method: 'POST', body: gzipSync(new Uint8Array(900)).subarray(0, 15), headers }))
      .status,
    400,
  )
  assert.equal((await ask('/health')).status, 200)
})

test('an unknown path is a 404, a wrong method a 405 that names the right ones', async () => {
  assert.equal((await problem(await ask('/api/v1/boks'))).code, 'kernel.unknownPath')
  const wrong = await ask('/api/v1/books', { method: 'PUT', body: '{}' })
  assert.equal(wrong.status, 405)
  assert.equal(wrong.headers.get('allow'), 'GET, HEAD, POST')
})

test('a method that no route takes is a 405 with Allow, whether Node knows the method or not', async () => {
  const said = async (method: string, path: string) => {
    const answer = await raw(`${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer all\r\n\r\n`)
    return [/^HTTP\/1.1 (\d+)/.exec(answer)?.[1], /\r\nallow: ([^\r]*)/i.exec(answer)?.[1]].filter(Boolean).join(' ')
  }
  for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'QUERY', 'BREW', 'M-SEARCH', 'get', 'PATCH'])
    assert.equal(await said(method, '/api/v1/books?x=1'), '405 GET, HEAD, POST', method)
  for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'BREW', 'PATCH', 'OPTIONS'])
    assert.equal(await said(method, '/nothing'), '404', method)
  assert.equal(await said('OPTIONS', '/api/v1/books'), '204 GET, HEAD, POST')
  assert.equal(await said('OPTIONS', '*'), '204 DELETE, GET, HEAD, POST')
  assert.equal(await said('BREW', '/app/some/page'), '405 GET, HEAD')
  assert.equal(await said('BREW', '/apples'), '404')
})

test('HEAD answers as GET does, without a body', async () => {
  for (const path of ['/api/v1/books', '/books/none', '/nothing', '/health', '/openapi.json']) {
    const [get, head] = [await ask(path), await ask(path, { method: 'HEAD' })]
    await get.arrayBuffer()
    assert.deepEqual([head.status, await head.text()], [get.status, ''], path)
    assert.equal(head.headers.get('content-type'), get.headers.get('content-type'), path)
  }
})

test('an upgrade to something else than a WebSocket is ignored, and the request is answered', async () => {
  const body = '{"name":"x","pages":1}'
  for (const protocol of ['h2c', 'TLS/1.0', 'websocket'])
    assert.match(
      await raw(
        `POST /api/v1/books HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer all\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ),
      /^HTTP\/1.1 201 /,
      protocol,
    )
})

test('an error of the catalogue keeps its code; a bug tells nothing but its request id', async () => {
  assert.deepEqual((await problem(await ask('/books/none'))).detail, 'There is no book "none". List the books.')
  const bug = await ask('/api/v1/read?how=bug', { headers: { 'x-request-id': 'mine-1' } })
  const body = await problem(bug)
  assert.deepEqual([bug.status, body.code, body.requestId], [500, 'bug', 'mine-1'])
  assert.doesNotMatch(JSON.stringify(body), /secret/)
})

test('a raw answer streams; broken before its first byte it is a problem, after it the connection is cut', async () => {
  assert.equal(await (await ask('/api/v1/read?how=whole')).text(), 'one two')
  assert.equal((await ask('/api/v1/read?how=broken-early')).status, 404)
  const late = await ask('/api/v1/read?how=broken-late')
  await assert.rejects(late.text())
  const head = await ask('/api/v1/read?how=live', { method: 'HEAD' })
  assert.deepEqual([head.status, await head.text()], [200, ''])
})

test('the handler learns that its caller went away', async () => {
  const before = house.seen.aborted
  const leave = new AbortController()
  const slow = ask('/api/v1/read?how=slow', { signal: leave.signal })
  const live = await ask('/api/v1/read?how=live', { signal: leave.signal })
  assert.equal(live.status, 200)
  leave.abort()
  await assert.rejects(slow)
  for (let i = 0; i < 100 && house.seen.aborted < before + 2; i++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(house.seen.aborted, before + 2)
})

test('a socket needs a known path, a caller and a permission', async () => {
  const shake = (path: string, protocol?: string) =>
    raw(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : ''}\r\n`,
    )
  assert.match(await shake('/ws/echo/a%20b?x=1', 'bearer, all'), /^HTTP\/1.1 101 [^]*a b all$/)
  assert.match(await shake('/ws/echo/a'), /^HTTP\/1.1 401 [^]*kernel.unauthenticated/)
  assert.match(await shake('/ws/echo/a', 'bearer, reader'), /^HTTP\/1.1 403 /)
  assert.match(await shake('/ws/nothing', 'bearer, all'), /^HTTP\/1.1 404 /)
  assert.equal((await problem(await ask('/ws/echo/a'))).code, 'kernel.upgradeNeeded')
})

test('broken HTTP is answered with a problem', async () => {
  assert.match(await raw('NONSENSE\r\n\r\n'), /^HTTP\/1.1 400 [^]*kernel.malformedRequest/)
  assert.match(await raw('GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n'), /^HTTP\/1.1 40[04] [^]*"problems"/)
})

test('health, readiness, measurements and documents answer without a token', async () => {
  const open = (path: string) => fetch(house.url + path)
  assert.equal((await open('/health')).status, 200)
  const ready = await open('/ready')
  assert.deepEqual(
    [ready.status, await ready.json()],
    [
      200,
      {
        ready: true,
        parts: [
          { name: 'metadata', ok: true },
          { name: 'warehouse', ok: true },
          { name: 'shelf', ok: true },
        ],
      },
    ],
  )
  const metrics = await (await open('/metrics')).text()
  assert.match(metrics, /shelf_books\{kind="a \\"poem\\""\} 3/)
  assert.match(metrics, /request_duration_seconds_count\{operation="shelf.list",status="2xx"\} \d/)
  assert.equal((await fetch(`${house.url}/metrics`, { headers: { 'x-forwarded-for': '1.2.3.4' } })).status, 401)
  assert.equal((await ask('/metrics', { headers: { 'x-forwarded-for': '1.2.3.4' } })).status, 200)
  // A name of somebody else's that leads to loopback is a page of theirs in a browser here.
  for (const host of ['evil.example', 'evil.example:8000', '127.0.0.1.evil.example'])
    assert.match(await raw(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\n\r\n`), /^HTTP\/1.1 401 /, host)
  for (const host of ['127.0.0.1:8000', '[::1]:8000', 'localhost:8000', 'millrace'])
    assert.match(
      await raw(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
      /^HTTP\/1.1 200 /,
      host,
    )
  assert.equal((await open('/docs')).status, 200)
  assert.match(await (await open('/docs/rapidoc.js')).text(), /rapi-doc/)
  const document = (await (await open('/openapi.json')).json()) as { openapi: string; paths: object }
  assert.equal(document.openapi, '3.1.0')
  assert.ok('/books/{name}' in document.paths)
})

test('answers carry the guarding headers', async () => {
  const { headers } = await ask('/api/v1/books')
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
  assert.ok(headers.get('x-request-id'))
})
