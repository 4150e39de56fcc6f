import type { BusMessage } from '#ports/bus'
import type { Position } from '#ports/log'

/** Topic of the bus: the numbers of a metric may have changed, at most a few times a second per metric. */
export const numbersChanged = 'metrics.numbers-changed'

/** A hint that may be lost: whoever hears it asks for the values. */
export interface NumbersChanged {
  readonly workspace: string
  readonly code: string
  /** `cells`: rows were folded; `rows`: rows came in where there are no cells; `reloaded`: anything may be different. */
  readonly change: 'cells' | 'rows' | 'reloaded'
  /** The fold went from one position to another. */
  readonly folded?: { readonly from: Position; readonly to: Position }
}

export function writeNumbersChanged({ workspace, code, change, folded }: NumbersChanged): BusMessage {
  return { workspace, code, change, ...(folded === undefined ? {} : { folded: { from: folded.from, to: folded.to } }) }
}

export function readNumbersChanged(message: BusMessage): NumbersChanged {
  return message as unknown as NumbersChanged
}
