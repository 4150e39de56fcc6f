/** From a question to points: what is asked, planned; read from cells and raw rows; made into values. */
import { latenessMs, type MetricPoint } from '#core/metric'
import { periodState, type Period } from '#core/period'
import { metricErrors } from '../errors.ts'
import type { MetricExtent, MetricValues, ValuesQuestion } from '../index.ts'
import { elapsedPart } from './elapsed.ts'
import { readExtent, type Extent } from './extent.ts'
import { maxPoints, planQuestion } from './plan-question.ts'
import type { QuestionPlan } from './question-sql.ts'
import { readPlan, type AnswerSource } from './read-plan.ts'

export type { AnswerSource }

export async function answer(source: AnswerSource, question: ValuesQuestion): Promise<MetricValues> {
  const { metric, now } = source
  const { plan, periods, zone, base } = planQuestion(metric, question, source.cells)
  const part = base && elapsedPart({ plan, periods, baseOf: base.periodOf, period: question.period, zone }, now)
  const read = (of: QuestionPlan) => readSeries(source, of, question)
  const none = new Map<string, Series>()
  const [series, baseSeries, elapsed, extent] = await Promise.all([
    read(plan),
    base?.plan ? read(base.plan) : undefined,
    part?.plan === undefined ? none : read(part.plan),
    base || question.extent ? readExtent(source, zone) : undefined,
  ])
  if (series.size === 0 && plan.by.length === 0 && question.fill !== undefined)
    series.set('[]', { dims: undefined, cells: new Map() })
  if (question.fill !== undefined && series.size * periods.length > maxPoints)
    throw metricErrors.too_many_points({ code: question.code, max: maxPoints })

  const lateness = latenessMs(metric.definition.lateness)
  const empty: Cell = { value: question.fill === 'zero' ? 0 : null, dataPoints: 0 }
  const baseAt = (key: string, index: number): MetricPoint['compare'] => {
    const period = base?.periodOf(index)
    if (base === undefined || period === undefined) return undefined
    if (index === part?.open)
      return { ...baseSpan(part, extent), ...(elapsed.get(key)?.cells.get(0) ?? empty), elapsed: true }
    const cells = (baseSeries ?? series).get(key)?.cells
    return { ...baseSpan(period, extent), ...(cells?.get(base.indexOf(index)) ?? empty) }
  }
  const points: MetricPoint[] = []
  for (const [index, period] of periods.entries()) {
    if (base !== undefined && index < base.first) continue
    for (const [key, { dims, cells }] of series) {
      const cell = cells.get(index) ?? (question.fill === undefined ? undefined : empty)
      if (cell === undefined) continue
      const compare = baseAt(key, index)
      points.push({
        ...spanOf(period),
        ...cell,
        state: periodState(period, lateness, now),
        ...(dims && { dims }),
        ...(compare && { compare }),
      })
    }
  }
  const { relativeError } = metric.measure
  return {
    code: question.code,
    unit: metric.definition.unit,
    period: question.period,
    zone: zone.name,
    points,
    asOf: new Date(now).toISOString(),
    ...(relativeError !== undefined && { approximate: { relativeError } }),
    ...(extent && { extent: extentOf(extent) }),
  }
}

interface Cell {
  readonly value: number | null
  readonly exact?: string
  readonly dataPoints: number
}

interface Series {
  readonly dims: Record<string, string | null> | undefined
  readonly cells: Map<number, Cell>
}

/** Values by group, each by the number of its period. */
async function readSeries(
  source: AnswerSource,
  plan: QuestionPlan,
  { code, signal }: ValuesQuestion,
): Promise<Map<string, Series>> {
  const rows = await readPlan(source, plan, code, signal)
  const startOf = new Map(plan.edges.slice(0, -1).map((edge, index) => [edge, index]))
  const series = new Map<string, Series>()
  for (const row of rows) {
    const period = startOf.get(Number(row['tick']))
    if (period === undefined) continue
    const groups = plan.by.map((_, index) => row[`g${index}`] ?? null)
    const key = JSON.stringify(groups)
    const known = series.get(key) ?? { dims: dimsOf(plan.by, groups), cells: new Map<number, Cell>() }
    series.set(key, known)
    known.cells.set(period, { ...source.metric.measure.value(row), dataPoints: Number(row['n']) })
  }
  return series
}

function dimsOf(by: readonly string[], groups: readonly (string | null)[]): Series['dims'] {
  return by.length === 0 ? undefined : Object.fromEntries(by.map((name, index) => [name, groups[index] ?? null]))
}

function spanOf({ start, end }: Period): { start: string; end: string } {
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() }
}

/** A base that began before there were any rows is only partly there. */
function baseSpan(period: Period, extent: Extent | undefined): { start: string; end: string; partial?: true } {
  const partial = extent !== undefined && period.start < extent.first && extent.first < period.end
  return { ...spanOf(period), ...(partial && { partial }) }
}

function extentOf({ first, last, ahead }: Extent): MetricExtent {
  return {
    first: new Date(first).toISOString(),
    last: last === undefined ? null : new Date(last).toISOString(),
    ...(ahead && { ahead: { rows: ahead.rows, last: new Date(ahead.last).toISOString() } }),
  }
}
