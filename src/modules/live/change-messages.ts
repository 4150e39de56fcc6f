import type { MetricChanged } from '#modules/metrics'
import type { BusMessage } from '#ports/bus'

export const changedTopic = 'metrics.changed'

/** The bus carries JSON: positions go as text. */
export function messageOf({ workspace, code, change, folded }: MetricChanged): BusMessage {
  return {
    workspace,
    code,
    change,
    ...(folded === undefined ? {} : { folded: { from: String(folded.from), to: String(folded.to) } }),
  }
}

export function eventOf(message: BusMessage): MetricChanged {
  const { workspace, code, change, folded } = message as {
    workspace: string
    code: string
    change: MetricChanged['change']
    folded?: { from: string; to: string }
  }
  return {
    workspace,
    code,
    change,
    ...(folded === undefined ? {} : { folded: { from: BigInt(folded.from), to: BigInt(folded.to) } }),
  }
}
