/** A warehouse belongs to one installation: the one whose metadata says what its tables mean. */
import { parseJsonValue } from '#core/parse-json'
import { sqlString } from '#core/sql-text'
import type { Metadata } from '#ports/metadata'
import { WarehouseError, type Warehouse } from '#ports/warehouse'
import { storesErrors } from './store-errors.ts'
import type { ServerIdentity } from './servers.ts'

/** Outside of every workspace: no SQL of a user gets here. */
export const systemDatabase = 'millrace_system'
const table = 'claim'

interface Claim {
  readonly installation: string
  readonly host: string
  readonly process: number
  readonly since: string
}

/**
 * Claims the warehouse for the installation of this metadata database, or rejects with
 * `stores.claimed`. The claim is the comment of a table: creating a table happens once, so of two
 * installations that try at the same time one gets it.
 */
export async function claimWarehouse(
  metadata: Metadata,
  warehouse: Warehouse,
  { host, process }: Pick<ServerIdentity, 'host' | 'process'>,
): Promise<void> {
  const { rows } = await metadata.system.query<{ id: string }>('select id from stores.installation')
  const installation = rows[0]?.id
  if (installation === undefined) throw new Error('The metadata database has no installation id.')
  let claim = await readClaim(warehouse)
  if (claim === undefined) {
    const mine: Claim = { installation, host, process, since: new Date().toISOString() }
    await create(warehouse, mine)
    claim = await readClaim(warehouse)
  }
  if (claim?.installation !== installation)
    throw storesErrors.claimed({
      host: claim?.host ?? 'an unknown host',
      process: claim?.process ?? 0,
      since: claim?.since ?? 'an unknown date',
    })
}

async function create(warehouse: Warehouse, claim: Claim): Promise<void> {
  await warehouse.command(`CREATE DATABASE IF NOT EXISTS ${systemDatabase}`, { lane: 'ingest' })
  try {
    await warehouse.command(
      `CREATE TABLE ${systemDatabase}.${table} (installation String) ENGINE = MergeTree ORDER BY installation COMMENT ${sqlString(JSON.stringify(claim))}`,
      { lane: 'ingest' },
    )
  } catch (error) {
    // Another was faster, or this is a second try of ours.
    if (!(error instanceof WarehouseError) || error.kind !== 'exists') throw error
  }
}

async function readClaim(warehouse: Warehouse): Promise<Claim | undefined> {
  const [row] = await warehouse.rows<{ comment: string }>(
    `SELECT comment FROM system.tables WHERE database = '${systemDatabase}' AND name = '${table}'`,
    { lane: 'ingest' },
  )
  return row && (parseJsonValue(row.comment) as Claim)
}
