/**
 * What a measure comes to before it is shown: a fraction of whole numbers where the inputs are
 * exact, a floating-point number where they are not, null where there is nothing to compute.
 */
export type Quantity = Fraction | number | null

export interface Fraction {
  readonly top: bigint
  /** Above zero. */
  readonly bottom: bigint
}

export interface Shown {
  readonly value: number | null
  readonly exact?: string
}

/** Reads a whole or decimal number as the engine writes it. */
export function fraction(text: string): Fraction {
  const [whole = '0', decimals = ''] = text.split('.')
  return { top: BigInt(whole + decimals), bottom: 10n ** BigInt(decimals.length) }
}

/** Null where the divisor is zero or one side is null: a ratio of nothing is not zero. */
export function divide(top: Quantity, bottom: Quantity): Quantity {
  if (top === null || bottom === null) return null
  if (typeof top === 'number' || typeof bottom === 'number') {
    const divisor = nearest(bottom)
    return divisor === 0 ? null : nearest(top) / divisor
  }
  if (bottom.top === 0n) return null
  const sign = bottom.top < 0n ? -1n : 1n
  return { top: sign * top.top * bottom.bottom, bottom: sign * bottom.top * top.bottom }
}

/** `exact` goes along when the inputs are exact decimals and the number has lost digits of them. */
export function show(quantity: Quantity, decimals: string | undefined): Shown {
  if (quantity === null) return { value: null }
  const value = nearest(quantity)
  if (!Number.isFinite(value)) return { value: null, exact: String(value) }
  if (decimals === undefined || decimals === String(value)) return { value }
  const exact = plain(decimals)
  return exact === plain(written(value)) ? { value } : { value, exact }
}

/**
 * The closest floating-point number. The division is done with 40 digits: a quotient of two numbers of 53 bits can differ
 * from the middle between two doubles in its 33rd digit only.
 */
function nearest(quantity: Exclude<Quantity, null>): number {
  if (typeof quantity === 'number') return quantity
  const { top, bottom } = quantity
  if (top === 0n) return 0
  const missing = 40 - (digits(top) - digits(bottom))
  const scaled = missing >= 0 ? (top * 10n ** BigInt(missing)) / bottom : top / (bottom * 10n ** BigInt(-missing))
  return Number(`${scaled}e${-missing}`)
}

function digits(value: bigint): number {
  return (value < 0n ? -value : value).toString().length
}

/** The number's shortest text, without an exponent where it is small. */
function written(value: number): string {
  const text = String(value)
  const [, sign, whole, decimals = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text) ?? []
  return exponent === undefined ? text : `${sign}0.${'0'.repeat(Number(exponent) - 1)}${whole}${decimals}`
}

function plain(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
