import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { kernelErrors } from '../problems/errors.ts'
import type { Logger } from '../module/module.ts'
import { discardRest } from './body.ts'
import { noRoute, takesOnlyOtherMethods } from './known-routes.ts'
import { endWithProblem } from './plain-answer.ts'
import { sendProblem } from './send.ts'

const sane = /^[\w.:-]{1,100}$/

/** Fastify as we use it: bodies are left alone, every refusal is a problem, and nobody may dawdle. */
export function httpApp(log: Logger): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    requestTimeout: 300_000,
    keepAliveTimeout: 72_000,
    http: {
      headersTimeout: 15_000,
      maxHeaderSize: 32 * 1024,
      highWaterMark: 64 * 1024,
      // Any other upgrade (`h2c`) may be ignored: the request is answered as HTTP/1.1.
      shouldUpgradeCallback: ({ method, headers }) =>
        method === 'GET' && /(^|,)\s*websocket\s*(,|$)/i.test(headers.upgrade ?? ''),
    },
    routerOptions: {
      maxParamLength: 500,
      ignoreTrailingSlash: true,
      querystringParser: (text) => parseQuery(text),
    },
    genReqId: (request: { headers: IncomingMessage['headers'] }) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && sane.test(given) ? given : randomUUID()
    },
    frameworkErrors: (error, request, reply) => sendProblem(request, reply, fastifyProblem(error), log),
    clientErrorHandler: (error, socket) => answerBrokenRequest(app, error, socket),
  })
  app.server.maxConnections = 20_000
  // The body's reader says "100 Continue" when it begins to read, so a refusal comes before the body does.
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
    app.server.emit('request', request, response),
  )

  app.server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    const { error, allow } = noRoute(app, { method: 'CONNECT', path: pathOf(request.url ?? '/') })
    endWithProblem(socket, error, allow === undefined ? {} : { headers: { allow } })
  })

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(guardHeaders).header('x-request-id', request.id)
    // Before Fastify looks at the body of methods that no route takes.
    const asked = { method: request.method, path: pathOf(request.url) }
    if (request.is404 || takesOnlyOtherMethods(app, asked)) nothingHere(app, request, reply, log)
    else done()
  })
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, fastifyProblem(error), log))
  app.setNotFoundHandler((request, reply) => {
    discardRest(request.raw)
    return nothingHere(app, request, reply, log)
  })
  return app
}

export const pagePolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ')

const guardHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
}

/** Given twice, a parameter is a list. */
function parseQuery(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const before = query[name]
    query[name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value]
  }
  return query
}

function fastifyProblem(error: unknown): unknown {
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string }
  const ours = code?.startsWith('FST_') && statusCode !== undefined && statusCode < 500
  return ours ? kernelErrors.malformedRequest({ reason: message?.endsWith('.') ? message : `${message}.` }) : error
}

function nothingHere(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, log: Logger): FastifyReply {
  const { error, allow } = noRoute(app, { method: request.method, path: pathOf(request.url) })
  if (allow !== undefined) reply.header('allow', allow)
  if (allow !== undefined && request.method === 'OPTIONS') return reply.code(204).send()
  return sendProblem(request, reply, error, log)
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '/'
}

interface BrokenRequest {
  readonly code?: string
  readonly rawPacket?: unknown
}

/** What Node's parser refuses. It knows a list of methods; any other one is a method that the path does not take. */
function answerBrokenRequest(app: FastifyInstance, error: BrokenRequest, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [, method, url] = /^([A-Za-z][\w-]{0,30}) ([^ \r\n]{1,8000}) HTTP\/1\.[01]\r?\n/.exec(firstBytesOf(error)) ?? []
  if (error.code === 'HPE_INVALID_METHOD' && method !== undefined && url !== undefined) {
    const refusal = noRoute(app, { method, path: pathOf(url) })
    const headers = refusal.allow === undefined ? {} : { allow: refusal.allow }
    return endWithProblem(socket, refusal.error, { headers })
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return endWithProblem(socket, kernelErrors.requestTimeout({}))
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW'
  const reason = tooLarge ? 'The headers of this request are too large.' : 'This is not a valid HTTP request.'
  endWithProblem(socket, kernelErrors.malformedRequest({ reason }), tooLarge ? { status: 431 } : {})
}

function firstBytesOf({ rawPacket }: BrokenRequest): string {
  return rawPacket instanceof Uint8Array ? Buffer.from(rawPacket.subarray(0, 9_000)).toString('latin1') : ''
}
