import type { ColumnType } from '#core/dataset'

/** What names mean in an expression. */
export interface Scope {
  readonly columns: ReadonlyMap<string, ScopeColumn>
}

export interface ScopeColumn {
  readonly type: ColumnType
  readonly nullable: boolean
  /** Engine SQL that stands for it; by default its own quoted name. */
  readonly sql?: string
}

/** The scope of a dataset's columns. */
export function scopeOf(
  columns: Iterable<{ readonly name: string; readonly type: ColumnType; readonly nullable: boolean }>,
): Scope {
  return { columns: new Map([...columns].map(({ name, type, nullable }) => [name, { type, nullable }])) }
}
