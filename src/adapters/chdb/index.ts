/**
 * The embedded warehouse: ClickHouse's engine in a process of its own, kept alive, speaking
 * ClickHouse's HTTP protocol on a loopback port.
 *
 * ```ts
 * import { openClickhouse } from '#adapters/clickhouse'
 *
 * const engine = await startEngine({ home: emptyFolder(), durability: 'disk' })
 * const warehouse = openClickhouse({ endpoint: engine.endpoint, features: { localFiles: true } })
 * await warehouse.rows('select 1 as one') // [{ one: 1 }]
 * await warehouse.close()
 * await engine.stop()
 * ```
 */
export { startEngine, type Engine, type EngineEvent, type EngineOptions } from './supervisor.ts'
