/** Numbers as people read them: tabular, in the browser's language, compact where room is short, "—" for nothing. */
export interface NumberStyle {
  readonly unit?: string | undefined
  readonly compact?: boolean | undefined
  /** At most this many decimals; chosen by size otherwise. */
  readonly decimals?: number | undefined
}

export const nothing = '—'

const currencies = new Set([
  'EUR',
  'USD',
  'GBP',
  'CHF',
  'JPY',
  'CAD',
  'AUD',
  'SEK',
  'NOK',
  'DKK',
  'PLN',
  'INR',
  'CNY',
  'BRL',
])
const formats = new Map<string, Intl.NumberFormat>()

function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options)
  let made = formats.get(key)
  if (made === undefined) formats.set(key, (made = new Intl.NumberFormat(undefined, options)))
  return made
}

function decimalsFor(size: number): number {
  if (Number.isInteger(size) || size >= 1000) return 0
  if (size >= 100) return 1
  if (size >= 1) return 2
  return 4
}

export function formatNumber(value: number | null | undefined, style: NumberStyle = {}): string {
  if (value === null || value === undefined || Number.isNaN(value)) return nothing
  const size = Math.abs(value)
  const compact = style.compact === true && size >= 10_000
  const unit = style.unit
  if (unit === '%')
    return withUnit(format({ maximumFractionDigits: style.decimals ?? (size < 1 ? 2 : 1) }).format(value), unit)
  const digits: Intl.NumberFormatOptions = compact
    ? { notation: 'compact', maximumFractionDigits: style.decimals ?? (size >= 100_000 && size < 1_000_000 ? 0 : 1) }
    : { maximumFractionDigits: style.decimals ?? decimalsFor(size) }
  if (unit !== undefined && currencies.has(unit)) {
    const cents = compact || style.decimals !== undefined ? {} : currencyDigits(value)
    return format({ ...digits, ...cents, style: 'currency', currency: unit, currencyDisplay: 'narrowSymbol' }).format(
      value,
    )
  }
  return withUnit(format(digits).format(value), unit)
}

/** A percent sign stands at its number, other units behind a thin space. */
function withUnit(text: string, unit: string | undefined): string {
  if (unit === undefined || unit === '') return text
  return unit === '%' ? `${text}%` : `${text}\u202f${unit}`
}

function currencyDigits(value: number): Intl.NumberFormatOptions {
  const decimals = Math.abs(value) >= 1000 || Number.isInteger(value) ? 0 : 2
  return { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
}

/** Every digit there is, for the title of a compact number. */
export function formatExact(
  value: number | null | undefined,
  unit?: string | undefined,
  exact?: string | undefined,
): string {
  if (value === null || value === undefined) return nothing
  return withUnit(exact ?? format({ maximumFractionDigits: 20 }).format(value), unit)
}

export interface Change {
  readonly absolute: number
  /** `undefined` where the base is nothing or zero. */
  readonly relative: number | undefined
}

export function changeBetween(value: number | null | undefined, base: number | null | undefined): Change | undefined {
  if (value === null || value === undefined || base === null || base === undefined) return undefined
  return { absolute: value - base, relative: base === 0 ? undefined : (value - base) / Math.abs(base) }
}

export function formatPercentChange(relative: number): string {
  const size = Math.abs(relative)
  const text = format({ style: 'percent', maximumFractionDigits: size < 0.1 ? 1 : 0 }).format(size)
  return `${relative < 0 ? '−' : '+'}${text}`
}

/** A share as "1%". */
export function formatPercent(share: number): string {
  return format({ style: 'percent', maximumFractionDigits: 1 }).format(share)
}

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return nothing
  const names = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  const step = bytes < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${format({ maximumFractionDigits: value < 10 && step > 0 ? 1 : 0 }).format(value)}\u202f${names[step]}`
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`
}

/** A count as "1.2M rows". */
export function formatCompactCount(count: number, one: string): string {
  return `${formatNumber(count, { compact: true })} ${count === 1 ? one : `${one}s`}`
}
