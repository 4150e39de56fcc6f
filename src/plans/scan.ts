import type { ColumnType } from '#core/dataset'
import type { EngineColumn, Sql } from '#sdk'
import { readColumn } from './column-reads.ts'
import { columnOf, engineColumns } from './columns.ts'
import { mergeOrigins } from './origins.ts'
import type { MemberType, Origin, Plan, Scan } from './plan.ts'

export interface ScanSource {
  readonly name: string
  readonly from: Sql
  readonly where?: Sql | undefined
  /** What `where` looks at. Default: every column. */
  readonly whereOrigins?: readonly Origin[]
}

/** Rows as the engine reads them. */
export function scan(source: ScanSource, columns: readonly EngineColumn[]): Scan {
  const reads = columns.map(readColumn)
  return {
    ...scanBase(source),
    columns: reads.map(({ column }) => ({ ...column, origins: [{ scan: source.name, column: column.name }] })),
    rowOrigins: source.where === undefined ? [] : (source.whereOrigins ?? [{ scan: source.name, column: '*' }]),
    reads: reads.map(({ read }) => read),
  }
}

/** The rows of a plan that lie in a table now; they come from where those of the plan came from. */
export function scanOfStored(
  plan: Plan,
  source: ScanSource,
  columns: readonly EngineColumn[] = engineColumns(plan),
): Scan {
  const made = scan(source, columns)
  return {
    ...made,
    columns: made.columns.map((column) => ({ ...column, origins: columnOf(plan, column.name).origins })),
    rowOrigins: mergeOrigins([plan.rowOrigins, made.rowOrigins]),
  }
}

export interface RecordMember {
  readonly name: string
  readonly type: ColumnType
  readonly member: MemberType
}

/** Members of records; each record is JSON text in the column `record`. */
export function scanRecords(source: ScanSource, record: string, members: readonly RecordMember[]): Scan {
  return {
    ...scanBase(source),
    columns: members.map(({ name, type }) => ({
      name,
      type,
      nullable: true,
      origins: [{ scan: source.name, column: name }],
    })),
    rowOrigins: [],
    reads: members.map(({ member }) => ({ as: 'member', record, member })),
  }
}

function scanBase({ name, from, where }: ScanSource): Pick<Scan, 'kind' | 'name' | 'from' | 'where'> {
  return { kind: 'scan', name, from, ...(where === undefined ? {} : { where }) }
}
