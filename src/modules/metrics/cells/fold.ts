/**
 * One fold: a range of positions added to the cells, whole or not at all, once.
 *
 * A call that failed may still be on its way in the engine. So nobody starts another before the
 * engine says that the failed one is gone; each fold only takes effect when the cells reach exactly
 * the place it goes on from; and of two that see the same place, the engine's deduplication takes
 * one, as they carry the same token.
 */
import type { Warehouse } from '#ports/warehouse'
import { foldedSql, foldSettings, foldSql, type CellsTable } from './cells.ts'
import type { CompiledMetric } from '../definition/compile.ts'

export interface FoldTarget {
  readonly metric: CompiledMetric
  readonly cells: CellsTable
}

export interface FoldRange {
  readonly from: bigint
  readonly to: bigint
  /** How far the cells have to reach for the fold to take effect. */
  readonly reach: bigint
  /** Counts up when the engine took the token and a crash the fold: a token is of no use then. */
  readonly attempt: number
}

/** Answers whether it added anything: not when no row counts, nor when the cells reach elsewhere. */
export async function foldRange(
  warehouse: Warehouse,
  { metric, cells }: FoldTarget,
  range: FoldRange,
  options: { queryId: string; lane: 'ingest' | 'batch' },
): Promise<boolean> {
  const { rowsWritten } = await warehouse.command(foldSql(metric, cells), {
    parameters: { from: String(range.from), to: String(range.to), reach: String(range.reach) },
    settings: { ...foldSettings, insert_deduplication_token: `${range.reach}/${range.attempt}` },
    queryId: options.queryId,
    lane: options.lane,
  })
  return rowsWritten > 0
}

/** How far the cells reach. */
export async function readReach(warehouse: Warehouse, cells: CellsTable): Promise<bigint> {
  const [row] = await warehouse.rows<{ folded: string }>(foldedSql(cells), { lane: 'ingest' })
  return BigInt(row?.folded ?? 0)
}
