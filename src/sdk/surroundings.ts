import type { Column, DatasetSpec } from '#core/dataset'
import type { EngineFailure } from '#core/engine-failure'
import type { EngineSettings } from '#core/engine-settings'
import type { EngineColumn } from './reading.ts'
import type { Slice } from './slice.ts'
import type { Sql } from './sql.ts'

/** What a connector may reach, all of it within the caller's workspace and the operator's limits. */
export interface Surroundings {
  readonly workspace: string
  readonly signal: AbortSignal
  readonly engine: Engine
  readonly files: Files
  readonly network: Network
  readonly datasets: DatasetAccess
}

export interface Engine {
  /** True when files named in `file(...)` are this machine's. */
  readonly localFiles: boolean
  /** What the engine complained about in an error of these calls, or in a text that it wrote into a file, about `row` there. */
  failureOf(error: unknown, row?: string): EngineFailure
  /** Names and types of what a SELECT or a table function answers. */
  describe(of: Sql, settings?: EngineSettings): Promise<readonly EngineColumn[]>
  rows<Row extends object>(select: Sql, settings?: EngineSettings): Promise<readonly Row[]>
  /** Rows in one of the engine's formats, as they come. */
  stream(select: Sql, format: string, settings?: EngineSettings): Promise<AsyncIterable<Uint8Array>>
  command(
    statement: Sql,
    settings?: EngineSettings,
  ): Promise<{ rowsRead: number; rowsWritten: number; bytesWritten: number }>
}

/** The folders that the workspace may use for files, and nothing else of the machine. */
export interface Files {
  /** Real paths of the files a path or pattern names; at least one. */
  match(pattern: string): Promise<readonly string[]>
  /** The real path at which a file may be written; its folder is there afterwards, unless `makeFolder` is false. */
  target(path: string, options?: { readonly makeFolder: boolean }): Promise<string>
  list(): Promise<readonly string[]>
}

/** The outside world as `MILLRACE_EGRESS` allows it. HTTP goes through `httpClient`. */
export interface Network {
  /** The address to connect to, resolved and allowed; connect to it, not to the name. */
  address(host: string, port: number): Promise<string>
  /** One request to the address that was checked, over a connection that is kept for the next. Follows no redirect. */
  send(hop: HttpHop): Promise<HttpHopAnswer>
}

export interface HttpHop {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}

export interface HttpHopAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** As it was sent: compressed, and without a bound. */
  readonly body: AsyncIterable<Uint8Array>
  /** Gives the connection up when the body is not read to its end. */
  close(): void
}

export interface DatasetAccess {
  find(name: string): Promise<FoundDataset | undefined>
  /** The same with its rows, as whoever runs this may see them. */
  readable(name: string): Promise<ReadableDataset | undefined>
  list(): Promise<readonly FoundDataset[]>
  create(spec: DatasetSpec, source: string): Promise<FoundDataset>
  extend(name: string, columns: readonly Column[]): Promise<FoundDataset>
  /** Adds what the select answers, once per id. */
  append(
    name: string,
    block: { id: string; select: Sql; settings: EngineSettings; /** In place of all its rows. */ replace?: boolean },
  ): Promise<Appended>
  load(
    name: string,
    load: { id: string; mode: 'merge' | 'overwrite'; select: Sql; settings: EngineSettings },
  ): Promise<void>
  /** The condition for the rows of a slice of a stream, or for all rows that it has now. */
  between(name: string, slice?: Slice): Promise<Sql>
}

export interface Appended {
  readonly rows: number
  readonly bytes: number
  /** The id had been loaded before. */
  readonly duplicate: boolean
}

export interface FoundDataset {
  readonly name: string
  readonly kind: 'events' | 'table'
  readonly columns: readonly Column[]
  readonly key?: readonly string[] | undefined
}

export interface ReadableDataset extends FoundDataset {
  /** The SQL behind `FROM`. */
  readonly from: Sql
}
