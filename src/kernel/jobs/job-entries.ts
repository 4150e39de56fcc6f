/** A job as its record and its entry in the queue. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '#ports/clock'
import type { Job, Jobs } from '#ports/jobs'
import { retryDelayOf } from './attempt.ts'
import type { JobActor } from './job-record.ts'
import type { JobStore } from './job-store.ts'
import type { EnqueueJob, JobDefinition } from './jobs.ts'

/** The queue counts interruptions as attempts; the record decides when it is enough. */
const queueRetries = 100
const scheduler: JobActor = { kind: 'system', id: 'system:schedule', name: 'schedule' }

export interface JobPlace {
  readonly workspace: string
  readonly id: string
}

export interface JobEntries {
  /** The key of the entry is the id of the record. */
  add(definition: JobDefinition, place: JobPlace, delayMs?: number): Promise<void>
  /** The payload is kept as it was given; what it parses to is only looked at. */
  record(
    definition: JobDefinition,
    workspace: string,
    payload: unknown,
    more: EnqueueJob & { readonly id?: string; readonly actor: JobActor | undefined },
  ): Promise<string>
  /** An entry names its record; one of a schedule, or of an earlier version, carries the payload itself. */
  placeOf(definition: JobDefinition, entry: Job): Promise<JobPlace>
}

export function jobEntries(queue: Jobs, store: JobStore, clock: Clock): JobEntries {
  const record: JobEntries['record'] = async (definition, workspace, payload, more) => {
    const now = clock.now()
    const { success, data } = definition.payload.safeParse(payload)
    return await store.create({
      id: (success ? definition.id?.(data) : undefined) ?? more.id ?? randomUUID(),
      workspace,
      kind: definition.name,
      // One that another version queued may not be readable; its attempt says so.
      subject: success ? definition.subject?.(data) : undefined,
      payload,
      singleton: more.singleton,
      actor: more.actor,
      queuedAt: now,
      runAt: now + (more.delayMs ?? 0),
      again: more.again ?? false,
    })
  }
  return {
    async add(definition, { workspace, id }, delayMs = 0) {
      await queue.enqueue(
        definition.name,
        { workspace, job: id },
        {
          singleton: id,
          retries: queueRetries,
          retryDelayMs: retryDelayOf(definition),
          ...(delayMs > 0 ? { delayMs } : {}),
        },
      )
    },
    record,
    async placeOf(definition, { id, data }) {
      const { workspace, job, ...payload } = data as { workspace?: unknown; job?: unknown }
      if (typeof workspace !== 'string')
        throw new Error(`The entry "${id}" of "${definition.name}" names no workspace.`)
      if (typeof job === 'string') return { workspace, id: job }
      return { workspace, id: await record(definition, workspace, payload, { id, actor: scheduler }) }
    },
  }
}
