/** What a home of the fixtures holds, made over HTTP. The data is computed, so that each value can be checked. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { httpPort, postgresPort } from './stand-in-servers.ts'

export const secrets = {
  httpToken: 'kept-http-token-7c1f',
  httpApiKey: 'clear-api-key-51aa',
  postgresPassword: 'kept-postgres-password-93d2',
}

const regions = ['north', 'south', 'east', 'west'] as const
const channels = ['shop', 'web', null] as const
const start = Date.parse('2026-03-20T00:00:00Z')

/** Over seventeen days, the end of March among them, when clocks change in Europe. */
export const orders = Array.from({ length: 600 }, (_, index) => {
  const at = new Date(start + index * 2_417_000 + (index % 7) * 1_311)
  return {
    id: `o-${String(index).padStart(4, '0')}`,
    region: regions[(index * 7) % 4],
    channel: channels[index % 3],
    amount: (((index * 7919) % 100_000) / 100).toFixed(2),
    quantity: (index % 9) - 1,
    weight: ((index * 31) % 1000) / 8,
    express: index % 5 === 0,
    ordered_at: at.toISOString(),
    day: at.toISOString().slice(0, 10),
    extra: { note: `n${index % 11}`, tags: ['a', index % 2 === 0 ? 'b' : 'c'], big: 1234567890123 + index },
  }
})

const column = (name: string, type: string, nullable = false, tags: readonly string[] = []) => ({
  name,
  type,
  nullable,
  tags,
})

export const datasets = [
  {
    name: 'orders',
    kind: 'events',
    columns: [
      column('id', 'string'),
      column('region', 'string', false, ['dimension']),
      column('channel', 'string', true),
      column('amount', 'decimal(12,2)'),
      column('quantity', 'integer', true),
      column('weight', 'number', true),
      column('express', 'boolean', true),
      column('ordered_at', 'timestamp'),
      column('day', 'date', true),
      column('extra', 'json', true),
    ],
  },
  {
    name: 'readings',
    kind: 'events',
    columns: [column('id', 'integer'), column('value', 'integer'), column('at', 'timestamp')],
  },
  {
    name: 'shop-eu.stock_1',
    kind: 'table',
    columns: [column('sku', 'string'), column('net-weight', 'number', true), column('left.over', 'integer', true)],
    key: ['sku'],
  },
] as const

/** 12,000 rows that are as good as nothing when compressed. */
export const readings = Array.from({ length: 12_000 }, (_, index) => ({
  id: index,
  value: index % 97,
  at: new Date(start + index * 60_000).toISOString(),
}))

export const tick = (n: number) => ({ n, at: new Date(start + n * 60_000).toISOString() })
/** Those that are there before the kill; more come meanwhile. */
export const ticks = Array.from({ length: 500 }, (_, n) => tick(n))

export const bigRows = 60_000
export function writeFiles(folder: string): void {
  const customers = Array.from({ length: 40 }, (_, index) =>
    [
      index,
      `customer ${index}`,
      index % 4 === 3 ? -5 : index * 2.5,
      `2026-02-${String((index % 28) + 1).padStart(2, '0')}`,
    ].join(','),
  )
  writeFileSync(join(folder, 'customers.csv'), `id,name,credit,since\n${customers.join('\n')}\n`)
  const big = Array.from({ length: bigRows }, (_, index) => `${index},${index % 97}`)
  writeFileSync(join(folder, 'big.csv'), `id,value\n${big.join('\n')}\n`)
}

const sum = { type: 'sum', expression: 'amount' }
const over = { dataset: 'orders', time: 'ordered_at', dimensions: ['region', 'channel'] }
export const metrics = [
  { code: 'H.COUNT', name: 'Orders', ...over, measure: { type: 'count' }, direction: 'up', target: { day: 40 } },
  { code: 'H.SUM', name: 'Revenue', ...over, measure: sum, unit: 'EUR', lateness: '1h', description: 'With a text.' },
  { code: 'H.AVG', name: 'Average', ...over, measure: { type: 'avg', expression: 'amount * quantity' } },
  { code: 'H.MIN', name: 'Least', ...over, measure: { type: 'min', expression: 'weight' } },
  { code: 'H.MAX', name: 'Most', ...over, measure: { type: 'max', expression: 'amount' } },
  { code: 'H.DISTINCT', name: 'Notes', ...over, measure: { type: 'distinct', expression: 'quantity' } },
  { code: 'H.P50', name: 'Median', ...over, measure: { type: 'percentile', expression: 'amount', p: 50 } },
  { code: 'H.P99', name: 'Tail', ...over, measure: { type: 'percentile', expression: 'amount', p: 99 } },
  { code: 'H.FILTERED', name: 'Express', ...over, measure: sum, filter: "express and region != 'west'" },
  {
    code: 'H.OBJECT',
    name: 'South',
    ...over,
    measure: { type: 'count' },
    filter: { field: 'region', operator: 'eq', value: 'south' },
  },
  {
    code: 'H.RATIO',
    name: 'Share of express',
    ...over,
    measure: {
      type: 'ratio',
      numerator: { type: 'count', filter: 'express' },
      denominator: { type: 'count' },
    },
  },
  { code: 'H.PLAIN', name: 'Readings', dataset: 'readings', time: 'at', measure: { type: 'avg', expression: 'value' } },
  // Its last rows are not folded into cells when the server is killed.
  { code: 'H.TICKS', name: 'Ticks', dataset: 'ticks', time: 'at', measure: { type: 'sum', expression: 'n' } },
  {
    code: 'H.RAW',
    name: 'Credit',
    dataset: 'customers',
    time: 'since',
    measure: { type: 'sum', expression: 'credit' },
    dimensions: ['name'],
  },
] as const

export const dashboards = [
  {
    name: 'shop',
    title: 'The shop',
    description: 'Tiles of every chart.',
    tiles: [
      { metric: 'H.SUM' },
      { metric: 'H.COUNT', title: 'By region', chart: 'bar', by: ['region'], period: 'day', width: 6 },
      { metric: 'H.P99', chart: 'line', filter: "region = 'north'", width: 12 },
      { metric: 'H.RATIO', chart: 'number', period: 'week' },
      { metric: 'H.RAW', chart: 'table', by: ['name'] },
    ],
  },
  { name: 'empty', tiles: [] },
] as const

export const tokens: readonly { readonly name: string; readonly permissions: 'all' | readonly string[] }[] = [
  { name: 'all', permissions: 'all' },
  { name: 'numbers', permissions: ['metrics.read', 'dashboards.read'] },
  { name: 'sender', permissions: ['streams.write'] },
  { name: 'operator', permissions: ['pipelines.read', 'pipelines.run', 'monitoring.read'] },
  { name: 'analyst', permissions: ['datasets.read', 'explore.query', 'streams.read'] },
  {
    name: 'editor',
    permissions: [
      'pipelines.write',
      'datasets.write',
      'metrics.write',
      'dashboards.write',
      'connectors.use',
      'connectors.read',
    ],
  },
  { name: 'keys', permissions: ['tokens.read', 'tokens.write'] },
  { name: 'revoked', permissions: ['metrics.read', 'datasets.read'] },
]

const postgres = {
  host: '127.0.0.1',
  port: postgresPort,
  database: 'postgres',
  user: 'keeper',
  password: secrets.postgresPassword,
}
const customersFile = { type: 'file', config: { path: 'customers.csv' } }
const positive = [{ type: 'range', field: 'credit', min: 0, severity: 'error' }]
/** Long enough to be caught; the value depends on the row only. */
const slow = (columns: string, rounds: number) => ({
  type: 'sql',
  config: {
    sql: `SELECT ${columns}, arraySum(arrayMap(x -> intHash64(x + assumeNotNull(id)) % 7, range(${rounds}))) AS work FROM input`,
  },
})
const big = { type: 'file', config: { path: 'big.csv' } }
const lessThan96 = [{ type: 'range', field: 'value', max: 95, severity: 'error' }]

/** Those that are run to their end before the kill, in this order. */
export const finished = {
  customers: {
    name: 'customers from file',
    type: 'batch',
    source: customersFile,
    destination: { type: 'dataset', config: { dataset: 'customers', mode: 'merge', key: ['id'] } },
    schedule: { cron: '*/5 * * * *', zone: 'Asia/Kolkata' },
  },
  checkedTable: {
    name: 'into a table, checked',
    type: 'batch',
    source: customersFile,
    transformations: [{ type: 'map', config: { rename: { name: 'label' }, compute: { doubled: 'credit * 2' } } }],
    destination: { type: 'dataset', config: { dataset: 'creditors', mode: 'overwrite', key: ['id'] } },
    quality: positive,
    schedule: { cron: '30 2 29 2 *', zone: 'Europe/Berlin' },
  },
  checkedEvents: {
    name: 'into events, checked',
    type: 'batch',
    source: { type: 'stream', config: { stream: 'orders' } },
    transformations: [{ type: 'filter', config: { field: 'region', operator: 'eq', value: 'south' } }],
    destination: { type: 'dataset', config: { dataset: 'south_orders' } },
    quality: [
      { type: 'range', field: 'quantity', min: 0, severity: 'error' },
      { type: 'not_null', field: 'channel', severity: 'warn' },
    ],
    schedule: '15 3 1 1 *',
  },
  checkedFile: {
    name: 'into a file, checked',
    type: 'batch',
    source: customersFile,
    destination: { type: 'file', config: { path: 'checked.ndjson' } },
    quality: positive,
    schedule: { cron: '0 6 * * 1', zone: 'America/St_Johns' },
  },
  fromPostgres: {
    name: 'from postgres',
    type: 'batch',
    source: { type: 'postgresql', config: { ...postgres, table: 'people' } },
    destination: { type: 'dataset', config: { dataset: 'people', mode: 'overwrite', key: ['id'] } },
  },
  intoPostgres: {
    name: 'into postgres, checked',
    type: 'batch',
    source: customersFile,
    destination: { type: 'postgresql', config: { ...postgres, table: 'creditors', mode: 'merge', key: ['id'] } },
    quality: positive,
  },
  http: {
    name: 'scores over http',
    type: 'batch',
    source: {
      type: 'http',
      config: {
        url: `http://127.0.0.1:${httpPort}/scores`,
        token: secrets.httpToken,
        headers: { 'x-api-key': secrets.httpApiKey },
        records: '$.data.items',
        pagination: { type: 'none' },
      },
    },
    destination: { type: 'dataset', config: { dataset: 'scores', mode: 'merge', key: ['id'] } },
  },
  summary: {
    name: 'summary',
    type: 'batch',
    source: { type: 'dataset', config: { dataset: 'orders' } },
    transformations: [
      {
        type: 'aggregate',
        config: {
          by: ['region'],
          measures: { orders: { type: 'count' }, revenue: { type: 'sum', expression: 'amount' } },
        },
      },
    ],
    destination: { type: 'dataset', config: { dataset: 'revenue_by_region', mode: 'overwrite', key: ['region'] } },
  },
} as const

/** It fails: its file is gone. */
export const failing = {
  name: 'gone',
  type: 'batch',
  source: { type: 'file', config: { path: 'gone.csv' } },
  destination: { type: 'dataset', config: { dataset: 'gone' } },
} as const

/** Streaming; it is paused after the first half of `readings`. */
export const halfway = {
  name: 'halfway',
  type: 'streaming',
  source: { type: 'stream', config: { stream: 'readings' } },
  transformations: [{ type: 'filter', config: { expression: 'value < 90' } }],
  destination: { type: 'dataset', config: { dataset: 'low_readings' } },
} as const

/** Those that are caught by the kill. */
export const caught = {
  bigEvents: {
    name: 'big into events',
    type: 'batch',
    source: big,
    transformations: [slow('id, value', 500)],
    destination: { type: 'dataset', config: { dataset: 'big_events' } },
    quality: lessThan96,
  },
  bigTable: {
    name: 'big into a table',
    type: 'batch',
    source: big,
    transformations: [slow('id, value', 500)],
    destination: { type: 'dataset', config: { dataset: 'big_table', mode: 'merge', key: ['id'] } },
  },
  bigFile: {
    name: 'big into a file',
    type: 'batch',
    source: big,
    transformations: [slow('id, value', 500)],
    destination: { type: 'file', config: { path: 'big.ndjson' } },
  },
  slowStream: {
    name: 'slow stream',
    type: 'streaming',
    source: { type: 'stream', config: { stream: 'readings' } },
    transformations: [slow('id, value', 2500)],
    destination: { type: 'dataset', config: { dataset: 'slow_readings' } },
    quality: lessThan96,
  },
  fastStream: {
    name: 'fast stream',
    type: 'streaming',
    source: { type: 'stream', config: { stream: 'ticks' } },
    destination: { type: 'dataset', config: { dataset: 'ticks_copy' } },
  },
} as const
