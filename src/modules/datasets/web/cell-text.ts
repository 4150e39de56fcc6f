/** A value as it reads in a column of its kind: times without their frame, decimals with all their places, very fine ones without empty digits. */
export function readable(value: string, type: string): string {
  if (type === 'timestamp')
    return value
      .replace('T', ' ')
      .replace(/(\.\d*?)0*Z$/, '$1')
      .replace(/[.Z]$/, '')
  const scale = Number(/,\s*(\d+)\)/.exec(type)?.[1] ?? 0)
  if (scale === 0 || !/^-?\d+(\.\d+)?$/.test(value)) return value
  const [whole = '', fraction = ''] = value.split('.')
  if (scale <= 4) return `${whole}.${fraction.padEnd(scale, '0')}`
  const digits = fraction.replace(/0+$/, '')
  return digits === '' ? whole : `${whole}.${digits}`
}
