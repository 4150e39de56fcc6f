import type { FastifyReply, FastifyRequest } from 'fastify'
import { MillraceError } from '#core/errors'
import { JsonReply, RawReply, type Call, type Handler, type IncomingBody, type Operation } from '../module/contract.ts'
import { kernelErrors } from '../problems/errors.ts'
import type { OperationAudit } from '../audit/operations.ts'
import type { InFlight } from './in-flight.ts'
import { check } from '../problems/problems.ts'
import { requestScope } from '../logs/request-scope.ts'
import { DEFAULT_MAX_BODY_BYTES, discardRest, incomingBody } from './body.ts'
import type { BodyBudget } from './body-budget.ts'
import type { Guard } from './guard.ts'
import { isRaw, parseInput } from './input.ts'
import { sendProblem, sendRaw } from './send.ts'
import type { Traffic } from './traffic.ts'
import type { Logger } from '../module/module.ts'

export interface RouteContext {
  readonly guard: Guard
  readonly log: Logger
  readonly traffic: Traffic
  readonly calls: InFlight
  readonly bodies: BodyBudget
  /** Tests and development: an answer that breaks its contract is a fault. */
  readonly checkAnswers: boolean
  readonly audit: OperationAudit
  /** The server has begun to stop: live answers end. */
  readonly stopping: AbortSignal
  /** Its grace is over: every call is aborted. */
  readonly ended: AbortSignal
}

/** Fastify's handler for one operation: who asks, may they, what do they say, do it, answer. */
export function operationRoute(operation: Operation, name: string, handler: () => Handler, context: RouteContext) {
  const takesBody = operation.body !== undefined
  const audit = context.audit.of(operation, name)
  const maxBytes = isRaw(operation.body) ? operation.body.maxBytes : (operation.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES)

  const run = async (request: FastifyRequest, reply: FastifyReply, gone: AbortController): Promise<unknown> => {
    const { signal } = gone
    const handle = handler()
    const { actor, leave } = await context.guard.admit({
      headers: request.headers,
      method: request.method,
      socket: false,
      remoteAddress: request.ip,
      permission: operation.permission,
      onEnded: (reason) => gone.abort(reason),
      onDenied: (denied) => audit?.denied(denied, request.params, request.id),
    })
    if (reply.raw.destroyed) leave()
    else reply.raw.once('close', leave)
    const body: IncomingBody | undefined = takesBody
      ? incomingBody(request.raw, reply.raw, maxBytes, context.bodies)
      : undefined
    const input = await parseInput(operation, {
      params: request.params,
      query: request.query as Record<string, unknown>,
      body,
    }).catch((error: unknown) => {
      audit?.refused(actor, request.params, request.id, error)
      throw error
    })
    const call: Call = {
      params: input.params,
      query: input.query,
      body: input.body as Call['body'],
      actor,
      workspace: actor.workspace,
      requestId: request.id,
      headers: request.headers as Call['headers'],
      signal,
      identified: () => undefined,
      request: request.raw,
    }
    const answer = await requestScope.run({ requestId: request.id, actor }, async () =>
      audit === undefined ? await handle(call) : await audit.run(call, handle),
    )
    if (operation.method === 'GET') throwIfCredentialEnded(signal)
    return answer
  }

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const gone = new AbortController()
    const abort = () => gone.abort(context.ended.reason)
    const started = performance.now()
    context.calls.enter()
    context.ended.addEventListener('abort', abort, { once: true })
    reply.raw.once('close', () => {
      context.calls.leave()
      context.ended.removeEventListener('abort', abort)
      context.traffic.observe(name, reply.raw.statusCode, (performance.now() - started) / 1000)
      if (!reply.raw.writableFinished) gone.abort(new DOMException('The caller went away.', 'AbortError'))
    })
    try {
      const answer = await requestScope.run({ requestId: request.id }, () => run(request, reply, gone))
      if (answer instanceof RawReply)
        return await sendRaw(request, reply, answer, {
          status: operation.status ?? 200,
          log: context.log,
          stopping: context.stopping,
          gone: gone.signal,
        })
      return sendJson(reply, answer, { operation, name, checkAnswers: context.checkAnswers })
    } catch (error) {
      if (reply.raw.destroyed) return reply.hijack()
      const reason = context.ended.aborted ? kernelErrors.stopping({}) : (credentialEnd(gone.signal) ?? error)
      return sendProblem(request, reply, reason, context.log)
    } finally {
      discardRest(request.raw)
    }
  }
}

/** Why the call was aborted, when its credential ended. */
function credentialEnd(signal: AbortSignal): MillraceError | undefined {
  return signal.aborted && signal.reason instanceof MillraceError ? signal.reason : undefined
}

/** What was read meanwhile is not for the caller any more. What was done is confirmed: the call may itself have ended the credential. */
function throwIfCredentialEnded(signal: AbortSignal): void {
  const reason = credentialEnd(signal)
  if (reason) throw reason
}

function sendJson(
  reply: FastifyReply,
  answer: unknown,
  { operation, name, checkAnswers }: { operation: Operation; name: string; checkAnswers: boolean },
): FastifyReply {
  const value = answer instanceof JsonReply ? answer.value : answer
  if (checkAnswers && !isRaw(operation.answer) && !(answer instanceof JsonReply && answer.status >= 400)) {
    const { problems } = check(operation.answer as Exclude<Operation['answer'], { raw: true }>, value)
    if (problems.length > 0)
      throw new Error(`The answer of "${name}" breaks its contract: ${JSON.stringify(problems.slice(0, 5))}`)
  }
  const status = answer instanceof JsonReply ? answer.status : (operation.status ?? (value === undefined ? 204 : 200))
  if (answer instanceof JsonReply) reply.headers(answer.headers)
  reply.code(status)
  if (value === undefined) return reply.send()
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(value))
}
