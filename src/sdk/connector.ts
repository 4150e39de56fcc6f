/**
 * A connector is a spec: data, and for each thing it can do a `load` that brings the code when it is needed. The spec
 * makes the docs, the form, the checks and the place on the command line. Secrets are kept apart from definitions.
 *
 * ```ts
 * import { z } from 'zod'
 *
 * export default defineConnector({
 *   type: 'numbers', title: 'Numbers', category: 'files', about: 'Counts up.', proven: 'its own tests',
 *   source: {
 *     settings: z.strictObject({ count: z.number().int().meta({ title: 'Count', description: 'How many.' }) }),
 *     reads: 'engine',
 *     modes: ['full'],
 *     // Usually a file of its own: `load: () => import('./source.ts')`.
 *     load: async () => ({
 *       read: async ({ count }) => ({
 *         by: 'engine',
 *         from: sql`numbers(${bound(count, 'UInt64')})`,
 *         columns: [{ name: 'number', type: 'UInt64' }],
 *       }),
 *     }),
 *   },
 * })
 * ```
 */
import type { z } from 'zod'
import type { EngineColumn, Reading } from './reading.ts'
import type { Slice } from './slice.ts'
import type { Surroundings } from './surroundings.ts'
import type { LoadRequest, Writer } from './writing.ts'

export const connectorCategories = ['files', 'databases', 'web', 'streams', 'millrace'] as const

/** `C`, `R`, `W`: the schemas of the settings of a connection, a source and a destination. */
export interface ConnectorSpec<C extends z.ZodType, R extends z.ZodType, W extends z.ZodType> {
  readonly type: string
  readonly title: string
  readonly category: (typeof connectorCategories)[number]
  readonly about: string
  /** Against what it was tested. */
  readonly proven: string
  /** The server or account; a connector without one needs nothing of the kind, and no connection can be made of it. */
  readonly connection?: ConnectionSpec<C>
  /** What there is to read. */
  readonly streams?: StreamsSpec<z.output<C>>
  readonly source?: SourceSpec<R, z.output<C> & z.output<R>>
  readonly destination?: DestinationSpec<W, z.output<C> & z.output<W>>
}

/** What using a connector needs when it declares nothing else: it reaches out of Millrace. */
export const defaultPermission = 'connectors.use'

/** A part of a connector that somebody uses: to read, to write, to look around. */
export interface Usable {
  /** The permission that its use needs, in a pipeline or alone. Default: `connectors.use`. */
  readonly permission?: string
}

export interface ConnectionSpec<S extends z.ZodType> {
  /**
   * An object. A setting with `.meta({ safe: true })` may change without dropping kept secrets; any other drops them. Only
   * safe settings may be settings of the source or destination too: a pipeline overrides them there.
   */
  readonly settings: S
  /**
   * Settings as an earlier version accepted them, as they are written today. It is applied to what is stored, also to the
   * settings of a pipeline without a connection, when the secrets that `settings` declares change.
   */
  readonly upgrade?: (settings: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  readonly load: () => Promise<ConnectionCode<z.output<S>>>
}

export interface ConnectionCode<T> {
  /** Rejects with what is wrong; returns one sentence of what it found. */
  readonly check: (connection: T, around: Surroundings) => Promise<string>
}

export interface StreamsSpec<T> extends Usable {
  readonly load: () => Promise<StreamsCode<T>>
}

export interface StreamsCode<T> {
  readonly streams: (connection: T, around: Surroundings) => Promise<readonly SourceStream[]>
}

/**
 * How a stream is read: all of it each time; on from the state of the time before; or change by change, as the
 * server logs them.
 */
export const sourceModes = ['full', 'incremental', 'cdc'] as const
export type SourceMode = (typeof sourceModes)[number]

/** Something a source holds: a table, a file, a path of an API. */
export interface SourceStream {
  readonly name: string
  /** A shorter name, where the connection has a schema of its own in which this stream lies. */
  readonly bareName?: string
  /** The settings of the source that read it, beside those of the connection. */
  readonly config: Readonly<Record<string, unknown>>
  /** Absent where finding them out would mean reading it. */
  readonly columns?: readonly { name: string; type: string; nullable: boolean }[]
  readonly primaryKey: readonly string[]
  /** Columns that grow with each change, so that reading can continue from the last value. */
  readonly cursors: readonly string[]
  readonly modes: readonly SourceMode[]
}

/** Rows lie in our own warehouse, in the dataset that this setting names. */
export interface Inside {
  readonly dataset: string
}

export interface SourceSpec<S extends z.ZodType, T = z.output<S>> extends Usable {
  /** Of one stream. A pipeline gives them together with those of the connection, in one object. */
  readonly settings: S
  /** Of each of these, a pipeline names exactly one setting. */
  readonly oneOf?: readonly (readonly string[])[]
  /** What `read` returns: SQL for the engine, or batches of records. */
  readonly reads: Reading['by']
  readonly modes: readonly SourceMode[]
  /** With the mode `incremental`: the stream that these settings read on from its state; undefined when they read all of it. */
  readonly resumes?: (settings: T) => string | undefined
  /** Its rows lie in the log: streaming pipelines read the stream that the setting `stream` names, slice by slice. */
  readonly continuous?: boolean
  readonly inside?: Inside
  readonly load: () => Promise<SourceCode<T>>
}

export interface SourceCode<T> {
  /** Rejects with what is wrong; returns one sentence of what it found. */
  readonly check?: (settings: T, around: Surroundings) => Promise<string>
  readonly read: (settings: T, around: Surroundings, from: ReadFrom) => Promise<Reading>
}

/** Where a reading begins; from the beginning when empty. */
export interface ReadFrom {
  /** Of a continuous source. */
  readonly slice?: Slice
  /** What the source itself gave with the last rows that were loaded. */
  readonly state?: unknown
  /** Only some of the rows are looked at, as in previews: nothing should read the source to its end. */
  readonly isSample?: boolean
}

export interface DestinationSpec<S extends z.ZodType, T = z.output<S>> extends Usable {
  /** Of one target. A pipeline gives them together with those of the connection, in one object. */
  readonly settings: S
  /** Streaming pipelines may load into it, part by part. */
  readonly continuous?: boolean
  readonly inside?: Inside
  /** Its setting `mode` may be left out, and is filled in by the kind of pipeline before anything else is asked. */
  readonly defaultsMode?: true
  /** With these settings a load puts its rows in place of all that are there. */
  readonly replaces?: (settings: T) => boolean
  /** What a crash can do to the rows. */
  readonly delivery: 'exactly once' | 'at least once'
  readonly because: string
  readonly load: () => Promise<DestinationCode<T>>
}

export interface DestinationCode<T> {
  readonly check?: (settings: T, around: Surroundings) => Promise<string>
  /** Rejects with what keeps these columns from being loaded; changes nothing. Validation and preview ask it, and `open` refuses the same. */
  readonly fit?: (settings: T, around: Surroundings, columns: readonly EngineColumn[]) => Promise<void>
  /**
   * The columns of the target as it is; undefined when it is not there. Asked when a load that replaces all rows has
   * none and its source shows no columns, where the target is then emptied; of a dataset also to read a source of inferred
   * types in those of the dataset.
   */
  readonly existing?: (settings: T, around: Surroundings) => Promise<readonly EngineColumn[] | undefined>
  readonly open: (settings: T, around: Surroundings, load: LoadRequest) => Promise<Writer>
}

export type Connector = ConnectorSpec<z.ZodType, z.ZodType, z.ZodType>

export function defineConnector<R extends z.ZodType, W extends z.ZodType, C extends z.ZodType = z.ZodType<object>>(
  spec: ConnectorSpec<C, R, W>,
): Connector {
  // Settings reach the code only after the spec's own schemas have parsed them.
  return spec as unknown as Connector
}
