/** Events that a module could not handle yet, for people: listed, and tried again before their time. */
import type { ObjectRef } from '#core/object-ref'
import type { Clock } from '#ports/clock'
import type { Metadata } from '#ports/metadata'

export interface ParkedEvent {
  /** Of the event. */
  readonly id: string
  /** The module that handles it. */
  readonly module: string
  readonly name: string
  readonly subject: ObjectRef
  readonly at: Date
  readonly position: number
  readonly attempts: number
  /** `null` when it waits for an earlier event of the same key. */
  readonly nextAt: Date | null
  /** The last failure; without a code it was no error of a catalogue. */
  readonly error: { readonly code: string | null; readonly message: string } | null
}

export interface ParkedQuery {
  readonly module?: string | undefined
  /** Only events before this place, in the order of `position` and `module`. */
  readonly before?: readonly [position: number, module: string] | undefined
  readonly limit: number
}

export interface ParkedEvents {
  /** The newest first. */
  list(workspace: string, query: ParkedQuery): Promise<readonly ParkedEvent[]>
  get(workspace: string, module: string, id: string): Promise<ParkedEvent | undefined>
  /** Lets the module try it now. False when it is not parked, or waits for an earlier event of its key. */
  retry(workspace: string, module: string, id: string): Promise<boolean>
}

interface Row extends Omit<ParkedEvent, 'nextAt' | 'error'> {
  readonly next_at: Date | null
  readonly error: string | null
  readonly error_code: string | null
}

const selected = `
  select event.id, parked.module, event.name, event.subject, event.at, event.position, parked.attempts, parked.next_at,
    parked.error, parked.error_code
  from kernel.event_parked as parked join kernel.event as event on event.position = parked.position`

/** `wake` lets the consumers of a module look at their parked events. */
export function parkedEvents(metadata: Metadata, clock: Clock, wake: (module: string) => void): ParkedEvents {
  return {
    async list(workspace, { module, before, limit }) {
      const { rows } = await metadata.inWorkspace(workspace).query<Row>(
        `${selected}
         where ($1::text is null or parked.module = $1)
           and ($2::bigint is null or (event.position, parked.module) < ($2, $3))
         order by event.position desc, parked.module desc limit $4`,
        [module ?? null, before?.[0] ?? null, before?.[1] ?? null, limit],
      )
      return rows.map(parkedOf)
    },
    async get(workspace, module, id) {
      const { rows } = await metadata
        .inWorkspace(workspace)
        .query<Row>(`${selected} where parked.module = $1 and event.id = $2`, [module, id])
      return rows[0] && parkedOf(rows[0])
    },
    async retry(workspace, module, id) {
      const { affected } = await metadata.inWorkspace(workspace).query(
        `update kernel.event_parked as parked set next_at = $3 from kernel.event as event
         where event.position = parked.position and parked.module = $1 and event.id = $2
           and not exists (
             select from kernel.event_parked as earlier
             where earlier.module = parked.module and earlier.event = parked.event
               and earlier.workspace = parked.workspace and earlier.key = parked.key
               and earlier.position < parked.position)`,
        [module, id, new Date(clock.now())],
      )
      if (affected > 0) wake(module)
      return affected > 0
    },
  }
}

function parkedOf({ next_at: nextAt, error, error_code: code, ...rest }: Row): ParkedEvent {
  return { ...rest, nextAt, error: error === null ? null : { code, message: error } }
}
