/**
 * A pack is definitions first: datasets, metrics, pipelines and dashboards that belong together,
 * and, for a demo, the feeds that keep them moving.
 *
 * ```ts
 * export default definePack({
 *   name: 'shop', title: 'Online shop', about: 'Orders of a made-up shop.',
 *   datasets: [{ name: 'orders', columns: [{ name: 'amount', type: 'decimal(12,2)' }] }],
 *   metrics: [{ code: 'SHOP.REV', name: 'Revenue', dataset: 'orders', time: 'ordered_at',
 *     measure: { type: 'sum', expression: 'amount' } }],
 * })
 * ```
 */
export interface Pack {
  /** Lower-case letters, digits and `-`. */
  readonly name: string
  readonly title: string
  /** One sentence. */
  readonly about: string
  /** Each as in `POST /api/v1/datasets`. */
  readonly datasets?: readonly Definition[]
  /** Each as in `POST /api/v1/metrics`. */
  readonly metrics?: readonly Definition[]
  /** Each as in `POST /api/v1/pipelines`. */
  readonly pipelines?: readonly PackPipeline[]
  /** Each as in `POST /api/v1/dashboards`. */
  readonly dashboards?: readonly Definition[]
  /** Files put into the folder of the pack's workspace when they are not there. */
  readonly files?: readonly { readonly path: string; readonly content: string }[]
  /** Sources of made-up events, for demos only. */
  readonly feeds?: readonly Feed[]
}

export type Definition = Readonly<Record<string, unknown>>

export interface PackPipeline {
  readonly definition: Definition
  /** What happens once after it was made: a batch pipeline runs, a streaming one begins. */
  readonly begin: boolean
}

/** Makes events as a pure function of time, so that a restart continues where the feed ended. */
export interface Feed {
  readonly stream: string
  /** How much of the past is filled in at first. */
  readonly historyMs: number
  /** The events of `[from, to)` in order of time; the same window answers the same events. */
  events(from: number, to: number): readonly Definition[]
}

export function definePack(pack: Pack): Pack {
  return pack
}
