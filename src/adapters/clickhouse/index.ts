/** The warehouse port over ClickHouse's official client, for a cluster and for the embedded engine alike. */
export { openClickhouse, endpointFromUrl, type ClickhouseOptions } from './clickhouse-warehouse.ts'
