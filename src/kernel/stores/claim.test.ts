import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openEngines } from '#adapters/log-warehouse/embedded-fixture'
import { pgliteMetadata } from '#adapters/pglite'
import { isMillraceError } from '#core/errors'
import { migrateOne } from '../module/migrations.ts'
import { claimWarehouse } from './claim.ts'
import { storesTables } from './guard-stores.ts'

const { metadata: first, warehouse, remove } = await openEngines()
const home = await mkdtemp(join(tmpdir(), 'millrace-claim-'))
const second = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
for (const metadata of [first, second]) await migrateOne(metadata, storesTables)
after(async () => {
  await second.close()
  await remove()
  await rm(home, { recursive: true })
})
const claimed = (error: unknown): boolean =>
  isMillraceError(error) &&
  error.code === 'stores.claimed' &&
  /process 12 on host-a claimed it on 2/.test(error.message)

test('of two installations that claim a warehouse at once, one gets it for ever', async () => {
  const server = { host: 'host-a', process: 12 }
  const claims = await Promise.allSettled([
    claimWarehouse(first, warehouse, server),
    claimWarehouse(second, warehouse, server),
    claimWarehouse(first, warehouse, server),
    claimWarehouse(second, warehouse, server),
  ])
  const firstWon = claims[0].status === 'fulfilled'
  assert.deepEqual(
    claims.map(({ status }) => status === 'fulfilled'),
    [firstWon, !firstWon, firstWon, !firstWon],
  )
  const [winner, loser] = firstWon ? [first, second] : [second, first]
  await claimWarehouse(winner, warehouse, { host: 'host-b', process: 13 })
  await assert.rejects(claimWarehouse(loser, warehouse, { host: 'host-b', process: 13 }), claimed)
})
