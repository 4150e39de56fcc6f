/** Reads a plan from cells and raw rows. A fold that lands between two tries moves rows from the raw side to the cells: then it is read again. */
import type { Position, Positions } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import type { ReadableCells } from '../cells/cells.ts'
import type { CompiledMetric } from '../definition/compile.ts'
import { metricErrors } from '../errors.ts'
import { maxPoints } from './plan-question.ts'
import { questionSql, reachTick, type QuestionPlan } from './question-sql.ts'

const maxTries = 8

export interface AnswerSource {
  readonly warehouse: Warehouse
  readonly positions: Positions
  readonly metric: CompiledMetric
  /** How far the cells reach, as far as is known; absent where only raw rows answer. */
  readonly cells: (ReadableCells & { readonly reach: Position; readonly folded: Position }) | undefined
  /** Covers every acknowledged row. */
  readonly upto: Position
  /** Of the rows that are there; another one means other rows. */
  readonly generation?: string
  readonly now: number
}

export type Row = Readonly<Record<string, string | null>>

export async function readPlan(
  source: AnswerSource,
  plan: QuestionPlan,
  code: string,
  signal?: AbortSignal,
): Promise<readonly Row[]> {
  const { warehouse, positions, upto } = source
  let [reach, after] =
    plan.cells && source.cells ? [source.cells.reach, source.cells.folded] : [positions.start, positions.start]
  for (let tries = 0; tries < maxTries; tries++) {
    const rows = await warehouse.rows<Row>(questionSql(plan, positions.sql), {
      parameters: {
        first: plan.edges[0],
        last: plan.edges.at(-1),
        maxRows: maxPoints + 2,
        ...(plan.metric.folded && { after, upto }),
      },
      settings: { evaluation: 'interpreted', maxStatementBytes: 4_000_000 },
      limits: { rows: maxPoints + 2, seconds: 60 },
      ...(signal && { signal }),
    })
    if (rows.length > maxPoints + 1) throw metricErrors.too_many_points({ code, max: maxPoints })
    if (!plan.cells) return rows
    const reached = positions.decode(rows.find((row) => Number(row['tick']) === reachTick)?.['hi'] ?? '0')
    if (reached === reach) return rows
    reach = after = reached
  }
  throw metricErrors.behind({ code })
}
