/** For tests: numbers that look random and come again with the same seed. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** Both ends included. */
  whole(from: number, to: number): number
  chance(share: number): boolean
  of<T>(choices: readonly T[]): T
  some<T>(choices: readonly T[]): T[]
}

export function randomSource(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    whole,
    chance: (share) => next() < share,
    of: (choices) => choices[whole(0, choices.length - 1)]!,
    some: (choices) => choices.filter(() => next() < 0.4),
  }
}
