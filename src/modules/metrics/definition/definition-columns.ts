import { columnsOf, parseExpression } from '#core/expression'
import { readFilter, type Filter } from '#core/filter'
import type { MeasurePart, MetricDefinition } from '#core/metric'

/** The columns that the rows of a metric are read with. */
export function columnsOfDefinition({ time, dimensions, filter, measure }: MetricDefinition): ReadonlySet<string> {
  const parts: readonly MeasurePart[] = measure.type === 'ratio' ? [measure.numerator, measure.denominator] : [measure]
  return new Set([
    time,
    ...dimensions,
    ...columnsOfFilter(filter),
    ...parts.flatMap((part) => [
      ...columnsOfFilter(part.filter),
      ...(part.type === 'count' ? [] : columnsOfText(part.expression)),
    ]),
  ])
}

function columnsOfText(text: string): readonly string[] {
  const parsed = parseExpression(text)
  return 'problems' in parsed ? [] : columnsOf(parsed.expression)
}

/** Empty for a filter that cannot be read. */
export function columnsOfFilter(filter: Filter | undefined): readonly string[] {
  if (filter === undefined) return []
  const read = readFilter(filter)
  return 'problems' in read ? [] : columnsOf(read.expression)
}
