/** Two workspaces on a real embedded engine: "a" asks, "b" has something to hide. */
import { join } from 'node:path'
import { Column, quoteName } from '#core/dataset'
import { openEmbeddedWarehouse } from '#adapters/log-warehouse/embedded-fixture'
import type { Dataset, Datasets } from '#modules/datasets'
import type { Warehouse } from '#ports/warehouse'

export interface ExploreFixture {
  readonly warehouse: Warehouse
  readonly datasets: Datasets
  /** What the outside must never see. */
  readonly secret: string
  readonly secretFile: string
  close(): Promise<void>
}

export async function exploreFixture(): Promise<ExploreFixture> {
  const { home, warehouse, remove } = await openEmbeddedWarehouse()
  const secret = 'hush-4711'
  const secretFile = join(home, 'secret.csv')
  const make = [
    'CREATE DATABASE millrace_empty',
    'CREATE DATABASE ws_a',
    'CREATE DATABASE ws_a__system',
    'CREATE DATABASE ws_b',
    "CREATE TABLE ws_a.orders (id Int64, customer String, amount Decimal(18, 2), status String, ordered_at DateTime64(6, 'UTC'), lines String, _position UInt64, _ingested_at DateTime64(6, 'UTC')) ENGINE = MergeTree ORDER BY _position",
    `INSERT INTO ws_a.orders SELECT number, ['ann', 'bob', 'cem'][number % 3 + 1], number / 4, if(number % 5 = 0, 'cancelled', 'paid'),
      toDateTime64('2026-11-01 00:00:00', 6, 'UTC') + number * 600, concat('[{"sku":"s', toString(number % 7), '","n":', toString(number % 3 + 1), '}]'), number + 1, now64(6) FROM numbers(1000)`,
    'CREATE TABLE ws_a.customers (name String, city Nullable(String), _version UInt64) ENGINE = ReplacingMergeTree(_version) ORDER BY name',
    "INSERT INTO ws_a.customers VALUES ('ann', 'Oslo', 1), ('bob', NULL, 1), ('cem', 'Rome', 1)",
    "INSERT INTO ws_a.customers VALUES ('ann', 'Bergen', 2)",
    'CREATE TABLE ws_a.`web.clicks-eu` (page String, at DateTime64(6)) ENGINE = MergeTree ORDER BY at',
    "INSERT INTO ws_a.`web.clicks-eu` VALUES ('/', '2026-11-01 00:00:00')",
    "CREATE VIEW ws_a.kpi_values_day AS SELECT 'SAL.REV' AS code, toDateTime64('2026-11-01 00:00:00', 0, 'UTC') AS period_start, map('region', 'eu') AS dims, 1.5 AS value, toUInt64(3) AS data_points",
    `CREATE TABLE ws_a__system.cells (v String) ENGINE = MergeTree ORDER BY v`,
    `INSERT INTO ws_a__system.cells VALUES ('${secret}')`,
    `CREATE TABLE ws_b.orders (secret String) ENGINE = MergeTree ORDER BY secret`,
    `INSERT INTO ws_b.orders VALUES ('${secret}')`,
    // A dataset may be called what another workspace's table is called with its database.
    'CREATE TABLE ws_a.`ws_b.orders` (page String) ENGINE = MergeTree ORDER BY page',
    "INSERT INTO ws_a.`ws_b.orders` VALUES ('mine')",
    `INSERT INTO FUNCTION file('${secretFile}', 'CSV', 's String') VALUES ('${secret}')`,
  ]
  for (const statement of make) await warehouse.command(statement)

  const dataset = (name: string, kind: 'events' | 'table', columns: Record<string, string>): Dataset => ({
    name,
    kind,
    workspace: 'a',
    version: 1,
    createdAt: '2026-11-21T00:00:00Z',
    source: { kind: 'declared' },
    columns: Object.entries(columns).map(([column, type]) => Column.parse({ name: column, type })),
  })
  const known = [
    dataset('orders', 'events', {
      id: 'integer',
      customer: 'string',
      amount: 'decimal(18,2)',
      status: 'string',
      ordered_at: 'timestamp',
      lines: 'json',
    }),
    dataset('customers', 'table', { name: 'string', city: 'string' }),
    dataset('web.clicks-eu', 'events', { page: 'string', at: 'timestamp' }),
    dataset('ws_b.orders', 'events', { page: 'string' }),
  ]
  const datasets = {
    list: async (workspace: string) => (workspace === 'a' ? known : []),
    place: async (workspace: string) => ({
      userDatabase: `ws_${workspace}`,
      system: `ws_${workspace}__system`,
      empty: 'millrace_empty',
    }),
    readable: async (_: unknown, name: string) => {
      const found = known.find((each) => each.name === name)!
      const from = `${quoteName('ws_a')}.${quoteName(name)}${found.kind === 'table' ? ' FINAL' : ''}`
      return { dataset: found, from, restricted: false, masked: new Set<string>() }
    },
  } as Partial<Datasets> as Datasets // the rest of the face is not asked here
  return {
    warehouse,
    datasets,
    secret,
    secretFile,
    close: remove,
  }
}
