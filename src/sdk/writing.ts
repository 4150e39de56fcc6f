import type { EngineSettings } from '#core/engine-settings'
import type { Batch } from './batches.ts'
import type { EngineColumn } from './reading.ts'
import type { Sql } from './sql.ts'

export interface LoadRequest {
  readonly pipeline: { readonly id: string; readonly name: string }
  readonly run: string
  /** What the last step answers. */
  readonly columns: readonly EngineColumn[]
}

/** Either takes a SELECT that the engine runs, or the rows themselves in batches. */
export type Writer = SelectWriter | BatchWriter

export interface SelectWriter {
  readonly takes?: 'select'
  /** What the rows are cast to before they are loaded, by name and in this order. */
  readonly columns: readonly EngineColumn[]
  /** The text before the SELECT, for people to read. */
  readonly into: Sql
  /** It needs the number of rows before the load, so they are counted first. */
  readonly counted?: boolean
  /** Loads what the select answers, once per id however often it is asked. */
  readonly load: (part: Part) => Promise<Loaded>
  /** Takes away what an unfinished load left. */
  readonly abandon: () => Promise<void>
}

/** Gets all rows of one part in bounded batches, one after the other, and then `commit`. */
export interface BatchWriter {
  readonly takes: 'rows' | 'ndjson'
  readonly columns: readonly EngineColumn[]
  /** Where the rows go, for people to read. */
  readonly into: Sql
  /** Nothing of it may be seen before `commit`. The next batch comes when this one is written. */
  readonly write: (batch: Batch) => Promise<void>
  /** What was written takes effect, once per id however often it is written and committed. */
  readonly commit: (part: Pick<Part, 'id'>) => Promise<Loaded>
  /** Takes away what was written and not committed. */
  readonly abandon: () => Promise<void>
}

export interface Part {
  /** The same part of the same run has the same id, also after a crash. */
  readonly id: string
  readonly select: Sql
  /** How many rows the select answers, for a writer that is `counted`; otherwise 0. */
  readonly count: number
  /** Settings of the engine the select needs. */
  readonly settings: EngineSettings
}

export interface Loaded {
  readonly rows: number
  readonly bytes: number
  /** The part had been loaded before. */
  readonly duplicate: boolean
}
