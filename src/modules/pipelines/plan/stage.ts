/** Tables of the workspace's system database that hold rows between two steps of a run. */
import { quoteName } from '#core/dataset'
import { raw, show, sql, text } from '#sdk'
import type { Engine, EngineColumn, EngineSettings, Sql } from '#sdk'

export interface Stage {
  readonly database: string
  readonly table: string
  readonly place: Sql
  readonly rows: number
  readonly bytes: number
}

export interface Stages {
  /** Fills a table with the rows of the select, in their order: of rows with one key the last counts where they are loaded. */
  fill(select: Sql, columns: readonly EngineColumn[], settings?: EngineSettings): Promise<Stage>
  /** Drops every table of this owner, also those of an earlier attempt, except the one at the place. */
  clear(keep?: string): Promise<void>
}

export interface StageOptions {
  /** Gets each statement that moves rows. */
  readonly onStatement?: ((statement: string) => void) | undefined
  /** Nothing was filled for this owner before, so that nobody needs to look for it. */
  readonly isNew?: boolean | undefined
}

/** `owner` is the id of the run or preview, and part of the names of its tables. */
export function stages(
  engine: Engine,
  database: string,
  owner: string,
  { onStatement, isNew = false }: StageOptions = {},
): Stages {
  const prefix = `stage_${owner.replaceAll('-', '')}_`
  let count = 0
  /** Tables that may be there; unknown until the first look, which finds those of an earlier attempt. */
  let present: Set<string> | undefined = isNew ? new Set() : undefined
  const find = async (): Promise<Set<string>> => {
    const found = await engine.rows<{ name: string }>(
      sql`SELECT name FROM system.tables WHERE database = ${text(database)} AND startsWith(name, ${text(prefix)})`,
    )
    return new Set(found.map(({ name }) => name))
  }
  return {
    fill: async (select, columns, settings) => {
      count += 1
      const table = `${prefix}${count}`
      const place = raw(`${quoteName(database)}.${quoteName(table)}`)
      const names = columns.map((column) => quoteName(column.name)).join(', ')
      present?.add(table)
      await engine.command(sql`DROP TABLE IF EXISTS ${place} SYNC`)
      await engine.command(
        sql`CREATE TABLE ${place} (${raw(columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(', '))}) ENGINE = MergeTree ORDER BY tuple()`,
      )
      const statement = sql`INSERT INTO ${place} (${raw(names)}) ${select}`
      onStatement?.(show(statement))
      const { rowsWritten, bytesWritten } = await engine.command(statement, { ...settings, order: 'kept' })
      return { database, table, place, rows: rowsWritten, bytes: bytesWritten }
    },
    clear: async (keep) => {
      present ??= await find()
      for (const name of present) {
        const place = raw(`${quoteName(database)}.${quoteName(name)}`)
        if (show(place) === keep) continue
        await engine.command(sql`DROP TABLE IF EXISTS ${place} SYNC`)
        present.delete(name)
      }
    },
  }
}
