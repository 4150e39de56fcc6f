import type { Sql } from '#sdk'
import { compileClickhouse } from './clickhouse/compile.ts'
import type { Dialect, Plan } from './plan.ts'

const compilers: Readonly<Record<Dialect, (plan: Plan) => Sql>> = { clickhouse: compileClickhouse }

/**
 * The plan as one SELECT.
 *
 * ```ts
 * import { aggregate } from '#plans/aggregate'
 * import { scan } from '#plans/scan'
 * import { raw, show } from '#sdk'
 *
 * const orders = scan({ name: 'orders', from: raw('orders') }, [
 *   { name: 'region', type: 'String' },
 *   { name: 'amount', type: 'Nullable(Int64)' },
 * ])
 * const byRegion = aggregate(orders, ['region'], [{ name: 'orders', measure: { type: 'count' } }])
 * show(compile(byRegion, 'clickhouse'))
 * // 'SELECT `region`, `orders` FROM (SELECT `region`, toInt64(count()) AS `orders` FROM orders AS r GROUP BY r.`region`)'
 * ```
 */
export function compile(plan: Plan, dialect: Dialect): Sql {
  return compilers[dialect](plan)
}
