import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { boot } from '#kernel/boot'
import type { Running } from '#kernel/boot'
import { defineContract, operation } from '#kernel/contract'
import { defineModule } from '#kernel/module'
import type { KernelPorts } from '#kernel/module'
import { identity } from '#modules/identity'
import type { Identity } from '#modules/identity'
import { memoryBus } from '#adapters/bus-memory'
import { systemClock } from '#adapters/clock-system'
import { pgliteMetadata } from '#adapters/pglite'
import { callAt } from '#tests/house/call'
import identityModule from './module.ts'

const shelf = defineModule({
  name: 'shelf',
  about: 'Something to guard.',
  needs: {},
  permissions: { 'shelf.read': 'Read.', 'shelf.write': 'Write.' },
  contract: defineContract('shelf', {
    read: operation({
      method: 'GET',
      path: '/shelf',
      permission: 'shelf.read',
      summary: 'Read.',
      answer: z.object({ workspace: z.string() }),
    }),
    write: operation({
      method: 'POST',
      effect: 'read',
      path: '/shelf',
      permission: 'shelf.write',
      summary: 'Write.',
      answer: z.object({ workspace: z.string() }),
    }),
  }),
  sockets: { watch: { path: '/ws/shelf', permission: 'shelf.read', summary: 'Watch.' } },
  start: async () => ({
    face: {},
    handlers: { read: ({ workspace }) => ({ workspace }), write: ({ workspace }) => ({ workspace }) },
    sockets: {
      watch: ({ socket, workspace }) =>
        void socket.end(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nx-workspace: ${workspace}\r\n\r\n`,
        ),
    },
  }),
})

const quiet = { child: () => quiet, debug() {}, info() {}, warn() {}, error() {} }
const home = await mkdtemp(join(tmpdir(), 'millrace-identity-'))
const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
let running: Running
let face: Identity
const admin = 'an-admin-token-of-the-operator'
before(async () => {
  const ports = {
    metadata,
    bus: memoryBus(),
    clock: systemClock(),
    warehouse: { ping: async () => undefined },
  } as unknown as KernelPorts
  running = await boot({
    modules: [identityModule, shelf],
    openPorts: async () => ports,
    environment: {},
    logger: quiet,
    authenticator: identity,
    listen: { host: '127.0.0.1', port: 0 },
    version: '0.0.0',
    checkAnswers: true,
  })
  face = running.face(identity)
  await face.setAdminToken(admin)
  await face.ensureWorkspace({ id: 'demo', title: 'Demo', demo: true })
})
after(async () => {
  await (running as Running | undefined)?.stop()
  await metadata.close()
  await rm(home, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly body: any // `any`: answers of many shapes, looked into by the tests
  readonly cookie: string | undefined
  readonly headers: Headers
}

async function ask(
  method: string,
  path: string,
  {
    token,
    cookie,
    csrf,
    body,
    headers = {},
  }: {
    token?: string
    cookie?: string | undefined
    csrf?: string | undefined
    body?: unknown
    headers?: Record<string, string>
  } = {},
): Promise<Answer> {
  const {
    status,
    body: answer,
    headers: answered,
  } = await callAt(running.url + path, {
    method,
    body: body as object | undefined,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(cookie === undefined ? {} : { cookie }),
      ...(csrf === undefined ? {} : { 'x-millrace-csrf': csrf }),
      ...headers,
    },
  })
  return { status, body: answer, cookie: answered.get('set-cookie')?.split(';')[0], headers: answered }
}

async function signIn(): Promise<{ cookie: string; csrf: string }> {
  const link = await face.loginLink('default')
  const answer = await ask('POST', '/api/v1/session', {
    body: { code: new URL(link, running.url).searchParams.get('code') },
  })
  assert.equal(answer.status, 201)
  return { cookie: answer.cookie ?? '', csrf: answer.body.csrf }
}

test('the admin token works, a wrong one does not, and none is asked for one', async () => {
  assert.deepEqual((await ask('GET', '/shelf', { token: admin })).body, { workspace: 'default' })
  assert.deepEqual(
    [(await ask('GET', '/shelf', { token: 'mr_wrong' })).status, (await ask('GET', '/shelf')).status],
    [401, 401],
  )
  assert.equal((await ask('GET', '/shelf', { headers: { authorization: 'Basic YTpi' } })).status, 401)
})

test('a token is shown once, kept as a digest, listed without its value and refused once revoked', async () => {
  const made = await ask('POST', '/api/v1/tokens', {
    token: admin,
    body: { name: 'reader', permissions: ['shelf.read'] },
  })
  assert.equal(made.status, 201)
  const { token, id } = made.body
  assert.equal((await ask('GET', '/shelf', { token })).status, 200)
  const forbidden = await ask('POST', '/shelf', { token })
  assert.deepEqual([forbidden.status, forbidden.body.code], [403, 'kernel.forbidden'])
  const list = await ask('GET', '/api/v1/tokens', { token: admin })
  assert.ok(list.body.items.some((item: { id: string }) => item.id === id))
  assert.ok(!JSON.stringify(list.body).includes(token))
  const { rows } = await metadata.system.query('select * from identity.token')
  assert.ok(!JSON.stringify(rows).includes(token))
  assert.equal((await ask('DELETE', `/api/v1/tokens/${id}`, { token: admin })).status, 204)
  assert.equal((await ask('GET', '/shelf', { token })).status, 401)
  assert.equal((await ask('DELETE', `/api/v1/tokens/${id}`, { token: admin })).status, 404)
})

test('names of tokens are unique, and nobody gives away more than they hold', async () => {
  const body = { name: 'maker', permissions: ['tokens.write', 'shelf.read'] }
  const maker = await ask('POST', '/api/v1/tokens', { token: admin, body })
  assert.equal((await ask('POST', '/api/v1/tokens', { token: admin, body })).status, 409)
  const { token } = maker.body
  assert.equal(
    (await ask('POST', '/api/v1/tokens', { token, body: { name: 'less', permissions: ['shelf.read'] } })).status,
    201,
  )
  for (const permissions of ['all', ['shelf.write']]) {
    const refused = await ask('POST', '/api/v1/tokens', { token, body: { name: 'more', permissions } })
    assert.deepEqual([refused.status, refused.body.code], [403, 'identity.tooMuch'])
  }
  const misspelt = await ask('POST', '/api/v1/tokens', {
    token: admin,
    body: { name: 'misspelt', permissions: ['shelf.read', 'shelf.raed'] },
  })
  assert.deepEqual([misspelt.status, misspelt.body.code], [422, 'identity.unknownPermission'])
  assert.deepEqual(
    [misspelt.body.problems[0].at, misspelt.body.problems[0].suggestion],
    ['permissions[1]', 'shelf.read'],
  )
})

test('a list of tokens comes in pages', async () => {
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page = await ask('GET', `/api/v1/tokens?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`, {
      token: admin,
    })
    seen.push(...page.body.items.map((item: { name: string }) => item.name))
    cursor = page.body.next
  } while (cursor !== null)
  assert.deepEqual(seen, seen.toSorted())
  assert.equal(new Set(seen).size, seen.length)
})

test('tokens of another workspace are neither seen nor revoked', async () => {
  const { id, token } = await face.createToken('demo', { name: 'other', permissions: 'all' })
  assert.deepEqual((await ask('GET', '/shelf', { token })).body, { workspace: 'demo' })
  assert.ok(!JSON.stringify((await ask('GET', '/api/v1/tokens', { token: admin })).body).includes(id))
  assert.equal((await ask('DELETE', `/api/v1/tokens/${id}`, { token: admin })).status, 404)
  assert.equal((await ask('GET', '/shelf', { token })).status, 200)
})

test('another admin token takes the place of the earlier one, and the one there is cannot be revoked', async () => {
  await face.setAdminToken('another-admin-token')
  assert.equal((await ask('GET', '/shelf', { token: admin })).status, 401)
  assert.equal((await ask('GET', '/shelf', { token: 'another-admin-token' })).status, 200)
  await face.setAdminToken(admin)
  assert.equal((await ask('DELETE', '/api/v1/tokens/admin', { token: admin })).status, 409)
})

test('a sign-in link works once and sets a cookie that scripts cannot read', async () => {
  const link = await face.loginLink('default')
  assert.match(link, /^\/app\/sign-in\?code=/)
  const body = { code: new URL(link, running.url).searchParams.get('code') }
  const answer = await ask('POST', '/api/v1/session', { body })
  assert.equal(answer.status, 201)
  assert.match(answer.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Lax/)
  const again = await ask('POST', '/api/v1/session', { body })
  assert.deepEqual([again.status, again.body.code, again.cookie], [401, 'identity.wrongCode', undefined])
})

test('signing in takes up no session that somebody put into the browser, and over TLS the cookie stays there', async () => {
  const name = (await signIn()).cookie.split('=')[0] ?? ''
  const code = new URL(await face.loginLink('default'), running.url).searchParams.get('code')
  const planted = `${name}=ms_planted`
  const answer = await ask('POST', '/api/v1/session', {
    cookie: planted,
    body: { code },
    headers: { 'x-forwarded-proto': 'https' },
  })
  assert.equal(answer.status, 201)
  assert.notEqual(answer.cookie, planted)
  assert.match(answer.headers.get('set-cookie') ?? '', /; Secure$/)
  assert.equal((await ask('GET', '/shelf', { cookie: planted })).status, 401)
})

test('a link older than a quarter of an hour is refused', async () => {
  const link = await face.loginLink('default')
  await metadata.system.query(`update identity.login_code set expires_at = now() - interval '1 second'`)
  assert.equal(
    (await ask('POST', '/api/v1/session', { body: { code: new URL(link, running.url).searchParams.get('code') } }))
      .status,
    401,
  )
})

test('a session says who is there and where they may go, and goes there', async () => {
  const { cookie, csrf } = await signIn()
  const me = await ask('GET', '/api/v1/session', { cookie })
  assert.deepEqual(
    me.body.workspaces.map((workspace: { id: string }) => workspace.id),
    ['default', 'demo'],
  )
  assert.equal(me.body.csrf, csrf)
  const moved = await ask('POST', '/api/v1/session/workspace', { cookie, csrf, body: { workspace: 'demo' } })
  assert.deepEqual([moved.status, moved.body.workspace.id], [200, 'demo'])
  assert.deepEqual((await ask('GET', '/shelf', { cookie })).body, { workspace: 'demo' })
  assert.equal(
    (await ask('POST', '/api/v1/session/workspace', { cookie, csrf, body: { workspace: 'nowhere' } })).status,
    404,
  )
  assert.equal(
    (await ask('POST', '/api/v1/session/workspace', { token: admin, body: { workspace: 'demo' } })).status,
    409,
  )
})

test('without a credential the session asks for one', async () => {
  assert.equal((await ask('GET', '/api/v1/session')).status, 401)
  assert.equal((await ask('GET', '/api/v1/session', { token: admin })).body.workspace.id, 'default')
})

test('changes with the cookie need the guard and our own page', async () => {
  const { cookie, csrf } = await signIn()
  assert.equal((await ask('GET', '/shelf', { cookie })).status, 200)
  assert.equal((await raw('GET', '/shelf', { cookie, 'sec-fetch-site': 'same-site' })).status, 403)
  const bare = await ask('POST', '/shelf', { cookie })
  assert.deepEqual([bare.status, bare.body.code], [403, 'identity.noGuard'])
  assert.equal((await ask('POST', '/shelf', { cookie, csrf: 'x' })).status, 403)
  assert.equal((await ask('POST', '/shelf', { cookie, csrf })).status, 200)
  assert.equal(
    (await raw('POST', '/shelf', { cookie, 'x-millrace-csrf': csrf, origin: 'https://evil.example' })).status,
    403,
  )
  assert.equal(
    (await raw('POST', '/shelf', { cookie, 'x-millrace-csrf': csrf, 'sec-fetch-site': 'cross-site' })).status,
    403,
  )
  assert.equal(
    (
      await raw('POST', '/shelf', {
        cookie,
        'x-millrace-csrf': csrf,
        origin: running.url,
        'sec-fetch-site': 'same-origin',
      })
    ).status,
    200,
  )
})

test('another page cannot sign a browser in', async () => {
  assert.equal(
    (await raw('POST', '/api/v1/session', { origin: 'https://evil.example', 'content-type': 'application/json' }))
      .status >= 400,
    true,
  )
})

test('signing out ends the session', async () => {
  const { cookie, csrf } = await signIn()
  assert.equal((await ask('DELETE', '/api/v1/session', { cookie, csrf })).status, 204)
  assert.equal((await ask('GET', '/shelf', { cookie })).status, 401)
})

test('a session of a token has its rights and ends with it', async () => {
  const made = await ask('POST', '/api/v1/tokens', {
    token: admin,
    body: { name: 'page', permissions: ['shelf.read'] },
  })
  const signedIn = await ask('POST', '/api/v1/session', { body: { token: made.body.token } })
  assert.deepEqual(
    [signedIn.status, signedIn.body.permissions, signedIn.body.workspaces.length],
    [201, ['shelf.read'], 1],
  )
  const { cookie } = signedIn
  assert.equal((await ask('GET', '/shelf', { cookie })).status, 200)
  await ask('DELETE', `/api/v1/tokens/${made.body.id}`, { token: admin })
  assert.equal((await ask('GET', '/shelf', { cookie })).status, 401)
})

test('a socket takes the token as a subprotocol, or the cookie from our own page only', async () => {
  const { cookie } = await signIn()
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' }
  assert.equal(
    (await raw('GET', '/ws/shelf', { ...upgrade, 'sec-websocket-protocol': `bearer, ${admin}` })).status,
    101,
  )
  assert.equal((await raw('GET', '/ws/shelf', { ...upgrade, 'sec-websocket-protocol': 'bearer, wrong' })).status, 401)
  assert.equal((await raw('GET', '/ws/shelf', { ...upgrade, cookie, origin: running.url })).status, 101)
  assert.equal((await raw('GET', '/ws/shelf', { ...upgrade, cookie })).status, 101, 'a program names no page')
  assert.equal((await raw('GET', '/ws/shelf', { ...upgrade, cookie, origin: 'null' })).status, 403)
  assert.equal((await raw('GET', '/ws/shelf', { ...upgrade, cookie, origin: 'http://evil.example' })).status, 403)
})

test('the admin token makes sign-in links for any workspace, another token does not', async () => {
  const made = await ask('POST', '/api/v1/session/link', { token: admin, body: { workspace: 'demo' } })
  assert.equal(made.status, 201)
  const code = new URL(made.body.path as string, running.url).searchParams.get('code')
  const signedIn = await ask('POST', '/api/v1/session', { body: { code } })
  assert.deepEqual([signedIn.status, signedIn.body.workspace.id], [201, 'demo'])
  const { token } = await face.createToken('default', { name: 'all but admin', permissions: 'all' })
  assert.equal((await ask('POST', '/api/v1/session/link', { token, body: {} })).body.code, 'identity.adminOnly')
  assert.equal(
    (await ask('POST', '/api/v1/session/link', { token: admin, body: { workspace: 'nowhere' } })).body.code,
    'identity.unknownWorkspace',
  )
})

test('whoever guesses on and on is told to wait, and the right token works meanwhile', async () => {
  await ask('GET', '/shelf', { token: admin })
  const statuses = new Set<number>()
  for (let n = 0; n < 400; n += 20) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, k) => await ask('GET', '/shelf', { token: `mr_guess${n + k}` })),
    )
    for (const { status } of answers) statuses.add(status)
  }
  assert.deepEqual([...statuses].toSorted(), [401, 429])
  assert.equal((await ask('GET', '/shelf', { token: admin })).status, 200)
})

/** What `fetch` forbids to say. */
async function raw(method: string, path: string, headers: Record<string, string>): Promise<{ status: number }> {
  return await new Promise((resolve, reject) => {
    const request = httpRequest(running.url + path, { method, headers }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0 })
    })
    request.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0 })
    })
    request.on('error', reject)
    request.end()
  })
}
