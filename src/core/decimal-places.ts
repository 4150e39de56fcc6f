/**
 * How many digits after the point a written number needs, whatever its exponent and however many zeros it ends
 * with. Undefined: the text is no number.
 *
 * ```ts
 * decimalPlaces('1.2500') // 2
 * decimalPlaces('12e-3') // 3
 * decimalPlaces('0.5e1') // 0
 * decimalPlaces('1.2.3') // undefined
 * ```
 */
export function decimalPlaces(text: string): number | undefined {
  // Digits match in one way only, so that a long text that is no number takes linear time.
  const match = /^[-+]?(\d*)(?:[.](\d*))?(?:[eE]([-+]?\d+))?$/.exec(text)
  if (match === null) return undefined
  const [, whole = '', fraction = '', exponent = '0'] = match
  const digits = whole + fraction
  if (digits === '') return undefined
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end -= 1
  if (end === 0) return 0
  return Math.max(0, end - whole.length - Number(exponent))
}
