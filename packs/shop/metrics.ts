import type { Definition } from '#sdk'

const sold = "status != 'cancelled'"
const dimensions = ['region', 'channel', 'category']
const orders = { dataset: 'orders', time: 'ordered_at', dimensions, lateness: '10m' }

export const metrics: readonly Definition[] = [
  {
    code: 'SHOP.REVENUE',
    name: 'Net revenue',
    ...orders,
    measure: { type: 'sum', expression: 'amount' },
    filter: sold,
    unit: 'EUR',
    direction: 'up',
  },
  { code: 'SHOP.ORDERS', name: 'Orders', ...orders, measure: { type: 'count' }, filter: sold, direction: 'up' },
  {
    code: 'SHOP.BASKET',
    name: 'Average basket',
    ...orders,
    measure: { type: 'avg', expression: 'amount' },
    filter: sold,
    unit: 'EUR',
    direction: 'up',
  },
  {
    code: 'SHOP.BASKET_P95',
    name: 'Basket, 95th percentile',
    ...orders,
    measure: { type: 'percentile', expression: 'amount', p: 95 },
    filter: sold,
    unit: 'EUR',
    direction: 'up',
  },
  {
    code: 'SHOP.LARGEST',
    name: 'Largest order',
    ...orders,
    measure: { type: 'max', expression: 'amount' },
    filter: sold,
    unit: 'EUR',
    direction: 'up',
  },
  {
    code: 'SHOP.CUSTOMERS',
    name: 'Customers who ordered',
    ...orders,
    measure: { type: 'distinct', expression: 'customer_id' },
    direction: 'up',
  },
  {
    code: 'SHOP.CANCELLED',
    name: 'Cancelled orders, share',
    ...orders,
    unit: '%',
    direction: 'down',
    measure: {
      type: 'ratio',
      numerator: { type: 'sum', expression: '100', filter: "status = 'cancelled'" },
      denominator: { type: 'count' },
    },
  },
  {
    code: 'SHOP.MARGIN',
    name: 'Gross margin',
    ...orders,
    filter: sold,
    unit: '%',
    direction: 'up',
    measure: {
      type: 'ratio',
      numerator: { type: 'sum', expression: '(amount - cost) * 100' },
      denominator: { type: 'sum', expression: 'amount' },
    },
  },
]
