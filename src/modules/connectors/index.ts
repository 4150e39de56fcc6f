import type { z } from 'zod'
import type { Actor } from '#core/actor'
import type { Problem } from '#core/errors'
import type { TypedConfig } from '#core/pipeline'
import { face } from '#kernel/module'
import type { Reader } from '#modules/datasets'
import type { NeededPermission } from '#kernel/needed-permissions'
import type { SqlSession } from '#ports/metadata'
import type { Progress } from '#ports/warehouse'
import type { Connector, EngineSettings, Surroundings } from '#sdk'
import type { ConnectorCheck, FoundStream } from './contract.ts'

export const connectors = face<Connectors>('connectors')

/**
 * The connectors there are, and what they may reach.
 *
 * ```ts
 * const source = { type: 'stream', config: { stream: 'orders' } }
 * const { connector, settings, problems } = needs.connectors.validate('source', source, 'source')
 * problems // []
 * const reader = await needs.datasets.readerOf(actor)
 * const around = await needs.connectors.surroundings(reader, { signal: AbortSignal.timeout(5000), seconds: 60 })
 * const { read } = await connector!.source!.load()
 * await read(settings, around, {}) // { by: 'engine', … }
 * ```
 */
export interface Connectors {
  list(): readonly Connector[]
  find(type: string): Connector | undefined
  /** The connector and the settings its schema made of `config`; or every problem, with its place under `at`. */
  validate(
    side: 'source' | 'destination',
    part: TypedConfig,
    at: string,
    /** Those of the connection, which `config` then leaves out. */
    connection?: Readonly<Record<string, unknown>>,
  ): SettingsValidation
  /** The settings of a side as a pipeline gives them, those of the connection included. */
  settings(side: 'source' | 'destination', type: string): z.ZodType | undefined
  /** A connection of the workspace as something that uses it needs it, with its secrets: for running, never for showing. */
  connection(workspace: string, name: string): Promise<UsableConnection | undefined>
  /**
   * Call it in the transaction that stores something that uses connections: none of them is deleted before the
   * transaction ends. Returns the names of those that exist.
   */
  holdConnections(session: SqlSession, workspace: string, names: readonly string[]): Promise<ReadonlySet<string>>
  /** The settings of the source that read this stream, as the server lists it. Rejects with `connectors.no_stream`. */
  streamConfig(
    reader: Reader,
    connection: string,
    stream: string,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>>
  /** Whether these settings reach their server. Rejects when the settings are wrong, or the actor may not use them. */
  check(actor: Actor, tried: Tried, signal: AbortSignal): Promise<ConnectorCheck>
  /** What can be read with these settings of a connection. */
  discover(actor: Actor, tried: Omit<Tried, 'side'>, signal: AbortSignal): Promise<readonly FoundStream[]>
  /** What the use of a side needs, and where: `source`, `destination`. */
  needed(side: 'source' | 'destination', type: string): NeededPermission
  /** For reads with the rights of `reader`, in its workspace. */
  surroundings(reader: Reader, use: Use): Promise<Surroundings>
  /** The folder that holds the files of a workspace, made when it is missing. */
  folder(workspace: string): Promise<string>
  /**
   * All workspaces once shared the folders of `MILLRACE_FILES`. Copies what `uses` name into the folders of their
   * workspaces, once per installation; `rename` gets the new path of a use that was absolute.
   */
  carrySharedFiles<U extends FileUse>(
    uses: readonly U[],
    rename: (use: U, path: string) => Promise<void>,
  ): Promise<void>
  /** Settings that are stored, as the connector writes them today. */
  upgrade(type: string, settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>
  /** `place` belongs to the seal: a sealed secret opens only where it was sealed for. */
  seal(secret: unknown, place: string): string
  unseal(sealed: string, place: string): unknown
}

/** Settings to try out, those of a connection or of a side of a pipeline. */
export interface Tried {
  readonly type: string
  readonly config: unknown
  readonly side?: 'source' | 'destination' | 'connection' | undefined
}

export interface UsableConnection {
  readonly type: string
  readonly settings: Readonly<Record<string, unknown>>
}

export interface FileUse {
  readonly workspace: string
  /** A path or pattern as a definition has it. */
  readonly path: string
}

export type SettingsValidation =
  | { readonly connector: Connector; readonly settings: unknown; readonly problems: readonly [] }
  | { readonly connector?: undefined; readonly settings?: undefined; readonly problems: readonly Problem[] }

export interface Use {
  readonly signal: AbortSignal
  /** What one statement may take. */
  readonly seconds: number
  readonly memoryBytes?: number
  readonly settings?: EngineSettings
  readonly onProgress?: (progress: Pick<Progress, 'rowsRead' | 'rowsWritten'>) => void
}
