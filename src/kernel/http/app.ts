import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { kernelErrors } from '../problems/errors.ts'
import type { Logger } from '../module/module.ts'
import { discardRest } from './body.ts'
import { pathPattern } from './path.ts'
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
    http: { headersTimeout: 15_000, maxHeaderSize: 32 * 1024, highWaterMark: 64 * 1024 },
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
    clientErrorHandler(error, socket) {
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
      const timedOut = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      const [status, title, detail] = timedOut
        ? ['408 Request Timeout', 'Request timeout', 'The request did not come completely in time.']
        : error.code === 'HPE_HEADER_OVERFLOW'
          ? ['431 Request Header Fields Too Large', 'Headers too large', 'The headers of this request are too large.']
          : ['400 Bad Request', 'Malformed request', 'This is not a valid HTTP request.']
      const body = JSON.stringify({
        type: 'urn:millrace:error:kernel.malformedRequest',
        title,
        status: Number(status?.slice(0, 3)),
        code: timedOut ? 'kernel.requestTimeout' : 'kernel.malformedRequest',
        detail,
        problems: [],
        requestId: randomUUID(),
      })
      socket.end(
        `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/problem+json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
    },
  })
  app.server.maxConnections = 20_000
  // The body's reader says "100 Continue" when it begins to read, so a refusal comes before the body does.
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
    app.server.emit('request', request, response),
  )

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(guardHeaders).header('x-request-id', request.id)
    done()
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
  const path = request.url.split('?', 1)[0] ?? '/'
  const allowed = new Set<string>()
  for (const { methods, pattern } of routesOf(app))
    if (pattern.test(path)) for (const method of methods) allowed.add(method)
  if (allowed.size === 0)
    return sendProblem(request, reply, kernelErrors.unknownPath({ method: request.method, path }), log)
  const list = [...allowed].toSorted().join(', ')
  reply.header('allow', list)
  if (request.method === 'OPTIONS') return reply.code(204).send()
  return sendProblem(request, reply, kernelErrors.wrongMethod({ method: request.method, path, allowed: list }), log)
}

interface KnownRoute {
  readonly methods: readonly string[]
  readonly pattern: RegExp
}
const known = new WeakMap<FastifyInstance, KnownRoute[]>()

function routesOf(app: FastifyInstance): readonly KnownRoute[] {
  return known.get(app) ?? []
}

/** Remembers a route for `Allow`; Fastify tells routes by pattern only, not by address. */
export function rememberRoute(app: FastifyInstance, methods: readonly string[], path: string): void {
  const routes = known.get(app) ?? []
  routes.push({ methods, pattern: pathPattern(path).expression })
  known.set(app, routes)
}
