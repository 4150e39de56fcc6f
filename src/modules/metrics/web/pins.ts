/** The codes that are pinned to Home, and what may be done to them. */
import { moved } from '#ui/moved'
import { maxPins } from '#core/home-pins'

export type PinChange = (codes: readonly string[]) => readonly string[]

export function canPin(codes: readonly string[]): boolean {
  return codes.length < maxPins
}

/** At a place, or as the last one. */
export function withPin(code: string, at?: number): PinChange {
  return (codes) => (codes.includes(code) || !canPin(codes) ? codes : codes.toSpliced(at ?? codes.length, 0, code))
}

export function withoutPin(code: string): PinChange {
  return (codes) => codes.filter((other) => other !== code)
}

/** To the place of another pin. */
export function pinMoved(code: string, other: string): PinChange {
  return (codes) => moved(codes, codes.indexOf(code), codes.indexOf(other))
}
