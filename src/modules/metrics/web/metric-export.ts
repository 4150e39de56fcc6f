/** The values that the page of a metric shows, with all that is needed to ask for them again. */
import type { MetricDefinition, MetricPoint } from '#core/metric'
import type { Export } from '#ui/export-text'
import { definitionLines } from './definition-lines.ts'
import { readValues, type MetricValues, type ValuesQuestion } from './metric-api.ts'
import { questionFacts, valueOf } from './value-facts.ts'

export interface Against {
  readonly name: string
  readonly question: ValuesQuestion
  /** Where a point of the base is drawn within the range. */
  readonly at: (point: MetricPoint) => number
}

interface Row extends MetricPoint {
  readonly base?: MetricPoint | undefined
}

export function metricExport(
  metric: MetricDefinition & { readonly version: number },
  question: ValuesQuestion,
  against: Against | undefined,
): Export<Row> {
  let answer: MetricValues | undefined
  return {
    name: [metric.code, question.period, dayOf(question.from), dayOf(question.to)].join(' '),
    about: () => [
      ['Metric', `${metric.name} (${metric.code}), version ${metric.version}`],
      ...definitionLines(metric).flatMap(({ title, text }) =>
        title === 'Name' || text === 'none' || text === 'not said' ? [] : [[title, text] as const],
      ),
      ...questionFacts(question),
      ...(against === undefined ? [] : [['Base', against.name] as const]),
      ...answerFacts(answer),
      ['As of', answer?.asOf ?? ''],
    ],
    columns: [
      { id: 'start', value: ({ start }) => start },
      { id: 'end', value: ({ end }) => end },
      { id: 'value', value: valueOf },
      { id: 'state', value: ({ state }) => state },
      { id: 'data_points', value: ({ dataPoints }) => dataPoints },
      { id: 'period_before', value: ({ compare }) => compare && valueOf(compare) },
      ...(against === undefined ? [] : [{ id: 'base', value: ({ base }: Row) => base && valueOf(base) }]),
    ],
    async *read(signal) {
      answer = await readValues(question, signal)
      const bases = against === undefined ? [] : (await readValues(against.question, signal)).points
      const byTime = new Map(bases.map((point) => [against?.at(point), point]))
      yield answer.points.map((point) => ({ ...point, base: byTime.get(Date.parse(point.start)) }))
    },
  }
}

function answerFacts(answer: MetricValues | undefined): (readonly [string, string])[] {
  const { approximate, extent } = answer ?? {}
  return [
    ...(approximate === undefined ? [] : [['Approximate, relative error', String(approximate.relativeError)] as const]),
    ...(extent?.ahead === undefined
      ? []
      : [['Rows dated ahead of now', `${extent.ahead.rows}, up to ${extent.ahead.last}`] as const]),
  ]
}

function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}
