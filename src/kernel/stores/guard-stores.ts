/**
 * Makes sure that the stores are this server's before anything is read from or recovered in them.
 * Call it after opening metadata and warehouse and before everything else.
 */
import type { Warehouse } from '#ports/warehouse'
import { migrateOne } from '../module/migrations.ts'
import { claimWarehouse } from './claim.ts'
import { joinServers, type JoinOptions, type ServerPresence } from './servers.ts'
import { storesTables } from './tables.ts'

export { storesTables } from './tables.ts'
export { lapseAfterMs, type ServerIdentity, type ServerPresence } from './servers.ts'

export interface GuardOptions extends JoinOptions {
  readonly warehouse: Warehouse
}

/** Rejects with `stores.in_use` or `stores.claimed` where another server or installation has them. */
export async function guardStores(options: GuardOptions): Promise<ServerPresence> {
  await migrateOne(options.metadata, storesTables)
  const presence = await joinServers(options)
  try {
    await claimWarehouse(options.metadata, options.warehouse, options.identity)
    return presence
  } catch (error) {
    await presence.end().catch(() => undefined)
    throw error
  }
}
