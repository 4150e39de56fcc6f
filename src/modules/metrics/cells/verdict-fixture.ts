/** For tests: is this value what these rows come to? Exactly, but for sketches and floating-point sums. */
import assert from 'node:assert/strict'
import type { Measure, MeasurePart, MetricPoint } from '#core/metric'
import type { Naive, PlainRow } from './naive-fixture.ts'
import { percentileError } from '../definition/states.ts'

/** The sum of floating-point numbers is within this share of the sum of their absolute values. */
export const floatBound = 2 ** -51

export function assertValue(
  point: Pick<MetricPoint, 'value' | 'exact'>,
  measure: Measure,
  rows: readonly PlainRow[],
  naive: Naive,
): void {
  if (measure.type !== 'ratio') return assertPart(point, measure, naive.valuesOf(measure, rows))
  const [top, bottom] = [measure.numerator, measure.denominator].map((part) =>
    rangeInRatio(part, naive.valuesOf(part, rows)),
  )
  if (top === null || bottom === null || (bottom![0] <= 0 && bottom![1] >= 0)) {
    if (top === null || bottom === null || bottom![0] === bottom![1]) assert.equal(point.value, null)
    return
  }
  const quotients = [top![0] / bottom![0], top![0] / bottom![1], top![1] / bottom![0], top![1] / bottom![1]]
  within(point.value, Math.min(...quotients), Math.max(...quotients))
}

/** In a ratio, a sum of no values is zero. */
function rangeInRatio(part: MeasurePart, values: readonly (string | number | boolean)[]): ReturnType<typeof rangeOf> {
  return part.type === 'sum' && values.length === 0 ? [0, 0] : rangeOf(part, values)
}

function assertPart(
  { value, exact }: Pick<MetricPoint, 'value' | 'exact'>,
  part: MeasurePart,
  values: readonly (string | number | boolean)[],
): void {
  const floats =
    values.some((each) => typeof each === 'number' && !Number.isInteger(each)) ||
    values.every((each) => typeof each === 'number')
  const range = rangeOf(part, values)
  if (range === null) return assert.equal(value, null)
  if (part.type === 'sum' && !(floats && values.length > 0)) {
    const wanted = decimalSum(values)
    assert.equal(plain(exact ?? String(value)), plain(wanted), 'the exact sum')
    assert.equal(value, Number(wanted))
    return
  }
  if ((part.type === 'min' || part.type === 'max') && exact !== undefined) {
    assert.ok(
      values.some((each) => plain(String(each)) === plain(exact)),
      'the exact extreme is one of the values',
    )
  }
  within(value, ...range)
}

/** What the value lies between; null where there is nothing to compute. */
function rangeOf(part: MeasurePart, values: readonly (string | number | boolean)[]): readonly [number, number] | null {
  const numbers = values.map(Number)
  switch (part.type) {
    case 'count':
      return same(values.length)
    case 'distinct':
      return same(new Set(values.map((each) => (typeof each === 'number' ? String(each + 0) : each))).size)
  }
  if (values.length === 0) return null
  switch (part.type) {
    case 'min':
      return same(numbers.reduce((a, b) => Math.min(a, b)))
    case 'max':
      return same(numbers.reduce((a, b) => Math.max(a, b)))
    case 'percentile': {
      if (part.p === 0 || part.p === 100) return same(part.p === 0 ? Math.min(...numbers) : Math.max(...numbers))
      const sorted = numbers.toSorted((a, b) => a - b)
      const rank = (part.p / 100) * (sorted.length - 1)
      const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!]
      const slack = percentileError * 1.000001
      const [least, greatest] = [sorted[0]!, sorted.at(-1)!]
      return [Math.max(least, low - Math.abs(low) * slack), Math.min(greatest, high + Math.abs(high) * slack)]
    }
    case 'sum':
    case 'avg': {
      const exactly = typeof values[0] === 'string'
      const sum = exactly ? Number(decimalSum(values)) : Number(floatSum(numbers))
      const bound = exactly
        ? Math.abs(sum) * 2 ** -52
        : floatBound * numbers.reduce((total, each) => total + Math.abs(each), 0)
      const share = part.type === 'avg' ? values.length : 1
      return [(sum - bound) / share, (sum + bound) / share]
    }
  }
}

function same(value: number): readonly [number, number] {
  return [value, value]
}

function within(value: number | null, low: number, high: number): void {
  assert.ok(value !== null, `null, and it should be within ${low} and ${high}`)
  const slack = Math.max(Math.abs(low), Math.abs(high)) * 2 ** -51
  assert.ok(
    low === high ? Math.abs(value - low) <= slack : value >= low - slack && value <= high + slack,
    `${value} is not within ${low} and ${high}`,
  )
}

function decimalSum(values: readonly (string | number | boolean)[]): string {
  const texts = values.map(String)
  const scale = Math.max(0, ...texts.map((text) => text.split('.')[1]?.length ?? 0))
  const total = texts.reduce((sum, text) => {
    const [whole = '0', decimals = ''] = text.split('.')
    return sum + BigInt(whole + decimals.padEnd(scale, '0'))
  }, 0n)
  const digits = (total < 0n ? -total : total).toString().padStart(scale + 1, '0')
  return `${total < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`
}

/** The true sum of doubles: each is a whole number of 2^-1074. */
function floatSum(numbers: readonly number[]): number {
  const view = new DataView(new ArrayBuffer(8))
  let total = 0n
  for (const each of numbers) {
    view.setFloat64(0, each)
    const bits = view.getBigUint64(0)
    const exponent = (bits >> 52n) & 0x7ffn
    const fraction = bits & 0xfffffffffffffn
    const magnitude = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n)
    total += each < 0 ? -magnitude : magnitude
  }
  const negative = total < 0n
  const magnitude = negative ? -total : total
  const spare = BigInt(Math.max(0, magnitude.toString(2).length - 60))
  const value = Number(magnitude >> spare) * 2 ** (Number(spare) - 1074 + 0)
  return negative ? -value : value
}

function plain(text: string): string {
  const cut = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return cut === '-0' ? '0' : cut
}
