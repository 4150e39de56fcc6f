/**
 * How many metrics one person may pin to Home: three rows of four tiles.
 *
 * ```ts
 * maxPins // 12
 * ```
 */
export const maxPins = 12
