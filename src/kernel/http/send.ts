import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RawReply } from '../module/contract.ts'
import type { Logger } from '../module/module.ts'
import { explain, problemAnswer, problemHeaders } from './problem.ts'

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: unknown, log: Logger): FastifyReply {
  const answer = problemAnswer(error, request.id)
  const line = { requestId: request.id, method: request.method, path: request.url.split('?', 1)[0], code: answer.code }
  if (!explain(error)) log.error({ ...line, err: error }, 'a request failed unexpectedly')
  else if (answer.status >= 500) log.warn({ ...line, err: error }, 'a request could not be served')
  else log.debug(line, 'a request was refused')
  return reply.code(answer.status).headers(problemHeaders(answer.status)).send(JSON.stringify(answer))
}

/** Streams the answer itself: a fault before the first byte is still a problem, one after it cuts the connection. */
export async function sendRaw(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: RawReply,
  { status, log, stopping, gone }: { status: number; log: Logger; stopping: AbortSignal; gone: AbortSignal },
): Promise<FastifyReply> {
  const { body } = answer
  reply.code(status).headers(answer.headers).header('content-type', answer.contentType)
  if (typeof body === 'string' || body instanceof Uint8Array) return reply.send(body)

  if (request.method === 'HEAD') {
    body.destroy()
    return reply.send()
  }
  reply.raw.once('close', () => body.destroy())
  const live = answer.contentType.startsWith('text/event-stream')
  if (!live) await firstByte(body)
  if (gone.aborted) {
    body.destroy()
    throw gone.reason
  }
  gone.addEventListener('abort', () => cut(body, reply.raw), { once: true })
  reply.hijack()
  reply.raw.writeHead(status, reply.getHeaders() as Record<string, string>)
  if (live) {
    follow(body, reply.raw, stopping)
    return reply
  }
  pipeline(body, reply.raw).catch((error: Error & { code?: string }) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.name !== 'AbortError')
      log.warn({ requestId: request.id, err: error }, 'an answer broke off')
  })
  return reply
}

/** What is under way to the caller may still arrive; nothing else does. */
function cut(body: Readable, response: ServerResponse): void {
  body.destroy()
  setImmediate(() => response.destroy())
}

/** Rejects when the stream fails before it has anything to say. */
async function firstByte(body: Readable): Promise<void> {
  if (body.readableEnded || body.readableLength > 0) return
  const finished = new AbortController()
  try {
    await Promise.race(['readable', 'end', 'close'].map((event) => once(body, event, { signal: finished.signal })))
  } finally {
    finished.abort()
  }
}

/** A live answer has no end of its own: it ends properly when the server stops, and is cut when its source fails. */
function follow(body: Readable, response: ServerResponse, stopping: AbortSignal): void {
  const end = () => body.destroy()
  response.flushHeaders()
  stopping.addEventListener('abort', end, { once: true })
  body.once('error', () => response.destroy())
  body.once('close', () => {
    stopping.removeEventListener('abort', end)
    response.end()
  })
  body.pipe(response)
}
