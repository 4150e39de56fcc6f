import type { Metadata } from '#ports/metadata'

const maxEvents = 1000

export interface Numbered {
  /** Names of the events that got a position. */
  readonly names: ReadonlySet<string>
  /** There may be more without one. */
  readonly more: boolean
}

/** Gives committed events their position. The row lock lets one transaction do so at a time (SPEC.md, 4 and 5). */
export async function numberEvents(metadata: Metadata): Promise<Numbered> {
  return await metadata.system.transaction(async (session) => {
    const { rows: order } = await session.query<{ last: number }>('select last from kernel.event_order for update')
    const last = order[0]?.last ?? 0
    // A statement of its own: its snapshot begins when the lock is held.
    const { rows } = await session.query<{ name: string }>(
      `with due as (
         select seq, row_number() over (order by seq) as n
         from (select seq from kernel.event where position is null order by seq limit ${maxEvents}) as unnumbered
       )
       update kernel.event as event set position = $1::bigint + due.n from due where event.seq = due.seq returning event.name`,
      [last],
    )
    if (rows.length > 0) await session.query('update kernel.event_order set last = last + $1::bigint', [rows.length])
    return { names: new Set(rows.map(({ name }) => name)), more: rows.length === maxEvents }
  })
}
