/** The codes that are pinned to Home, and what may be done to them. */
import { moved } from '#ui/moved'
import { maxPins } from '#core/home-pins'

export type PinChange = (codes: readonly string[]) => readonly string[]

export function canPin(codes: readonly string[]): boolean {
  return codes.length < maxPins
}

/** As the last one. */
export function withPin(code: string): PinChange {
  return (codes) => (codes.includes(code) || !canPin(codes) ? codes : [...codes, code])
}

/** Before the next of those that follow it in an order of earlier, or as the last one. */
export function withPinBack(code: string, order: readonly string[]): PinChange {
  return (codes) => {
    if (codes.includes(code) || !canPin(codes)) return codes
    const next = order.slice(order.indexOf(code) + 1).find((other) => codes.includes(other))
    return codes.toSpliced(next === undefined ? codes.length : codes.indexOf(next), 0, code)
  }
}

/** The order in which unpinned codes come back: the one of earlier while it only lost pins since, else the one that is shown. */
export function orderForUndo(earlier: readonly string[], codes: readonly string[]): readonly string[] {
  return earlier.filter((code) => codes.includes(code)).join('\n') === codes.join('\n') ? earlier : codes
}

export function withoutPin(code: string): PinChange {
  return (codes) => codes.filter((other) => other !== code)
}

/** To the place of another pin. */
export function pinMoved(code: string, other: string): PinChange {
  return (codes) => moved(codes, codes.indexOf(code), codes.indexOf(other))
}
