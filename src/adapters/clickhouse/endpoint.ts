import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'

export interface ClickhouseEndpoint {
  readonly url: string
  readonly username: string
  readonly password: string
  readonly database?: string
}

const aDayMs = 86_400_000

/** `http://user:password@host:8123/database` in its parts. */
export function endpointFromUrl(text: string): ClickhouseEndpoint {
  const url = new URL(text)
  const database = url.pathname.slice(1)
  const endpoint = {
    url: `${url.protocol}//${url.host}`,
    username: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
  }
  return database === '' ? endpoint : { ...endpoint, database }
}

export function clientFor(endpoint: ClickhouseEndpoint, connections: number): ClickHouseClient {
  return createClient({
    url: endpoint.url,
    username: endpoint.username,
    password: endpoint.password,
    ...(endpoint.database === undefined ? {} : { database: endpoint.database }),
    max_open_connections: connections,
    request_timeout: aDayMs, // each query has its own limit of time, held by the engine
    keep_alive: { enabled: true, idle_socket_ttl: 10_000 },
    log: { level: ClickHouseLogLevel.OFF }, // its lines would carry statements and values
  })
}
