import { render, secretsIn } from '#sdk'
import type { Engine, EngineColumn, EngineFailure, EngineSettings, Sql } from '#sdk'
import { WarehouseError } from '#ports/warehouse'
import type { Progress, QueryOptions, Warehouse } from '#ports/warehouse'

export interface EngineUse {
  readonly signal: AbortSignal
  /** The current one. Statements name their tables in full, so it has none. */
  readonly database: string
  readonly settings?: EngineSettings
  readonly seconds: number
  readonly memoryBytes?: number
  readonly onProgress?: (progress: Progress) => void
}

/** The warehouse as connectors see it: values bound, secrets struck out of whatever it complains about. */
export function engineOf(warehouse: Warehouse, use: EngineUse): Engine {
  async function ask<T>(
    statement: Sql,
    settings: EngineSettings | undefined,
    work: (text: string, options: QueryOptions) => Promise<T>,
  ): Promise<T> {
    const { text, parameters } = render(statement)
    try {
      return await work(text, {
        database: use.database,
        parameters,
        settings: { zone: 'UTC', ...use.settings, ...settings },
        signal: use.signal,
        lane: 'batch',
        limits: { seconds: use.seconds, ...(use.memoryBytes === undefined ? {} : { memoryBytes: use.memoryBytes }) },
      })
    } catch (error) {
      throw struck(error, secretsIn(statement))
    }
  }
  return {
    localFiles: warehouse.features.localFiles,
    failureOf: (error, row) => failureOf(warehouse, error, row),
    describe: (of, settings) =>
      ask({ parts: ['DESCRIBE TABLE ', ...of.parts] }, settings, async (text, options) => {
        const rows = await warehouse.rows<EngineColumn>(text, options)
        return rows.map(({ name, type }) => ({ name, type: type.replaceAll(/\s*\n\s*/g, ' ') }))
      }),
    rows: (select, settings) => ask(select, settings, (text, options) => warehouse.rows(text, options)),
    stream: (select, format, settings) =>
      ask(select, settings, async (text, options) => await warehouse.stream(text, format, options)),
    command: (statement, settings) =>
      ask(statement, settings, (text, options) =>
        warehouse.command(text, {
          ...options,
          ...(use.onProgress === undefined ? {} : { onProgress: use.onProgress }),
        }),
      ),
  }
}

function failureOf(warehouse: Warehouse, error: unknown, row: string | undefined): EngineFailure {
  if (typeof error === 'string') return warehouse.readFailure(error, row)
  if (error instanceof WarehouseError) return error.failure
  const message = error instanceof Error ? error.message : String(error)
  return { message, reason: message }
}

export function struck(error: unknown, secrets: readonly string[]): unknown {
  const hidden = secrets.filter((secret) => secret !== '')
  if (!(error instanceof WarehouseError) || !hidden.some((secret) => error.message.includes(secret))) return error
  const strike = (text: string): string => hidden.reduce((left, secret) => left.replaceAll(secret, '***'), text)
  const { message, reason } = error.failure
  return new WarehouseError({ message: strike(message), reason: strike(reason) }, error.kind, error.type)
}
