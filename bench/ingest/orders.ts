/** The dataset and the eight KPIs of the ingest benchmark, and blocks of its rows. */
const text = (name: string) => ({ name, type: 'string', nullable: false })

export const dataset = {
  name: 'load',
  kind: 'events',
  columns: [
    text('order_id'),
    { name: 'ordered_at', type: 'timestamp', nullable: false },
    text('customer_id'),
    text('category'),
    text('region'),
    text('channel'),
    { name: 'quantity', type: 'integer', nullable: false },
    { name: 'amount', type: 'decimal(12,2)', nullable: false },
    { name: 'cost', type: 'decimal(12,2)', nullable: false },
    text('status'),
  ],
}

/** The engine's types of these columns, for the bare engine. */
export const engineTypes: Readonly<Record<string, string>> = {
  string: 'String',
  timestamp: "DateTime64(6, 'UTC')",
  integer: 'Int64',
  'decimal(12,2)': 'Decimal(12, 2)',
}

const common = { dataset: 'load', time: 'ordered_at', dimensions: ['region', 'channel'] }
const sold = "status != 'cancelled'"
const amount = 'amount'

export const metrics = [
  { code: 'L.REVENUE', name: 'Revenue', ...common, measure: { type: 'sum', expression: amount }, filter: sold },
  { code: 'L.ORDERS', name: 'Orders', ...common, measure: { type: 'count' }, filter: sold },
  { code: 'L.BASKET', name: 'Basket', ...common, measure: { type: 'avg', expression: amount }, filter: sold },
  {
    code: 'L.P95',
    name: 'Basket p95',
    ...common,
    measure: { type: 'percentile', expression: amount, p: 95 },
    filter: sold,
  },
  { code: 'L.MAX', name: 'Largest', ...common, measure: { type: 'max', expression: amount } },
  { code: 'L.CUSTOMERS', name: 'Customers', ...common, measure: { type: 'distinct', expression: 'customer_id' } },
  { code: 'L.ITEMS', name: 'Items', ...common, measure: { type: 'sum', expression: 'quantity' } },
  {
    code: 'L.MARGIN',
    name: 'Margin',
    ...common,
    measure: {
      type: 'ratio',
      numerator: { type: 'sum', expression: 'amount - cost' },
      denominator: { type: 'sum', expression: amount },
    },
  },
]

const regions = ['north', 'south', 'east', 'west']
const channels = ['web', 'app', 'store']

/** A block whose times lie within the last minute. */
export function block(rows: number, seed: number): Buffer {
  const now = Date.now()
  let lines = ''
  for (let index = 0; index < rows; index++) {
    const mixed = Math.imul(index + seed * 7919, 0x9e3779b1) >>> 0
    lines += `{"order_id":"O-${seed}-${index}","ordered_at":"${new Date(now - (mixed % 60_000)).toISOString()}","customer_id":"C-${mixed % 9000}","category":"coffee","region":"${regions[mixed % 4]}","channel":"${channels[mixed % 3]}","quantity":${1 + (mixed % 5)},"amount":"${mixed % 300}.${10 + (mixed % 90)}","cost":"${mixed % 100}.50","status":"${mixed % 25 === 0 ? 'cancelled' : 'paid'}"}\n`
  }
  return Buffer.from(lines)
}
