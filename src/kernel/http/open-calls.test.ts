import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { after, test } from 'node:test'
import { z } from 'zod'
import type { Actor } from '#core/actor'
import { defineContract, operation, RawReply } from '../module/contract.ts'
import { defineModule } from '../module/module.ts'
import { door, doorModule, openHouse } from '../module/test-house.ts'
import { guard } from './guard.ts'

const opened = new Map<string, PromiseWithResolvers<AbortSignal>>()
/** Resolves with the signal of the call once the handler has it. */
const whenOpen = (name: string): PromiseWithResolvers<AbortSignal> => {
  const entry = opened.get(name) ?? Promise.withResolvers<AbortSignal>()
  opened.set(name, entry)
  return entry
}
const permission = 'tap.use'
const text = { raw: true, contentTypes: ['text/plain', 'text/event-stream'] } as const
const tap = defineModule({
  name: 'tap',
  about: 'Calls that last.',
  needs: {},
  permissions: { [permission]: 'Use it.' },
  sockets: { hold: { path: '/ws/hold', permission, summary: 'Stays open.' } },
  contract: defineContract('tap', {
    wait: operation({ method: 'GET', path: '/wait', permission, summary: 'Waits.', answer: z.string() }),
    read: operation({ method: 'GET', path: '/read', permission, summary: 'Waits for rows.', answer: z.string() }),
    live: operation({ method: 'GET', path: '/live', permission, summary: 'Does not end.', answer: text }),
    download: operation({ method: 'GET', path: '/download', permission, summary: 'Does not end.', answer: text }),
    leave: operation({
      method: 'POST',
      effect: 'read',
      path: '/leave',
      permission,
      summary: 'Ends its own.',
      answer: z.string(),
    }),
  }),
  async start() {
    const flow = (name: string, type: string, signal: AbortSignal): RawReply => {
      const body = new PassThrough()
      body.write('first\n')
      whenOpen(name).resolve(signal)
      return new RawReply(type, body)
    }
    return {
      face: {},
      handlers: {
        wait: async ({ signal }) => {
          whenOpen('wait').resolve(signal)
          await once(signal, 'abort')
          throw signal.reason
        },
        read: async ({ signal }) => {
          whenOpen('read').resolve(signal)
          await once(signal, 'abort')
          return 'rows'
        },
        live: ({ signal }) => flow('live', 'text/event-stream', signal),
        download: ({ signal }) => flow('download', 'text/plain', signal),
        leave: () => {
          house.face(door).end(['all'])
          return 'left'
        },
      },
      sockets: {
        hold: ({ socket, signal }) => {
          socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
          signal.addEventListener('abort', () => socket.write('bye'))
          whenOpen('hold').resolve(signal)
        },
      },
    }
  },
})

const house = await openHouse({ modules: [tap, doorModule] })
after(() => house.stop(0))
const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(house.url + path, { ...init, headers: { authorization: 'Bearer all' } })

async function openSocket(): Promise<{ socket: Socket; text: () => string; closed: Promise<unknown> }> {
  const socket = connect(house.address.port, house.address.host)
  let seen = ''
  socket.on('data', (chunk) => (seen += String(chunk))).on('error', () => {})
  socket.write(
    'GET /ws/hold HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: bearer, all\r\n\r\n',
  )
  const closed = once(socket, 'close')
  await whenOpen('hold').promise
  return { socket, text: () => seen, closed }
}

test('when a credential ends, its sockets are cut though the client does not answer, and its calls and answers end', async () => {
  const { text: seen, closed } = await openSocket()
  const waiting = ask('/wait')
  const reading = ask('/read')
  const live = await ask('/live')
  const download = await ask('/download')
  for (const name of ['wait', 'read', 'live', 'download']) await whenOpen(name).promise
  house.face(door).end(['somebody else'])
  assert.equal((await whenOpen('wait').promise).aborted, false)
  house.face(door).end(['all'])
  await closed
  assert.match(seen(), /bye$/)
  for (const answer of [await waiting, await reading]) {
    const { code } = (await answer.json()) as { code: string }
    assert.deepEqual([answer.status, code], [401, 'kernel.credentialEnded'])
  }
  await live.text().catch(() => '')
  await assert.rejects(download.text(), 'half an answer does not look like a whole one')
})

test('a call that ends its own credential is answered', async () => {
  const answer = await ask('/leave', { method: 'POST' })
  assert.deepEqual([answer.status, await answer.json()], [200, 'left'])
})

test('a credential that ends while it is checked does not get in', async () => {
  const checking = Promise.withResolvers<Actor>()
  let end = (_: readonly string[]): void => {}
  const { admit } = guard(
    () => ({ authenticate: () => checking.promise, onEnded: (listener) => void (end = listener) }),
    new Map(),
  )
  const asked = { headers: {}, method: 'GET', socket: true, remoteAddress: '', permission }
  const [first, second] = [admit(asked), admit({ ...asked, onEnded: () => assert.fail() })]
  end(['t'])
  checking.resolve({ kind: 'token', id: 't', name: 't', workspace: 'w', permissions: 'all' })
  await assert.rejects(first, { code: 'kernel.credentialEnded' })
  await assert.rejects(second, { code: 'kernel.credentialEnded' })
  assert.equal((await admit(asked)).actor.id, 't')
})
