/** What is kept of consumers: their positions, and the events they have parked. */
import type { Metadata } from '#ports/metadata'
import type { EventActor, EventRecord, Listening } from './events.ts'

export interface ConsumerName {
  readonly module: string
  readonly event: string
}

export interface PositionedEvent extends EventRecord {
  readonly position: number
}

export interface Parking {
  readonly event: PositionedEvent
  /** Absent for an event that waits for an earlier one of its key. */
  readonly failure?: ParkedFailure
}

export interface ParkedFailure {
  readonly attempts: number
  readonly nextAt: number
  readonly error: string
  /** Of an error of a catalogue. */
  readonly code?: string
}

export interface ParkedKey {
  readonly workspace: string
  readonly key: string
  /** When its first event is tried again. */
  readonly nextAt: number
}

export interface ConsumerStore {
  /** The next events of a consumer; `held` when an earlier one of the key is parked. */
  next(limit: number): Promise<readonly { readonly event: PositionedEvent; readonly held: boolean }[]>
  /** Moves the position and parks events, in one transaction. */
  advance(position: number, parked: readonly Parking[]): Promise<void>
  parkedKeys(): Promise<readonly ParkedKey[]>
  /** The first parked event of a key, and how often it was tried. */
  firstParked(key: ParkedKey): Promise<{ readonly event: PositionedEvent; readonly attempts: number } | undefined>
  delivered(event: PositionedEvent): Promise<void>
  failed(event: PositionedEvent, failure: ParkedFailure): Promise<void>
  countParked(): Promise<number>
}

interface Row extends Omit<PositionedEvent, 'actor' | 'requestId'> {
  readonly actor: EventActor | null
  readonly request_id: string | null
}

const columns = ['position', 'id', 'name', 'workspace', 'subject', 'key', 'payload', 'actor', 'request_id', 'at']
  .map((column) => `event.${column}`)
  .join(', ')

/** Makes positions for new consumers and deletes those that no module declares any more. */
export async function registerConsumers(
  metadata: Metadata,
  consumers: readonly (ConsumerName & Pick<Listening, 'from'>)[],
): Promise<void> {
  await metadata.system.transaction(async (session) => {
    await session.query(
      `delete from kernel.event_consumer where not exists (
         select from unnest($1::text[], $2::text[]) as known(module, event)
         where known.module = event_consumer.module and known.event = event_consumer.event)`,
      [consumers.map(({ module }) => module), consumers.map(({ event }) => event)],
    )
    for (const { module, event, from } of consumers)
      await session.query(
        `insert into kernel.event_consumer (module, event, position)
         select $1, $2, case when $3 then last else 0 end from kernel.event_order on conflict do nothing`,
        [module, event, from === 'now'],
      )
  })
}

export function consumerStore(metadata: Metadata, { module, event: name }: ConsumerName): ConsumerStore {
  const sql = metadata.system
  const consumer = [module, name]
  return {
    async next(limit) {
      const { rows } = await sql.query<Row & { held: boolean }>(
        `select ${columns}, exists (
           select from kernel.event_parked as parked
           where parked.module = $1 and parked.event = $2 and parked.workspace = event.workspace and parked.key = event.key
         ) as held
         from kernel.event as event, kernel.event_consumer as consumer
         where consumer.module = $1 and consumer.event = $2 and event.name = $2 and event.position > consumer.position
         order by event.position limit $3`,
        [...consumer, limit],
      )
      return rows.map((row) => ({ event: record(row), held: row.held }))
    },
    async advance(position, parked) {
      await sql.transaction(async (session) => {
        await session.query(
          'update kernel.event_consumer set position = $3 where module = $1 and event = $2 and position < $3',
          [...consumer, position],
        )
        for (const { event, failure } of parked)
          await session.query(
            `insert into kernel.event_parked (module, event, position, workspace, key, attempts, next_at, error, error_code)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
            [
              ...consumer,
              event.position,
              event.workspace,
              event.key,
              failure?.attempts ?? 0,
              failure === undefined ? null : new Date(failure.nextAt),
              failure?.error ?? null,
              failure?.code ?? null,
            ],
          )
      })
    },
    async parkedKeys() {
      const { rows } = await sql.query<{ workspace: string; key: string; next_at: Date | null }>(
        `select distinct on (workspace, key) workspace, key, next_at from kernel.event_parked
         where module = $1 and event = $2 order by workspace, key, position`,
        consumer,
      )
      return rows.map(({ workspace, key, next_at: at }) => ({ workspace, key, nextAt: at === null ? 0 : +at }))
    },
    async firstParked({ workspace, key }) {
      const { rows } = await sql.query<Row & { attempts: number }>(
        `select ${columns}, parked.attempts
         from kernel.event_parked as parked join kernel.event as event on event.position = parked.position
         where parked.module = $1 and parked.event = $2 and parked.workspace = $3 and parked.key = $4
         order by parked.position limit 1`,
        [...consumer, workspace, key],
      )
      return rows[0] && { event: record(rows[0]), attempts: rows[0].attempts }
    },
    async delivered({ position }) {
      await sql.query('delete from kernel.event_parked where module = $1 and event = $2 and position = $3', [
        ...consumer,
        position,
      ])
    },
    async failed({ position }, { attempts, nextAt, error, code }) {
      await sql.query(
        `update kernel.event_parked set attempts = $4, next_at = $5, error = $6, error_code = $7
         where module = $1 and event = $2 and position = $3`,
        [...consumer, position, attempts, new Date(nextAt), error, code ?? null],
      )
    },
    async countParked() {
      const { rows } = await sql.query<{ count: number }>(
        'select count(*) as count from kernel.event_parked where module = $1 and event = $2',
        consumer,
      )
      return rows[0]?.count ?? 0
    },
  }
}

function record(row: Row): PositionedEvent {
  return {
    position: row.position,
    id: row.id,
    name: row.name,
    workspace: row.workspace,
    subject: row.subject,
    key: row.key,
    payload: row.payload,
    ...(row.actor === null ? {} : { actor: row.actor }),
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    at: row.at,
  }
}
