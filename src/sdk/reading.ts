import type { ColumnType } from '#core/dataset'
import type { Sql } from './sql.ts'

/** What a source hands over: either SQL by which the engine reads, or batches of rows. */
export type Reading = EngineReading | BatchReading

export interface EngineReading {
  readonly by: 'engine'
  /** What stands behind FROM. */
  readonly from: Sql
  readonly where?: Sql
  readonly columns: readonly EngineColumn[]
  /** Settings of the engine the reading needs. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** A cheap SELECT of one number, `rows`: how many there are to read. */
  readonly count?: Sql
  /** Says in the source's words what the engine complained about. */
  readonly explain?: (engineMessage: string) => Error | undefined
}

export interface BatchReading {
  readonly by: 'batches'
  /** Ends by itself; each batch is bounded. */
  readonly batches: (signal: AbortSignal) => AsyncIterable<readonly Readonly<Record<string, unknown>>[]>
}

export interface EngineColumn {
  readonly name: string
  /** The engine's type, e.g. `Nullable(Int64)`. */
  readonly type: string
  /** What it holds, where the engine's type does not tell: JSON is text to it. */
  readonly holds?: ColumnType
}
