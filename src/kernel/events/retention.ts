import type { Metadata } from '#ports/metadata'

const keptMs = 7 * 86_400_000
const batch = 1000
const maxBatches = 10

/** Deletes old events that every consumer has handled, a bounded number at a time. Returns how many. */
export async function purgeEvents(metadata: Metadata, now: number): Promise<number> {
  let purged = 0
  for (let n = 0; n < maxBatches; n += 1) {
    const { affected } = await metadata.system.query(
      `delete from kernel.event where seq in (
         select seq from kernel.event as event
         where at < $1 and position is not null
           and not exists (select from kernel.event_consumer as consumer
             where consumer.event = event.name and consumer.position < event.position)
           and not exists (select from kernel.event_parked as parked where parked.position = event.position)
         order by at limit ${batch})`,
      [new Date(now - keptMs)],
    )
    purged += affected
    if (affected < batch) break
  }
  return purged
}
