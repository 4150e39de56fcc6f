import { parseKeepingDigits } from '#core/exact-json'

/** Parses JSON; a number whose digits JavaScript would change becomes an object that keeps them and is written as they were. */
export function parseJson(text: string): unknown {
  return parseKeepingDigits(text)
}
