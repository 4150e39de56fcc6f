/** From a question to points: what is asked, checked; read from cells and raw rows; made into values. */
import { latenessMs, type MetricPoint } from '#core/metric'
import { periodState, type Period } from '#core/period'
import type { Warehouse } from '#ports/warehouse'
import { planQuestion, maxPoints } from './plan-question.ts'
import { interpreted, type CellsTable } from '../cells/cells.ts'
import type { CompiledMetric } from '../definition/compile.ts'
import { elapsedPart } from './elapsed.ts'
import { metricErrors } from '../errors.ts'
import type { MetricValues, ValuesQuestion } from '../index.ts'
import { questionSql, reachTick, type QuestionPlan } from './question-sql.ts'

const maxTries = 8

export interface AnswerSource {
  readonly warehouse: Warehouse
  readonly metric: CompiledMetric
  /** How far the cells reach, as far as is known; absent where only raw rows answer. */
  readonly cells: { readonly table: CellsTable; readonly reach: bigint; readonly folded: bigint } | undefined
  /** Every acknowledged row is at or before it. */
  readonly upto: bigint
  readonly now: number
}

export async function answer(source: AnswerSource, question: ValuesQuestion): Promise<MetricValues> {
  const { metric, now } = source
  const { plan, periods, zone, compared } = planQuestion(metric, question, source.cells?.table)
  const part = compared ? elapsedPart({ plan, periods, zone, period: question.period }, now) : undefined
  const [series, elapsed] = await Promise.all([
    readSeries(source, plan, question),
    part?.plan === undefined ? new Map<string, Series>() : readSeries(source, part.plan, question),
  ])
  const lateness = latenessMs(metric.definition.lateness)
  if (series.size === 0 && plan.by.length === 0 && question.fill !== undefined)
    series.set('[]', { dims: undefined, cells: new Map() })
  if (question.fill !== undefined && series.size * periods.length > maxPoints)
    throw metricErrors.too_many_points({ code: question.code, most: maxPoints })

  const empty: Cell = { value: question.fill === 'zero' ? 0 : null, dataPoints: 0 }
  const points: MetricPoint[] = []
  for (const [index, period] of periods.entries()) {
    if (compared && index === 0) continue
    for (const [key, { dims, cells }] of series) {
      const cell = cells.get(index) ?? (question.fill === undefined ? undefined : empty)
      if (cell === undefined) continue
      const before =
        index === part?.open
          ? { ...spanOf(part), ...(elapsed.get(key)?.cells.get(0) ?? empty), elapsed: true as const }
          : compared && { ...spanOf(periods[index - 1]!), ...(cells.get(index - 1) ?? empty) }
      points.push({
        ...spanOf(period),
        ...cell,
        state: periodState(period, lateness, now),
        ...(dims && { dims }),
        ...(before && { compare: before }),
      })
    }
  }
  return {
    code: question.code,
    unit: metric.definition.unit,
    period: question.period,
    zone: zone.name,
    points,
    asOf: new Date(now).toISOString(),
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
  question: ValuesQuestion,
): Promise<Map<string, Series>> {
  const rows = await read(source, plan, question)
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

type Row = Readonly<Record<string, string | null>>

function dimsOf(by: readonly string[], groups: readonly (string | null)[]): Series['dims'] {
  return by.length === 0 ? undefined : Object.fromEntries(by.map((name, index) => [name, groups[index] ?? null]))
}

function spanOf({ start, end }: Period): { start: string; end: string } {
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() }
}

/** A fold that lands between two tries moves rows from the raw side to the cells: then the answer is read again. */
async function read(source: AnswerSource, plan: QuestionPlan, question: ValuesQuestion): Promise<readonly Row[]> {
  const { warehouse, upto } = source
  let [reach, after] = plan.cells && source.cells ? [source.cells.reach, source.cells.folded] : [0n, 0n]
  for (let tries = 0; tries < maxTries; tries++) {
    const rows = await warehouse.rows<Row>(questionSql(plan), {
      parameters: {
        first: plan.edges[0],
        last: plan.edges.at(-1),
        most: maxPoints + 2,
        ...(plan.metric.folded && { after: String(after), upto: String(upto) }),
      },
      settings: { ...interpreted, max_query_size: 4_000_000 },
      limits: { rows: maxPoints + 2, seconds: 60 },
      ...(question.signal && { signal: question.signal }),
    })
    if (rows.length > maxPoints + 1) throw metricErrors.too_many_points({ code: question.code, most: maxPoints })
    if (!plan.cells) return rows
    const reached = BigInt(rows.find((row) => Number(row['tick']) === reachTick)?.['hi'] ?? 0)
    if (reached === reach) return rows
    reach = after = reached
  }
  throw metricErrors.behind({ code: question.code })
}
