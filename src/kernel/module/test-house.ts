/** A tiny application for the kernel's own tests: one module with everything a module can bring. */
import { PassThrough, Readable } from 'node:stream'
import { z } from 'zod'
import type { Actor } from '#core/actor'
import { defineErrors } from '#core/errors'
import type { Authenticator } from './authentication.ts'
import { boot, type BootOptions, type RootLogger, type Running } from './boot.ts'
import { defineContract, JsonReply, operation, RawReply } from './contract.ts'
import { defineModule, face, type KernelPorts } from './module.ts'
import { kernelErrors } from '../problems/errors.ts'

export interface Door extends Authenticator {
  readonly opened: true
  /** As if the credentials of these actors were revoked. */
  end(actorIds: readonly string[]): void
}
export const door = face<Door>('door')

export const doorModule = defineModule({
  name: 'door',
  about: 'Knows who asks.',
  needs: {},
  permissions: {},
  contract: defineContract('door', {}),
  start: async () => {
    const listeners: ((actorIds: readonly string[]) => void)[] = []
    const face: Door = {
      opened: true,
      onEnded: (listener) => void listeners.push(listener),
      end: (actorIds) => listeners.forEach((listener) => listener(actorIds)),
      authenticate: async ({ headers, socket }) =>
        actorOf(socket ? headers['sec-websocket-protocol'] : headers.authorization),
    }
    return { face, handlers: {} }
  },
})

function actorOf(credential: string | undefined): Actor | undefined {
  const token = credential?.replace(/^Bearer |^bearer, ?/, '')
  if (token === undefined) return undefined
  if (token !== 'all' && token !== 'reader') throw kernelErrors.unauthenticated({})
  return {
    kind: 'token',
    id: token,
    name: token,
    workspace: 'default',
    permissions: token === 'all' ? 'all' : new Set(['shelf.read']),
  }
}

export const shelfErrors = defineErrors('shelf', {
  unknown: {
    kind: 'not_found',
    title: 'Book not found',
    says: (p: { name: string }) => `There is no book "${p.name}".`,
    remedy: 'List the books.',
  },
})

const Book = z.strictObject({
  name: z.string().min(1),
  pages: z.int().positive(),
  kind: z.enum(['novel', 'poem']).optional(),
  tags: z.array(z.strictObject({ label: z.string() })).optional(),
})

export const shelfContract = defineContract('shelf', {
  list: operation({
    method: 'GET',
    path: '/api/v1/books',
    permission: 'shelf.read',
    summary: 'All books.',
    query: z.object({ limit: z.coerce.number().int().max(10).default(5), kind: z.string().optional() }),
    answer: z.object({ items: z.array(Book), next: z.string().nullable() }),
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/books/{name}',
    aliases: ['/books/{name}'],
    permission: 'shelf.read',
    summary: 'One book.',
    params: z.object({ name: z.string() }),
    answer: Book,
  }),
  add: operation({
    method: 'POST',
    path: '/api/v1/books',
    permission: 'shelf.write',
    summary: 'Add a book.',
    effect: 'write',
    subject: ({ body }) => ({ kind: 'book', id: body.name }),
    body: Book,
    answer: Book,
    status: 201,
    maxBodyBytes: 1_000_000,
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/v1/books/{name}',
    permission: 'shelf.write',
    summary: 'Take a book away.',
    effect: 'write',
    subject: ({ params }) => ({ kind: 'book', id: params.name }),
    changes: 'get',
    params: z.object({ name: z.string() }),
    answer: z.void(),
  }),
  pour: operation({
    method: 'POST',
    path: '/api/v1/pour',
    permission: 'shelf.write',
    summary: 'Count bytes.',
    effect: 'read',
    command: false,
    body: { raw: true, contentTypes: ['application/octet-stream'], maxBytes: 2_000_000 },
    answer: z.object({ bytes: z.number() }),
    status: 202,
  }),
  read: operation({
    method: 'GET',
    path: '/api/v1/read',
    permission: 'public',
    summary: 'A stream.',
    command: false,
    query: z.object({ how: z.enum(['whole', 'broken-early', 'broken-late', 'live', 'bug', 'wrong', 'slow']) }),
    answer: { raw: true, contentTypes: ['text/plain', 'text/event-stream'] },
  }),
})

export interface Seen {
  aborted: number
  stopped: string[]
}

export function shelfModule(seen: Seen) {
  return defineModule({
    name: 'shelf',
    about: 'Books on a shelf.',
    needs: { door },
    permissions: { 'shelf.read': 'Read books.', 'shelf.write': 'Change the shelf.' },
    contract: shelfContract,
    sockets: { echo: { path: '/ws/echo/{name}', permission: 'shelf.write', summary: 'Says the name.' } },
    config: z.object({ SHELF_SIZE: z.coerce.number().int().positive().default(3) }),
    async start({ config }) {
      return {
        face: { size: config.SHELF_SIZE },
        handlers: {
          list: ({ query }) => ({ items: [{ name: `limit ${query.limit}`, pages: 1 }], next: null }),
          get: ({ params }) => {
            if (params.name === 'none') throw shelfErrors.unknown(params)
            return { name: params.name, pages: 7 }
          },
          add: ({ body }) => (body.name === 'again' ? new JsonReply(body, 200, { 'x-was': 'there' }) : body),
          remove: () => undefined,
          pour: async ({ body, headers }) => {
            if (headers['x-collect'] === '1') return { bytes: (await body.bytes()).length }
            let bytes = 0
            for await (const chunk of body.stream) bytes += (chunk as Buffer).length
            return { bytes }
          },
          read: async ({ query, signal }) => {
            if (query.how === 'bug') throw new Error('secret detail')
            if (query.how === 'wrong') return new JsonReply({ ok: false }, 200)
            if (query.how === 'slow') {
              await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
              seen.aborted++
              throw signal.reason
            }
            if (query.how === 'whole') return new RawReply('text/plain', Readable.from(['one ', 'two']))
            if (query.how === 'live') {
              const live = new PassThrough()
              live.once('close', () => seen.aborted++)
              return new RawReply('text/event-stream', live)
            }
            return new RawReply('text/plain', broken(query.how === 'broken-late'))
          },
        },
        sockets: {
          echo: ({ socket, params, actor }) =>
            socket.end(
              `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${params['name']} ${actor.id}`,
            ),
        },
        ready: async () => ({ ok: true }),
        measurements: () => [
          { name: 'shelf_books', help: 'Books.', type: 'gauge', value: 3, labels: { kind: 'a "poem"' } },
        ],
        stop: async () => void seen.stopped.push('shelf'),
      }
    },
  })
}

function broken(late: boolean): Readable {
  return Readable.from(
    (async function* () {
      if (late) yield 'some bytes'
      if (late) await new Promise((resolve) => setTimeout(resolve, 50))
      throw shelfErrors.unknown({ name: 'the rest' })
    })(),
  )
}

export const quiet: RootLogger = { child: () => quiet, debug() {}, info() {}, warn() {}, error() {} }

const answering = async () => ({ rows: [], affected: 0 })

/** KernelPorts that answer just enough to be asked whether they live. */
export const hollowPorts = {
  metadata: { system: { query: answering }, script: async () => undefined },
  warehouse: { ping: async () => undefined },
  clock: {
    now: () => Date.now(),
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
  },
} as unknown as KernelPorts

export async function openHouse(more: Partial<BootOptions> = {}): Promise<Running & { seen: Seen }> {
  const seen: Seen = { aborted: 0, stopped: [] }
  const running = await boot({
    modules: [shelfModule(seen), doorModule],
    openPorts: async () => hollowPorts,
    environment: {},
    logger: quiet,
    authenticator: door,
    listen: { host: '127.0.0.1', port: 0 },
    version: '0.0.0',
    checkAnswers: true,
    ...more,
  })
  return { ...running, seen }
}
