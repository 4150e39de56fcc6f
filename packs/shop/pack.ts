import { definePack } from '#sdk'
import { metrics } from './metrics.ts'
import { orders } from './orders.ts'
import { priceList } from './products.ts'

const text = (name: string, nullable = false) => ({ name, type: 'string', nullable })

export default definePack({
  name: 'shop',
  title: 'Coffee shop demo',
  about: 'Made-up orders of a made-up shop, so that there is something to look at. None of it is real.',
  datasets: [
    {
      name: 'orders',
      kind: 'events',
      columns: [
        text('order_id'),
        { name: 'ordered_at', type: 'timestamp', nullable: false },
        text('customer_id'),
        text('sku'),
        text('category'),
        text('region'),
        text('channel'),
        { name: 'quantity', type: 'integer', nullable: false },
        { name: 'amount', type: 'decimal(12,2)', nullable: false },
        { name: 'cost', type: 'decimal(12,2)', nullable: false },
        text('status'),
      ],
    },
  ],
  metrics,
  files: [{ path: 'demo/price-list.csv', content: priceList }],
  pipelines: [
    {
      begin: true,
      definition: {
        name: 'price-list',
        type: 'batch',
        source: { type: 'file', config: { path: 'demo/price-list.csv', format: 'csv' } },
        transformations: [
          { type: 'filter', config: { field: 'status', operator: 'eq', value: 'active' } },
          { type: 'map', config: { compute: { margin: 'price - cost' }, drop: ['status'] } },
        ],
        destination: { type: 'dataset', config: { dataset: 'products', mode: 'overwrite', key: ['sku'] } },
      },
    },
    {
      begin: true,
      definition: {
        name: 'large-orders',
        type: 'streaming',
        source: { type: 'stream', config: { stream: 'orders' } },
        transformations: [
          { type: 'filter', config: { field: 'amount', operator: 'gte', value: 200 } },
          { type: 'map', config: { select: ['order_id', 'ordered_at', 'customer_id', 'sku', 'amount', 'region'] } },
        ],
        destination: { type: 'dataset', config: { dataset: 'large_orders', mode: 'append' } },
      },
    },
  ],
  dashboards: [
    {
      name: 'shop',
      title: 'The shop, live',
      tiles: [
        { metric: 'SHOP.REVENUE' },
        { metric: 'SHOP.ORDERS' },
        { metric: 'SHOP.BASKET' },
        { metric: 'SHOP.CUSTOMERS' },
        { metric: 'SHOP.MARGIN' },
        { metric: 'SHOP.CANCELLED' },
        { metric: 'SHOP.BASKET_P95' },
        { metric: 'SHOP.LARGEST' },
      ],
    },
  ],
  feeds: [orders],
})
