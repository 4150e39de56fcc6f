/** Puts every operation that writes into the audit trail, whoever wrote the module. */
import type { Actor } from '#core/actor'
import type { ObjectRef } from '#core/object-ref'
import { isMillraceError } from '#core/errors'
import { clippedText } from '#core/storable-text'
import { explain } from '../http/problem.ts'
import { JsonReply, RawReply, type Call, type Handler, type Operation } from '../module/contract.ts'
import type { Attempt, AuditRecords, Ending, Outcome } from './trail.ts'
import type { AuditSums } from './sums.ts'

export interface OperationAudit {
  /** Nothing for operations that only read. */
  of(operation: Operation, name: string): AuditedOperation | undefined
}

export interface AuditedOperation {
  run(call: Call, handle: Handler): Promise<unknown>
  /** The caller is known and lacks the permission. */
  denied(actor: Actor, params: unknown, requestId: string): void
  /** The request does not have the form of the contract. */
  refused(actor: Actor, params: unknown, requestId: string, error: unknown): void
}

export interface OperationAuditParts {
  readonly records: () => AuditRecords
  readonly sums: () => AuditSums
  readonly now: () => number
  /** The contract's operation and its handler, by its whole name (`metrics.get`). */
  readonly read: (name: string) => { readonly operation: Operation; readonly handler: Handler } | undefined
  readonly onFailure: (error: unknown) => void
}

/** What nobody's identity was proven for is recorded where the operator looks. */
const unidentifiedWorkspace = 'default'

export function operationAudit(parts: OperationAuditParts): OperationAudit {
  return {
    of: (operation, name) => (operation.effect === 'write' ? auditedOperation(parts, operation, name) : undefined),
  }
}

function auditedOperation(parts: OperationAuditParts, operation: Operation, name: string): AuditedOperation {
  const { now, onFailure } = parts
  const module = name.split('.', 1)[0] ?? name
  const subjectOf = (params: unknown, body: unknown, answer: unknown): ObjectRef =>
    clipped(tryOr(() => operation.subject?.({ params, body, answer } as never), { kind: module, id: '' }))
  const attemptOf = (actor: Actor, subject: ObjectRef, requestId: string): Attempt => ({
    workspace: actor.workspace === '' ? unidentifiedWorkspace : actor.workspace,
    actor: { kind: actor.kind, id: actor.id, name: clip(actor.name) },
    action: name,
    subject,
    requestId: clip(requestId),
    at: now(),
  })
  const sum = (attempt: Attempt, ending: Ending): void => void parts.sums().add(attempt, ending).catch(onFailure)

  return {
    denied(actor, params, requestId) {
      sum(attemptOf(actor, subjectOf(params, undefined, undefined), requestId), {
        outcome: 'denied',
        code: 'kernel.forbidden',
        at: now(),
      })
    },
    refused(actor, params, requestId, error) {
      sum(attemptOf(actor, subjectOf(params, undefined, undefined), requestId), { ...failureOf(error), at: now() })
    },
    async run(given, handle) {
      let actor = given.actor
      const call: Call = { ...given, identified: (identified) => void (actor = identified) }
      const { params, body, requestId } = call
      const first = attemptOf(actor, subjectOf(params, body, undefined), requestId)
      if (operation.audit === 'summary') return runSummed(call, handle, first)
      const records = parts.records()
      const id = await records.begin(first)
      const before = await snapshot(call)
      const end = async (answer: unknown, ending: Omit<Ending, 'at' | 'before'>): Promise<void> => {
        const last = { ...attemptOf(actor, subjectOf(params, body, answer), requestId), at: first.at }
        const whole = { ...ending, at: now(), ...(before === undefined ? {} : { before }) }
        // The change is made; its note stays, and the next start closes it as "unknown".
        await records.end(id, last, whole).catch(onFailure)
      }
      let answer: unknown
      try {
        answer = await handle(call)
      } catch (error) {
        await end(undefined, failureOf(error))
        throw error
      }
      const value = answer instanceof JsonReply ? answer.value : answer
      await end(value instanceof RawReply ? undefined : value, { outcome: 'succeeded', ...afterOf(value) })
      return answer
    },
  }

  async function runSummed(call: Call, handle: Handler, attempt: Attempt): Promise<unknown> {
    try {
      const answer = await handle(call)
      sum(attempt, { outcome: 'succeeded', at: now() })
      return answer
    } catch (error) {
      sum(attempt, { ...failureOf(error), at: now() })
      throw error
    }
  }

  /** The object as its own read operation answers it; nothing where it is not there yet. */
  async function snapshot(call: Call): Promise<unknown> {
    if (operation.changes === undefined || operation.params === undefined) return undefined
    const read = parts.read(`${module}.${operation.changes}`)
    if (read === undefined) return undefined
    try {
      const query = read.operation.query?.safeParse({}).data
      return await read.handler({ ...call, query: query as Call['query'], body: undefined as Call['body'] })
    } catch (error) {
      if (!isMillraceError(error)) onFailure(error)
      return undefined
    }
  }

  /** Only an answer that a read operation may give is kept: those carry no secret. */
  function afterOf(value: unknown): { after?: unknown } {
    if (operation.changes === undefined) return {}
    const read = parts.read(`${module}.${operation.changes}`)
    return read?.operation.answer === operation.answer ? { after: value } : {}
  }
}

function failureOf(error: unknown): { outcome: Outcome; code: string } {
  const known = explain(error)
  if (known === undefined) return { outcome: 'failed', code: 'bug' }
  const outcome = known.status === 403 ? 'denied' : known.status < 500 ? 'refused' : 'failed'
  return { outcome, code: known.code }
}

const maxTextLength = 300

function clip(text: string): string {
  return clippedText(text, maxTextLength)
}

function clipped({ kind, id, name }: ObjectRef): ObjectRef {
  return { kind, id: clip(String(id)), ...(typeof name === 'string' ? { name: clip(name) } : {}) }
}

function tryOr<T>(work: () => T | undefined, otherwise: T): T {
  try {
    return work() ?? otherwise
  } catch {
    return otherwise
  }
}
