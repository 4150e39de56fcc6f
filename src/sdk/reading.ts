import type { ColumnType } from '#core/dataset'
import type { EngineFailure } from '#core/engine-failure'
import type { EngineSettings } from '#core/engine-settings'
import type { BatchReading } from './batches.ts'
import type { Sql } from './sql.ts'

/** What a source hands over: either SQL by which the engine reads, or batches of rows. */
export type Reading = EngineReading | BatchReading

export interface EngineReading {
  readonly by: 'engine'
  /** The SQL behind FROM. */
  readonly from: Sql
  readonly where?: Sql
  /** None where the source has nothing that shows its columns, such as an empty file: it then has no rows. */
  readonly columns: readonly EngineColumn[]
  /** Of a source that infers types. */
  readonly inferred?: InferredTypes
  /** Settings of the engine the reading needs. */
  readonly settings?: EngineSettings
  /** A cheap SELECT of one number, `rows`: how many there are to read. */
  readonly count?: Sql
  /** Another way to read, for when this one fails because of single rows. */
  readonly tolerant?: TolerantReading
  /** Says in the source's words what the engine complained about. */
  readonly explain?: (failure: EngineFailure) => Error | undefined
}

export interface InferredTypes {
  /** Those whose types are inferred. */
  readonly columns: readonly string[]
  /**
   * The same rows with these types by column: those of the dataset that gets them, where the inferred ones would change
   * values, or had a value that does not fit the dataset.
   */
  readonly readAs: (types: Readonly<Record<string, ColumnType>>) => EngineReading
}

/** Leaves rows out that cannot be read, and gives them when asked. */
export interface TolerantReading {
  /** Whether the reading failed because of single rows. */
  readonly applies: (error: Error) => boolean
  /** The SQL behind FROM, where it is not that of the reading. */
  readonly from?: Sql
  /** Settings the engine needs beside those of the reading. */
  readonly settings: EngineSettings
  /** The rows that are left out. */
  readonly rejected: () => Promise<readonly RejectedRow[]>
}

export interface RejectedRow {
  /** From 1, without a header. */
  readonly number: number
  readonly code: string
  readonly reason: string
  /** As it came. */
  readonly row: string
  /** Its columns as an object that can be corrected and sent again, where the row itself is no JSON object. */
  readonly record?: Readonly<Record<string, unknown>>
}

export interface EngineColumn {
  readonly name: string
  /** The engine's type, e.g. `Nullable(Int64)`. */
  readonly type: string
  /** What it holds, where the engine's type does not tell: JSON is text to it. */
  readonly holds?: ColumnType
}
