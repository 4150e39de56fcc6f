interface MeasureLike {
  readonly type: string
  readonly expression?: string
  readonly p?: number | string
  readonly filter?: unknown
  readonly numerator?: MeasureLike
  readonly denominator?: MeasureLike
}

/** A measure in a few words: "sum of amount", "share of rows where status = 'paid'". */
export function measureText(measure: MeasureLike): string {
  const { numerator, denominator } = measure
  const share = shareFilter(measure)
  if (share !== undefined) return `share of rows${whereText(share)}`
  return numerator !== undefined && denominator !== undefined
    ? `${measureText(numerator)} / ${measureText(denominator)}`
    : whatText(measure) + whereText(measure.filter)
}

/** Whether its values come from a sketch. */
export function isApproximate({ type, p, numerator, denominator }: MeasureLike): boolean {
  if (type === 'percentile') return Number(p) > 0 && Number(p) < 100
  return [numerator, denominator].some((part) => part !== undefined && isApproximate(part))
}

/** A share of rows is written as 100 for each that fits, over the count of all: its filter, where it is one. */
export function shareFilter({ numerator, denominator }: MeasureLike): unknown {
  return numerator?.type === 'sum' &&
    numerator.expression === '100' &&
    denominator?.type === 'count' &&
    denominator.filter === undefined
    ? numerator.filter
    : undefined
}

export function whereText(filter: unknown): string {
  return filter === undefined ? '' : ` where ${typeof filter === 'string' ? filter : JSON.stringify(filter)}`
}

function whatText({ type, expression, p }: MeasureLike): string {
  if (type === 'count') return 'count of rows'
  if (type === 'percentile') return `${p}th percentile of ${expression}`
  return expression === undefined ? type : `${type === 'distinct' ? 'distinct' : `${type} of`} ${expression}`
}
