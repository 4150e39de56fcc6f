/** A plan for each operator, over two tables given in SQL. */
import { parseExpression } from '#core/expression'
import type { Expression } from '#core/expression'
import { literal, raw } from '#sdk'
import { aggregate } from './aggregate.ts'
import { filter } from './filter.ts'
import { fit } from './fit.ts'
import { join } from './join.ts'
import { mark } from './mark.ts'
import type { Plan } from './plan.ts'
import { castValue, columnValue, expressionValue, pick, project } from './project.ts'
import { scan, scanRecords } from './scan.ts'
import { sqlBlock } from './sql-block.ts'
import { union } from './union.ts'

const orders = scan(
  {
    name: 'orders',
    from: raw(
      "values('id Int64, customer Nullable(String), amount Nullable(Decimal(12,2)), paid UInt8', (1, 'ann', 12.5, 1), (2, 'bob', 7, 0), (3, NULL, 1, 1), (4, 'ann', NULL, 1))",
    ),
  },
  [
    { name: 'id', type: 'Int64' },
    { name: 'customer', type: 'Nullable(String)' },
    { name: 'amount', type: 'Nullable(Decimal(12,2))' },
    { name: 'paid', type: 'UInt8', holds: 'boolean' },
  ],
)
const customers = scan(
  {
    name: 'customers',
    from: raw(
      "values('name String, country LowCardinality(String), tags Array(String)', ('ann', 'DE', ['a', 'b']), ('eve', 'AT', []))",
    ),
  },
  [
    { name: 'name', type: 'String' },
    { name: 'country', type: 'LowCardinality(String)' },
    { name: 'tags', type: 'Array(String)' },
  ],
)
const records = [
  '{"id":1,"big":12345678901234567890,"at":"2026-03-29T10:00:00Z","more":{"a":1}}',
  '{"id":2,"name":"x"}',
]

const joined = join(orders, customers, { type: 'left', keys: [{ left: 'customer', right: 'name' }] })

export const goldenPlans: Readonly<Record<string, Plan>> = {
  'scan-reads-what-the-engine-gives': customers,
  'records-have-typed-members': scanRecords(
    { name: 'records', from: raw(`(SELECT arrayJoin([${records.map(literal).join(', ')}]) AS _record)`) },
    '_record',
    [
      { name: 'id', type: 'integer', member: 'integer' },
      { name: 'big', type: 'decimal(38,0)', member: 'decimal' },
      { name: 'at', type: 'timestamp', member: 'timestamp' },
      { name: 'more', type: 'json', member: 'json' },
      { name: 'name', type: 'string', member: 'string' },
    ],
  ),
  'filter-pushed-down': filter(
    filter(pick(orders, ['id', 'paid', 'amount']), expression('paid')),
    expression('amount > 5'),
  ),
  'filter-over-computed': filter(
    project(orders, [
      { name: 'id', ...columnValue(orders, 'id') },
      { name: 'twice', ...expressionValue(orders, expression('amount * 2')) },
    ]),
    expression('twice > 20'),
  ),
  'filter-column-dropped': pick(filter(orders, expression('paid')), ['id']),
  'rename-and-cast': renamedAndCast(),
  'fit-to-a-table': fit(filter(orders, expression('customer is not null')), [
    { name: 'customer', type: 'String' },
    { name: 'amount', type: 'Nullable(Float64)' },
    { name: 'note', type: 'Nullable(String)' },
  ]),
  'mark-broken-rows': mark(
    orders,
    [
      { kind: 'empty', column: 'customer' },
      { kind: 'unlike', column: 'customer', pattern: '^a' },
      { kind: 'outside', column: 'amount', min: '5', max: '10' },
      { kind: 'none_of', column: 'id', values: ['1', '2'] },
      { kind: 'unreadable', column: 'customer', type: 'integer' },
    ],
    'broken',
  ),
  'aggregate-by-group': aggregate(
    orders,
    ['customer'],
    [
      { name: 'orders', measure: { type: 'count' } },
      { name: 'paid', measure: { type: 'sum', of: expression('amount'), filter: expression('paid') } },
      { name: 'median', measure: { type: 'percentile', of: expression('amount'), p: 50 } },
    ],
  ),
  'aggregate-of-nothing': aggregate(
    filter(orders, expression('id > 100')),
    [],
    [
      { name: 'orders', measure: { type: 'count' } },
      { name: 'total', measure: { type: 'sum', of: expression('amount') } },
    ],
  ),
  'join-left': joined,
  'join-full': join(orders, customers, {
    type: 'full',
    keys: [{ left: 'customer', right: 'name' }],
    columns: [
      { name: 'order', side: 'left', column: 'id' },
      { name: 'name', side: 'right', column: 'name' },
    ],
  }),
  'join-inner-then-aggregate': aggregate(
    join(orders, customers, { type: 'inner', keys: [{ left: 'customer', right: 'name' }] }),
    ['country'],
    [{ name: 'orders', measure: { type: 'count' } }],
  ),
  'union-of-tables': union([pick(orders, ['customer']), renamedCustomers()]),
  'sql-block': sqlBlock([orders], {
    dialect: 'clickhouse',
    sql: 'SELECT region, count() AS n FROM (SELECT arrayJoin([1, 2, 2]) AS region) GROUP BY region',
    columns: [
      { name: 'region', type: 'UInt8' },
      { name: 'n', type: 'UInt64' },
    ],
    reads: ['dataset:regions'],
  }),
}

function renamedAndCast(): Plan {
  const amount = castValue(orders, { column: 'amount', type: 'integer', otherwise: 'null' })
  const customer = castValue(orders, { column: 'customer', type: 'json', otherwise: 'fail' })
  if (!('value' in amount) || !('value' in customer)) throw new Error('These casts are possible.')
  return project(orders, [
    { name: 'number', ...columnValue(orders, 'id') },
    { name: 'amount', ...amount },
    { name: 'customer', ...customer },
  ])
}

function renamedCustomers(): Plan {
  return project(customers, [{ name: 'customer', ...columnValue(customers, 'name') }])
}

function expression(text: string): Expression {
  const parsed = parseExpression(text)
  if ('problems' in parsed) throw new Error(parsed.problems[0]?.message)
  return parsed.expression
}
