/**
 * The relational plan: typed operators over rows, each with its output columns and where they come from.
 * The builders (`scan`, `filter`, `project` …) are the only makers; `compile` writes a plan in a dialect.
 */
import type { ColumnType } from '#core/dataset'
import type { Expression } from '#core/expression'
import type { EngineColumn, Sql } from '#sdk'

export type Plan = Scan | Filter | Project | Fit | Mark | Aggregate | Join | Union | SqlBlock

/** A column of a scan; the column `*` means every column of it. */
export interface Origin {
  readonly scan: string
  readonly column: string
}

export interface PlanColumn {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  /** The type the engine gives it, where that is known. */
  readonly engine?: string
  /** The columns of scans that its values are computed from. */
  readonly origins: readonly Origin[]
}

interface Operator {
  readonly columns: readonly PlanColumn[]
  /** The columns of scans that decide which rows there are: conditions, groups, keys of joins. */
  readonly rowOrigins: readonly Origin[]
}

/** Rows that are there: a table, a file, a topic. */
export interface Scan extends Operator {
  readonly kind: 'scan'
  /** What `origins` call it. */
  readonly name: string
  /** The SQL behind FROM. */
  readonly from: Sql
  readonly where?: Sql
  /** How each of `columns` is read from what is there. */
  readonly reads: readonly ColumnRead[]
}

export type ColumnRead =
  | { readonly as: 'stored' }
  /** Zero and one are false and true. */
  | { readonly as: 'boolean' }
  /** A value that is no single value becomes JSON text. */
  | { readonly as: 'json' }
  | { readonly as: 'text' }
  /** An unsigned integer as one of 63 bits; a larger value fails the query. */
  | { readonly as: 'exact_integer' }
  /** A member of a record, which is JSON text in the column `record`. */
  | { readonly as: 'member'; readonly record: string; readonly member: MemberType }

export type MemberType =
  | 'null'
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'number'
  | 'timestamp'
  | 'date'
  | 'string'
  | 'json'

export interface Filter extends Operator {
  readonly kind: 'filter'
  readonly input: Plan
  readonly condition: Expression
}

/** Columns picked, renamed or computed; one row out for each row in. */
export interface Project extends Operator {
  readonly kind: 'project'
  readonly input: Plan
  /** What each of `columns` is. */
  readonly values: readonly Value[]
}

export type Value =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | CastValue

export interface CastValue {
  readonly kind: 'cast'
  readonly column: string
  readonly type: ColumnType
  /** What happens to a value that does not fit. */
  readonly otherwise: 'fail' | 'null'
}

/** The rows with exactly the columns that something stores, cast to their types; a value that does not fit fails the query. */
export interface Fit extends Operator {
  readonly kind: 'fit'
  readonly input: Plan
  readonly stored: readonly EngineColumn[]
}

/** The rows with one more column, last: the numbers (from 1) of the conditions that hold for a row. */
export interface Mark extends Operator {
  readonly kind: 'mark'
  readonly input: Plan
  readonly conditions: readonly Condition[]
}

/** What can be wrong with a row. Only `empty` and `repeated` hold for rows without a value. */
export type Condition =
  | { readonly kind: 'empty'; readonly column: string }
  /** Its text does not match a regular expression (RE2). */
  | { readonly kind: 'unlike'; readonly column: string; readonly pattern: string }
  | { readonly kind: 'outside'; readonly column: string; readonly min?: string; readonly max?: string }
  /** Its text is none of these. */
  | { readonly kind: 'none_of'; readonly column: string; readonly values: readonly string[] }
  | { readonly kind: 'unreadable'; readonly column: string; readonly type: ColumnType }
  /** Another row before it has the same values. */
  | { readonly kind: 'repeated'; readonly columns: readonly string[] }

/** One row for each group; without groups one row of all. */
export interface Aggregate extends Operator {
  readonly kind: 'aggregate'
  readonly input: Plan
  readonly groups: readonly string[]
  readonly measures: readonly NamedMeasure[]
}

export interface NamedMeasure {
  readonly name: string
  readonly measure: Measure
}

/** Each counts only rows for which `filter` holds. */
export type Measure = { readonly filter?: Expression } & (
  | { readonly type: 'count' }
  | { readonly type: 'sum' | 'avg' | 'min' | 'max' | 'distinct'; readonly of: Expression }
  | { readonly type: 'percentile'; readonly of: Expression; readonly p: number }
)

/** Pairs of rows with equal keys. An empty key equals nothing. */
export interface Join extends Operator {
  readonly kind: 'join'
  readonly type: JoinType
  readonly left: Plan
  readonly right: Plan
  readonly keys: readonly JoinKey[]
  /** Where each of `columns` comes from. */
  readonly sides: readonly JoinColumn[]
}

/** `left` keeps the rows of the left side that have no pair, `full` those of both. */
export type JoinType = 'inner' | 'left' | 'full'

export interface JoinKey {
  readonly left: string
  readonly right: string
}

export interface JoinColumn {
  readonly name: string
  readonly side: 'left' | 'right'
  readonly column: string
}

/** The rows of all inputs; equal rows stay apart. */
export interface Union extends Operator {
  readonly kind: 'union'
  readonly inputs: readonly Plan[]
}

/** A SELECT that a person wrote, checked and bound to the tables it may read. */
export interface SqlBlock extends Operator {
  readonly kind: 'sql'
  readonly dialect: Dialect
  readonly sql: string
  /** How each of `columns` is read from what the SELECT gives. */
  readonly reads: readonly ColumnRead[]
}

export type Dialect = 'clickhouse'
