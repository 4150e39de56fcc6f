import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { isMillraceError } from '#core/errors'
import { egress } from '#kernel/egress'
import type { Egress } from '#kernel/egress'
import { httpClient } from '#sdk'
import { httpSender } from './http-hop.ts'

let server: Server
let port: number
let location = ''
const seen: { path: string; headers: IncomingHttpHeaders }[] = []
before(async () => {
  server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', headers: request.headers })
    if (request.url === '/go') response.writeHead(302, { location }).end()
    else response.end('secret')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
after(() => server.close())

/** Public as far as anybody can tell: "outside.test" and "other.test" stand for servers of the internet. */
const internet: Egress = {
  address: async (host) =>
    host === 'outside.test' || host === 'other.test' ? '127.0.0.1' : await egress(undefined).address(host),
}
const send = httpSender(internet)
const network = { send, address: internet.address }
const get = async (url: string, headers: Record<string, string> = {}) => {
  const client = httpClient(
    { network, signal: new AbortController().signal },
    { baseUrl: url, headers, timeoutMs: 5_000, maxBytes: 1_000, retry: { attempts: 1 } },
  )
  return await client.read({ url })
}
const refused = async (url: string, code: string) => {
  const before = seen.length
  await assert.rejects(
    get(url),
    (error) => {
      assert.ok(isMillraceError(error), String(error))
      assert.equal(error.code, code, url)
      return true
    },
    url,
  )
  return seen.length - before
}

test('no way of writing an address leads to this machine', async () => {
  for (const host of [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0',
    'localhost',
    'LOCALHOST.',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:ffff:7f00:1]',
    '[::ffff:0:127.0.0.1]',
    'outside.test@127.0.0.1',
    'outside.test:80@127.0.0.1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
  ]) {
    assert.equal(await refused(`http://${host}:${port}/`, 'connectors.forbidden_address'), 0, host)
  }
  for (const url of ['file:///etc/passwd', 'ftp://outside.test/', 'gopher://outside.test/'])
    assert.equal(await refused(url, 'connectors.unreachable'), 0)
})

test('a redirect is checked like the address it comes from', async () => {
  assert.equal((await get(`http://outside.test:${port}/`)).text(), 'secret')
  for (const [to, code] of [
    [`http://127.0.0.1:${port}/`, 'connectors.forbidden_address'],
    [`//127.0.0.1:${port}/`, 'connectors.forbidden_address'],
    [`http://2130706433:${port}/`, 'connectors.forbidden_address'],
    [`http://outside.test@[::ffff:127.0.0.1]:${port}/`, 'connectors.forbidden_address'],
    ['http://169.254.169.254/latest/meta-data/', 'connectors.forbidden_address'],
    ['file:///etc/passwd', 'connectors.unreachable'],
    ['http://', 'connectors.unreachable'],
    [`/go`, 'connectors.redirects'],
  ] as const) {
    location = to
    const asked = await refused(`http://outside.test:${port}/go`, code)
    assert.equal(asked, to === '/go' ? 6 : 1, to)
  }
})

test('credentials stay with the server they are for', async () => {
  location = `http://other.test:${port}/there`
  await get(`http://me:word@outside.test:${port}/go`, {
    authorization: 'Bearer token',
    'x-api-key': 'key',
    accept: 'text/csv',
  })
  const [first, second] = seen.slice(-2)
  assert.deepEqual([first?.headers.authorization, first?.headers['x-api-key']], ['Bearer token', 'key'])
  assert.deepEqual(
    [
      second?.path,
      second?.headers.host,
      second?.headers.authorization,
      second?.headers['x-api-key'],
      second?.headers.accept,
    ],
    ['/there', `other.test:${port}`, undefined, undefined, 'text/csv'],
  )
})

test('the connections of the address that was used least recently are closed, each when no request runs over it', async (t) => {
  const sockets: Socket[] = []
  const held: ServerResponse[] = []
  const keeping = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    if (request.url === '/held') {
      held.push(response)
      response.flushHeaders()
    } else response.end('done')
  })
  keeping.on('connection', (socket) => sockets.push(socket))
  await new Promise<void>((resolve) => keeping.listen(0, '127.0.0.1', resolve))
  t.after(() => void keeping.close().closeAllConnections())
  const { port: here } = keeping.address() as AddressInfo
  const sendThere = httpSender({ address: async (host) => (host === 'first.test' ? '127.0.0.1' : '0.0.0.0') }, 1)
  const request = (at: string) =>
    sendThere({ url: `http://${at}`, method: 'GET', headers: {}, signal: AbortSignal.timeout(60_000) })
  const closed = (socket: Socket | undefined) => {
    assert.ok(socket)
    return socket.destroyed ? undefined : once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
  }

  const running = await request(`first.test:${here}/held`)
  const ended = await request(`first.test:${here}/done`)
  assert.equal(await text(ended.body), 'done')
  const [used, free] = sockets
  await request(`second.test:${here}/done`)
  await closed(free)
  assert.equal(used?.destroyed, false)
  held[0]?.end('whole')
  assert.equal(await text(running.body), 'whole')
  await closed(used)
})
