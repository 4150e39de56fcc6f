import { z } from 'zod'
import type { Actor } from '#core/actor'
import type { Column, DatasetSpec } from '#core/dataset'
import type { Expression } from '#core/expression'
import type { EngineSettings } from '#core/engine-settings'
import { defineEvents, event } from '#kernel/events'
import type { PageQuestion } from '#kernel/paging'
import type { SqlSession } from '#ports/metadata'
import type { QueryLimits } from '#ports/warehouse'
import { face } from '#kernel/module'
import type { Appended, Block, Position, ReadOptions, ReadSlice, SelectProgress } from '#ports/log'
import type { Policies } from './policy.ts'
import type { Reader } from './reader.ts'

export { DatasetPolicy } from './policy.ts'
export type { Policies, PolicySource, PolicySubject } from './policy.ts'
export { isRestricted, systemReader } from './reader.ts'
export type { Reader } from './reader.ts'

export const datasets = face<Datasets>('datasets')

export const datasetEvents = defineEvents('datasets', {
  changed: event({
    about: 'A dataset was made, got other columns or tags, or was removed.',
    schema: z.object({ name: z.string(), change: z.enum(['created', 'columns', 'removed']), version: z.int() }),
    key: ({ name }) => name,
  }),
})

/**
 * Topic of the bus: rows were loaded into a `table` dataset, as `RowsLoaded`. A hint that may be lost. Rows of `events`
 * datasets are heard of through `onAppended` of the log.
 */
export const rowsLoaded = 'datasets.rows-loaded'
export type RowsLoaded = { readonly workspace: string; readonly name: string }

/**
 * What other modules may do with datasets. Every call names the workspace of its actor.
 *
 * ```ts
 * import { DatasetSpec } from '#core/dataset'
 *
 * const spec = DatasetSpec.parse({ name: 'products', kind: 'table', key: ['sku'], columns: [{ name: 'sku', type: 'string' }] })
 * await needs.datasets.create('default', spec, { kind: 'declared' })
 * const load = { blockId: 'first', mode: 'merge', select: "select 'T-1' as sku" } as const
 * await needs.datasets.load('default', 'products', load)
 * await needs.datasets.load('default', 'products', load) // the same id: nothing happens
 *
 * const reader = systemReader('example', 'default') // of a request: await needs.datasets.readerOf(actor)
 * const { from } = await needs.datasets.readable(reader, 'products')
 * await ports.warehouse.rows(`select sku from ${from}`) // [{ sku: 'T-1' }]
 * ```
 */
export interface Datasets {
  find(workspace: string, name: string): Promise<Dataset | undefined>
  /** Rejects with `datasets.unknown`. */
  get(workspace: string, name: string): Promise<Dataset>
  list(workspace: string): Promise<readonly Dataset[]>
  /** Makes the dataset and its place in the warehouse; rejects with `datasets.taken`. */
  create(workspace: string, spec: DatasetSpec, source: DatasetSource): Promise<Dataset>
  /** Adds nullable columns at the end. */
  extend(workspace: string, name: string, columns: readonly Column[]): Promise<Dataset>
  /** Takes its rows, quarantine and place away; rejects with `datasets.in_use` while a module knows something that uses it (`references`). */
  remove(workspace: string, name: string): Promise<void>
  /**
   * Call it in the transaction that stores something that uses datasets: none of them is deleted before the
   * transaction ends. Returns the names of those that exist.
   */
  hold(session: SqlSession, workspace: string, names: readonly string[]): Promise<ReadonlySet<string>>

  /** The databases of a workspace, made when first asked for. */
  place(workspace: string): Promise<WorkspacePlace>

  /** With the rights of whoever calls: made once per request, job or subscription. */
  readerOf(actor: Actor): Promise<Reader>
  /** The SQL behind `FROM` for the rows of a dataset. Rejects with `datasets.unknown`. */
  readable(reader: Reader, name: string): Promise<ReadableRows>
  /** Rows of an `events` dataset after a position, as JSON lines; `last` also passes rows that are kept from the reader. */
  readEvents(reader: Reader, name: string, options: Omit<ReadOptions, 'from'>): Promise<ReadSlice>
  readonly policies: Policies

  /** Makes an `events` dataset ready for reading and appending; unfinished blocks are finished or removed when it resolves. */
  open(workspace: string, name: string): Promise<Dataset>
  /** Another one whenever all rows of a dataset were replaced or it was made anew: what was computed from its rows is of one generation. */
  generation(workspace: string, name: string): Promise<string>
  /** The position of all acknowledged rows of an `events` dataset, which is opened when it is not open yet. */
  end(workspace: string, name: string): Promise<Position>
  /** Adds a block to an `events` dataset, once per block id (ids of selects count for 30 days, others for a day). */
  append(workspace: string, name: string, block: Block): Promise<Appended>
  /**
   * Loads rows, once per block id: `merge` by key into a `table`, or `overwrite` all rows of any dataset at once.
   * Positions of an `events` dataset continue.
   */
  load(workspace: string, name: string, load: TableLoad): Promise<Loaded>

  readonly quarantine: Quarantine
}

export interface Dataset extends DatasetSpec {
  readonly workspace: string
  readonly source: DatasetSource
  readonly version: number
  readonly createdAt: string
}

export interface ReadableRows {
  /** With its columns as the reader sees them: a masked one may become nullable. */
  readonly dataset: Dataset
  /** A table, or a query in brackets: the rows and values that the reader may see. */
  readonly from: string
  /** Some rows or values are kept from the reader. */
  readonly restricted: boolean
  /** The condition over stored columns that `from` holds to; absent where all rows are read. */
  readonly rowFilter?: RowFilter
  readonly masked: ReadonlySet<string>
}

export interface RowFilter {
  readonly expression: Expression
  readonly columns: readonly string[]
}

export interface DatasetSource {
  /** `inferred`: from the first events; `declared`: by a person or definition; `pipeline`: made by a load. */
  readonly kind: 'declared' | 'inferred' | 'pipeline'
  readonly name?: string
}

export interface WorkspacePlace {
  /**
   * Datasets and KPI views. Only for explore, which guards what names them, and for metrics, which makes the views:
   * tools/boundaries refuses it elsewhere.
   */
  readonly userDatabase: string
  /** Cells, stages, quarantine: never named by user SQL. */
  readonly system: string
  /** Has no tables: the current database of SQL that names all of its tables in full. */
  readonly empty: string
}

export interface TableLoad {
  readonly blockId: string
  readonly mode: 'merge' | 'overwrite'
  /** Engine SQL answering the dataset's columns by name. */
  readonly select: string
  readonly parameters?: Readonly<Record<string, unknown>>
  /** Settings the select must run with. */
  readonly settings?: EngineSettings
  readonly limits?: QueryLimits
  readonly signal?: AbortSignal
  /** Called now and then while the select runs; of `events` datasets only. */
  readonly onProgress?: (progress: SelectProgress) => void
}

export interface Loaded {
  /** Not known of a `table`. */
  readonly rows?: number
  /** The block id had been loaded before. */
  readonly duplicate: boolean
}

export interface QuarantinedRow {
  /** The same id again replaces the row instead of keeping it twice. */
  readonly id?: string
  readonly at: string
  /** What brought it: `stream`, or `run:<id>`. */
  readonly source: string
  readonly reason: string
  readonly problems: readonly { at: string; code: string; message: string }[]
  /** The row as it came, as text. */
  readonly row: string
  /** Its columns as JSON, where the row is other text, such as a line of CSV; it is what is sent again. */
  readonly record?: string
}

/** Whom rejected rows belong to. `stream` is '' where a pipeline reads only one. */
export interface QuarantineOwner {
  readonly dataset?: string
  readonly pipeline?: string
  readonly stream?: string
}

export interface UnownedRows {
  readonly dataset: string
  readonly runs: readonly string[]
}

export interface KeptRow extends QuarantinedRow {
  readonly id: string
  /** Empty where the destination is no dataset. */
  readonly dataset: string
  readonly stream: string
}

/** Rows of a dataset, or of a pipeline whatever its destination. */
export type QuarantineSubject = { readonly dataset: string } | { readonly pipeline: string }

/** Rejected rows with their reasons. */
export interface Quarantine {
  keep(workspace: string, owner: QuarantineOwner, rows: readonly QuarantinedRow[]): Promise<void>
  /** How many rows whose id begins with the prefix were kept for the owner, also those that were sent again since. */
  count(workspace: string, owner: QuarantineOwner, idPrefix: string): Promise<number>
  /** Removes those rows, before their source is read again in another way. */
  discard(workspace: string, owner: QuarantineOwner, idPrefix: string): Promise<void>
  /** Latest first. */
  list(
    workspace: string,
    subject: QuarantineSubject,
    page: PageQuestion,
  ): Promise<{ items: readonly KeptRow[]; next: string | null }>
  find(workspace: string, dataset: string, ids: readonly string[]): Promise<readonly KeptRow[]>
  release(workspace: string, dataset: string, ids: readonly string[]): Promise<void>
  /** The names that rows are filed under, with how many wait; a name may have no dataset yet. */
  names(workspace: string): Promise<readonly { name: string; rows: number; latest: string }[]>
  /** Takes the rows of a dataset away, or those that are filed with a pipeline alone. */
  remove(workspace: string, subject: QuarantineSubject): Promise<void>
  /** Rows of runs that name no pipeline yet: earlier versions filed them under a name alone. */
  unowned(workspace: string): Promise<readonly UnownedRows[]>
  /** Gives such rows their pipeline, and takes them out of the dataset's quarantine when they were never meant for it. */
  assign(workspace: string, rows: UnownedRows, owner: QuarantineOwner): Promise<void>
}
