/** The warehouse port over ClickHouse's official client, for a cluster and for the embedded engine alike. */
export { openClickhouse, type ClickhouseOptions } from './clickhouse-warehouse.ts'
export { endpointFromUrl } from './endpoint.ts'
