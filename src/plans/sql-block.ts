import type { EngineColumn } from '#sdk'
import { readComputedColumn } from './column-reads.ts'
import { mergeOrigins } from './origins.ts'
import type { Dialect, Plan, SqlBlock } from './plan.ts'

export interface SqlBlockQuery {
  readonly dialect: Dialect
  /** A SELECT that was checked and bound to its tables. */
  readonly sql: string
  /** What the engine says that it gives. */
  readonly columns: readonly EngineColumn[]
  /** The scans outside `inputs` that it reads, by name. */
  readonly reads?: readonly string[]
}

/** Each of its columns may come from every column of everything that it reads. */
export function sqlBlock(inputs: readonly Plan[], { dialect, sql, columns, reads = [] }: SqlBlockQuery): SqlBlock {
  const made = columns.map(readComputedColumn)
  const origins = mergeOrigins([
    ...inputs.flatMap((input) => [input.rowOrigins, ...input.columns.map((column) => column.origins)]),
    reads.map((scan) => ({ scan, column: '*' })),
  ])
  return {
    kind: 'sql',
    dialect,
    sql,
    reads: made.map(({ read }) => read),
    columns: made.map(({ column }) => ({ ...column, origins })),
    rowOrigins: origins,
  }
}
