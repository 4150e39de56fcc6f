/**
 * The embedded warehouse: ClickHouse's engine in a process of its own, kept alive, speaking
 * ClickHouse's HTTP protocol on a loopback port.
 *
 * ```ts
 * const engine = await startEngine({ home, durability: 'disk' })
 * const warehouse = openClickhouse({ endpoint: engine.endpoint, features: { localFiles: true } })
 * …
 * await warehouse.close()
 * await engine.stop()
 * ```
 */
export { startEngine, type Engine, type EngineEvent, type EngineOptions } from './supervisor.ts'
