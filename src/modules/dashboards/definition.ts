/**
 * A dashboard: metrics side by side, each in a tile.
 *
 * ```json
 * { "name": "shop", "title": "The shop, live",
 *   "tiles": [ { "metric": "SHOP.REVENUE" }, { "metric": "SHOP.ORDERS", "by": ["region"], "chart": "bar", "width": 6 } ] }
 * ```
 */
import { z } from 'zod'
import { Name } from '#core/dataset'
import { Filter } from '#core/filter'
import { MetricCode } from '#core/metric'
import { periodNames } from '#core/period'

export const Tile = z.strictObject({
  metric: MetricCode,
  title: z.string().trim().min(1).max(200).optional(),
  /** The page chooses one for the whole dashboard; this is for a tile that differs. */
  period: z.enum(periodNames).optional(),
  chart: z.enum(['number', 'line', 'area', 'bar', 'table']).optional(),
  by: z.array(z.string().min(1).max(100)).max(16).optional(),
  filter: Filter.optional(),
  /** In twelfths of the page. */
  width: z.int().min(1).max(12).optional(),
})
export type Tile = z.output<typeof Tile>

export const DashboardDefinition = z.strictObject({
  name: Name,
  title: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(2000).optional(),
  tiles: z.array(Tile).max(60, 'a dashboard has at most 60 tiles').default([]),
})
export type DashboardDefinition = z.output<typeof DashboardDefinition>
