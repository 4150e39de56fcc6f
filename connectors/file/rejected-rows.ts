/** Rows of CSV files that the engine cannot read: it reads on past them and writes them down in a file of its own. */
import { randomUUID } from 'node:crypto'
import { stat, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMillraceError, sql, text } from '#sdk'
import type { RejectedRow, Surroundings, TolerantReading } from '#sdk'

/** With more, the run fails with the first of them. */
const maxRejected = 10_000
const tolerable: ReadonlySet<string> = new Set(['file.value', 'file.row'])

export function tolerantReading(
  around: Surroundings,
  explain: (error: unknown, row?: string) => Error | undefined,
): TolerantReading {
  const path = join(tmpdir(), `millrace-rejected-${randomUUID()}.csv`)
  return {
    applies: (error) => {
      const explained = isMillraceError(error) ? error : explain(error)
      return isMillraceError(explained) && tolerable.has(explained.code)
    },
    settings: { brokenRows: { max: maxRejected, file: path } },
    rejected: async () => {
      if ((await stat(path).catch(() => undefined)) === undefined) return []
      try {
        const columns =
          'time String, database Nullable(String), relation Nullable(String), row UInt64, reason String, raw String'
        const found = await around.engine.rows<{ row: string; reason: string; raw: string }>(
          sql`SELECT toString(row) AS row, reason, raw FROM file(${text(path)}, ${text('CSV')}, ${text(columns)})`,
        )
        return found.filter(({ raw }) => raw.trim() !== '').map((each) => rejectedRow(each, explain))
      } finally {
        await rm(path, { force: true })
      }
    },
  }
}

function rejectedRow(
  { row, reason, raw }: { row: string; reason: string; raw: string },
  explain: (error: unknown, row?: string) => Error | undefined,
): RejectedRow {
  const explained = explain(reason, row)
  return {
    number: Number(row),
    code: isMillraceError(explained) ? explained.code : 'unreadable',
    reason: explained?.message ?? `Row ${row} cannot be read.`,
    row: raw,
  }
}
