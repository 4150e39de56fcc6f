/**
 * One fold: a range of positions added to the cells, whole or not at all, once.
 *
 * A call that failed may still be on its way in the engine. So nobody starts another before the
 * engine says that the failed one is gone; each fold only takes effect when the cells reach exactly
 * the place it continues from; and of two that see the same place, the engine's deduplication takes
 * one, as they carry the same token.
 */
import type { Position, Positions, PositionSql } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import { foldedSql, foldSql, type CellsTable } from './cells.ts'
import type { CompiledMetric } from '../definition/compile.ts'

export interface FoldTarget {
  readonly metric: CompiledMetric
  readonly cells: CellsTable
  readonly positions: PositionSql
}

export interface FoldRange {
  readonly from: Position
  readonly to: Position
  /** How far the cells have to reach for the fold to take effect. */
  readonly reach: Position
  /** Counts up when the engine took the token and a crash the fold: a token is of no use then. */
  readonly attempt: number
}

/** Answers whether it added anything: not when no row counts, nor when the cells reach elsewhere. */
export async function foldRange(
  warehouse: Warehouse,
  { metric, cells, positions }: FoldTarget,
  range: FoldRange,
  options: { queryId: string; lane: 'ingest' | 'batch' },
): Promise<boolean> {
  const { rowsWritten } = await warehouse.command(foldSql(metric, cells, positions), {
    parameters: { from: range.from, to: range.to, reach: range.reach },
    // One part for one fold, whatever its size.
    settings: { evaluation: 'interpreted', insert: 'one_part', insertToken: `${range.reach}/${range.attempt}` },
    queryId: options.queryId,
    lane: options.lane,
  })
  return rowsWritten > 0
}

/** How far the cells reach. */
export async function readReach(
  warehouse: Warehouse,
  cells: CellsTable,
  positions: Pick<Positions, 'start' | 'decode'>,
): Promise<Position> {
  const [row] = await warehouse.rows<{ folded: string }>(foldedSql(cells), { lane: 'ingest' })
  return row === undefined ? positions.start : positions.decode(row.folded)
}
