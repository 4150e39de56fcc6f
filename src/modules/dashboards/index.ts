/**
 * Metrics side by side, live.
 *
 * ```ts
 * const { id } = await needs.dashboards.create('default', { name: 'shop', tiles: [{ metric: 'SHOP.ORDERS' }] })
 * await needs.dashboards.named('default', 'shop') // { id: '…', … }
 * ```
 */
import { face } from '#kernel/module'

export const dashboards = face<Dashboards>('dashboards')

/** What other modules may do with dashboards. Every call names the workspace of its actor. */
export interface Dashboards {
  named(workspace: string, name: string): Promise<{ readonly id: string } | undefined>
  /** The body of `POST /api/v1/dashboards`; rejects with every problem found. */
  create(workspace: string, definition: unknown): Promise<{ readonly id: string }>
}
