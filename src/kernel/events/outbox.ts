/** Writes events in the transactions of the metadata that modules get. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { parseJsonValue } from '#core/parse-json'
import type { Clock } from '#ports/clock'
import type { Metadata, Sql, SqlSession } from '#ports/metadata'
import { ObjectRef } from '#core/object-ref'
import { requestScope } from '../logs/request-scope.ts'
import type { DeclaringModule } from './declarations.ts'
import type { Emit } from './events.ts'

export interface Outbox {
  /** The same database; `emit` accepts the sessions of its transactions for a workspace. */
  readonly metadata: Metadata
  /** The `emit` of one module. */
  emitOf(module: DeclaringModule): Emit
}

const maxPayloadBytes = 64 * 1024

interface OpenTransaction {
  readonly workspace: string | undefined
  emitted: boolean
}

/** `onEmitted` is called when a transaction with an event has ended. It may have been rolled back. */
export function outbox(metadata: Metadata, clock: Clock, onEmitted: () => void): Outbox {
  const transactions = new WeakMap<SqlSession, OpenTransaction>()

  const observed = (sql: Sql, workspace: string | undefined): Sql => ({
    query: (text, values) => sql.query(text, values),
    transaction: async (work) => {
      const open: OpenTransaction = { workspace, emitted: false }
      try {
        return await sql.transaction(async (session) => {
          transactions.set(session, open)
          return await work(session)
        })
      } finally {
        if (open.emitted) onEmitted()
      }
    },
  })

  return {
    metadata: {
      ...metadata,
      system: observed(metadata.system, undefined),
      inWorkspace: (workspace) => observed(metadata.inWorkspace(workspace), workspace),
    },
    emitOf: (module) => async (session, definition, emission) => {
      if (module.events === undefined || !Object.values(module.events).includes(definition))
        throw new Error(`The module "${module.name}" does not declare the event "${definition.name}".`)
      const open = transactions.get(session)
      if (open?.workspace === undefined)
        throw new Error(
          `The event "${definition.name}" needs a session of a transaction of "metadata.inWorkspace(…)", from the ports the module was started with.`,
        )
      const scope = requestScope.getStore()
      const actor = emission.actor ?? scope?.actor
      const payload = JSON.stringify(emission.payload)
      if (Buffer.byteLength(payload) > maxPayloadBytes)
        throw new Error(`The payload of the event "${definition.name}" is larger than ${maxPayloadBytes} bytes.`)
      const parsed = definition.schema.safeParse(parseJsonValue(payload))
      if (!parsed.success)
        throw new Error(
          `The payload of the event "${definition.name}" does not fit its schema: ${z.prettifyError(parsed.error)}`,
        )
      const key = definition.key(parsed.data)
      open.emitted = true
      await session.query(
        `insert into kernel.event (id, workspace, name, subject, key, payload, actor, request_id, at)
         values ($1, $2, $3, $4::jsonb, $5, $6::jsonb, $7::jsonb, $8, $9)`,
        [
          randomUUID(),
          open.workspace,
          definition.name,
          JSON.stringify(ObjectRef.parse(emission.subject)),
          key,
          payload,
          actor === undefined ? null : JSON.stringify({ kind: actor.kind, id: actor.id, name: actor.name }),
          scope?.requestId ?? null,
          new Date(clock.now()),
        ],
      )
    },
  }
}
