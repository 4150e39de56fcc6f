/**
 * A connector is a spec and constructors, in one file. The spec makes its docs, its form, its
 * checks and its place on the command line; settings marked `secret` are kept apart from definitions.
 *
 * ```ts
 * import { z } from 'zod'
 *
 * export default defineConnector({
 *   type: 'numbers', title: 'Numbers', category: 'files', about: 'Counts up.', proven: 'its own tests',
 *   source: {
 *     settings: z.strictObject({ count: z.number().int().meta({ title: 'Count', description: 'How many.' }) }),
 *     read: async ({ count }) => ({
 *       by: 'engine',
 *       from: sql`numbers(${bound(count, 'UInt64')})`,
 *       columns: [{ name: 'number', type: 'UInt64' }],
 *     }),
 *   },
 * })
 * ```
 */
import type { z } from 'zod'
import type { EngineColumn, Reading } from './reading.ts'
import type { Surroundings } from './surroundings.ts'
import type { LoadRequest, Writer } from './writing.ts'

export const connectorCategories = ['files', 'databases', 'web', 'streams', 'millrace'] as const

export interface ConnectorSpec<R extends z.ZodType, W extends z.ZodType, D extends z.ZodType> {
  readonly type: string
  readonly title: string
  readonly category: (typeof connectorCategories)[number]
  readonly about: string
  /** Against what it was tested. */
  readonly proven: string
  readonly source?: SourceSpec<R>
  /** What there is to read, with the settings needed to tell. */
  readonly discovery?: Discovery<D>
  readonly destination?: DestinationSpec<W>
}

/** What using a connector needs when it declares nothing else: it reaches out of Millrace. */
export const defaultPermission = 'connectors.use'

/** A part of a connector that somebody uses: to read, to write, to look around. */
export interface Usable {
  /** The permission that its use needs, in a pipeline or alone. Default: `connectors.use`. */
  readonly permission?: string
}

export interface SourceSpec<S extends z.ZodType> extends Usable {
  readonly settings: S
  /** Of each of these, a pipeline names exactly one setting. */
  readonly oneOf?: readonly (readonly string[])[]
  /** Streaming pipelines may read it, slice by slice. */
  readonly continuous?: boolean
  /** Rejects with what is wrong; answers one sentence of what it found. */
  readonly check?: (settings: z.output<S>, around: Surroundings) => Promise<string>
  readonly read: (settings: z.output<S>, around: Surroundings, slice?: Slice) => Promise<Reading>
}

export interface Discovery<S extends z.ZodType> extends Usable {
  readonly settings: S
  readonly list: (settings: z.output<S>, around: Surroundings) => Promise<readonly Discovered[]>
}

export interface DestinationSpec<S extends z.ZodType> extends Usable {
  readonly settings: S
  /** Streaming pipelines may load into it, part by part. */
  readonly continuous?: boolean
  /** Its setting `mode` may be left out, and is filled in by the kind of pipeline before anything else is asked. */
  readonly defaultsMode?: true
  /** Rejects with what keeps these columns from being loaded; changes nothing. Validation and preview ask it, and `open` refuses the same. */
  readonly fit?: (settings: z.output<S>, around: Surroundings, columns: readonly EngineColumn[]) => Promise<void>
  /** With these settings a load puts its rows in place of all that are there. */
  readonly replaces?: (settings: z.output<S>) => boolean
  /** What a crash can do to the rows. */
  readonly delivery: 'exactly once' | 'at least once'
  readonly because: string
  readonly check?: (settings: z.output<S>, around: Surroundings) => Promise<string>
  readonly open: (settings: z.output<S>, around: Surroundings, load: LoadRequest) => Promise<Writer>
}

/** Rows after `after`, up to and with `to`. */
export interface Slice {
  readonly after: bigint
  readonly to: bigint
}

/** Something a source holds: a table, a file. `config` completes the settings to read it. */
export interface Discovered {
  readonly name: string
  readonly config: Readonly<Record<string, unknown>>
  readonly columns?: readonly { name: string; type: string; nullable: boolean }[]
}

export type Connector = ConnectorSpec<z.ZodType, z.ZodType, z.ZodType>

export function defineConnector<R extends z.ZodType, W extends z.ZodType, D extends z.ZodType>(
  spec: ConnectorSpec<R, W, D>,
): Connector {
  // Settings reach the constructors only after the spec's own schema has parsed them.
  return spec as unknown as Connector
}
