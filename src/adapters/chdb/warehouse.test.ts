import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openClickhouse } from '#adapters/clickhouse'
import { registerWarehouseSuite } from '#ports/suites/warehouse'
import { startEngine } from './supervisor.ts'

registerWarehouseSuite('the embedded engine', async () => {
  const home = await mkdtemp(join(tmpdir(), 'millrace-chdb-'))
  const engine = await startEngine({ home, durability: 'disk' })
  const warehouse = openClickhouse({ endpoint: engine.endpoint, features: { localFiles: true } })
  return {
    warehouse,
    kill: () => process.kill(engine.pid ?? 0, 'SIGKILL'),
    async close() {
      await warehouse.close()
      await engine.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
})
