import { streamErrors } from './errors.ts'

/** Positions are opaque outside: today the number of the last row. */
export function readPosition(text: string): bigint {
  if (!/^\d{1,19}$/.test(text)) throw streamErrors.bad_position({ position: text })
  return BigInt(text)
}
