/** A value as it reads in a column of its kind: times without their frame, decimals with all their places. */
export function readable(value: string, type: string): string {
  if (type === 'timestamp')
    return value
      .replace('T', ' ')
      .replace(/(\.\d*?)0*Z$/, '$1')
      .replace(/[.Z]$/, '')
  const scale = Number(/,\s*(\d+)\)/.exec(type)?.[1] ?? 0)
  if (scale === 0 || !/^-?\d+(\.\d+)?$/.test(value)) return value
  const [whole = '', fraction = ''] = value.split('.')
  return scale > 4 ? value : `${whole}.${fraction.padEnd(scale, '0')}`
}
