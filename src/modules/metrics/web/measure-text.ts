interface MeasureLike {
  readonly type: string
  readonly expression?: string
  readonly p?: number
  readonly numerator?: MeasureLike
  readonly denominator?: MeasureLike
}

/** A measure in a few words: "sum of amount", "count / count". */
export function measureText(measure: MeasureLike): string {
  if (measure.type === 'count') return 'count of rows'
  if (measure.type === 'percentile') return `${measure.p}th percentile of ${measure.expression}`
  if (measure.numerator !== undefined && measure.denominator !== undefined)
    return `${measureText(measure.numerator)} / ${measureText(measure.denominator)}`
  return measure.expression === undefined
    ? measure.type
    : `${measure.type === 'distinct' ? 'distinct' : `${measure.type} of`} ${measure.expression}`
}
