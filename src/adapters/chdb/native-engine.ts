/** The engine's own calls, as its binding offers them; all of them run off the event loop. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export interface NativeEngine {
  /** A session of its own: settings, parameters and the current database end with it. About 0.4 ms. */
  open(): NativeSession
}

export interface NativeSession {
  /** Runs one or more statements and returns the counts of the last one. */
  run(sql: string, format?: string): Promise<NativeOutcome>
  /** Runs one INSERT: the binding counts written rows only on this way. */
  write(sql: string): Promise<NativeOutcome>
  /** Waits for nothing: only for a session that has no call under way. */
  close(): void
}

export interface NativeOutcome {
  readonly bytes: Uint8Array
  readonly elapsed: number
  readonly rowsRead: number
  readonly bytesRead: number
  readonly rowsWritten: number
  readonly bytesWritten: number
}

const nothing: NativeOutcome = {
  bytes: new Uint8Array(0),
  elapsed: 0,
  rowsRead: 0,
  bytesRead: 0,
  rowsWritten: 0,
  bytesWritten: 0,
}

interface Binding {
  CreateConnection(path: string, args: readonly string[]): unknown
  CloseConnection(connection: unknown): void
  QueryAsyncConnection(connection: unknown, sql: string, format: string): Promise<Partial<NativeOutcome>>
  InsertRawAsyncConnection(
    connection: unknown,
    prefix: string,
    data: Buffer,
    countLines: boolean,
  ): Promise<Partial<NativeOutcome>>
}

/**
 * The binding's public `Session` serialises bound parameters across the whole process and keeps a
 * list of every call; its native calls underneath do neither.
 */
export function loadEngine(folder: string, args: readonly string[]): NativeEngine {
  const require = createRequire(import.meta.url)
  const loader: { loadNative(): Binding } = require(
    join(dirname(require.resolve('chdb/package.json')), 'dist/loader.js'),
  )
  const binding = loader.loadNative()
  return {
    open() {
      const connection = binding.CreateConnection(folder, args)
      return {
        run: async (sql, format = 'TabSeparated') => ({
          ...nothing,
          ...(await binding.QueryAsyncConnection(connection, sql, format)),
        }),
        write: async (sql) => ({
          ...nothing,
          ...(await binding.InsertRawAsyncConnection(connection, sql, Buffer.from('\n'), false)),
        }),
        close: () => binding.CloseConnection(connection),
      }
    },
  }
}
