import type { BusMessage } from '#ports/bus'

/** Topic of the bus: the numbers of a metric may have changed, at most a few times a second per metric. */
export const numbersChanged = 'metrics.numbers-changed'

/** A hint that may be lost: whoever hears it asks for the values. */
export interface NumbersChanged {
  readonly workspace: string
  readonly code: string
  /** `cells`: rows were folded; `rows`: rows came in where there are no cells; `reloaded`: anything may be different. */
  readonly change: 'cells' | 'rows' | 'reloaded'
  /** The fold went from one position to another. */
  readonly folded?: { readonly from: bigint; readonly to: bigint }
}

/** The bus carries JSON: positions go as text. */
export function writeNumbersChanged({ workspace, code, change, folded }: NumbersChanged): BusMessage {
  return {
    workspace,
    code,
    change,
    ...(folded === undefined ? {} : { folded: { from: String(folded.from), to: String(folded.to) } }),
  }
}

export function readNumbersChanged(message: BusMessage): NumbersChanged {
  const { workspace, code, change, folded } = message as {
    workspace: string
    code: string
    change: NumbersChanged['change']
    folded?: { from: string; to: string }
  }
  return {
    workspace,
    code,
    change,
    ...(folded === undefined ? {} : { folded: { from: BigInt(folded.from), to: BigInt(folded.to) } }),
  }
}
