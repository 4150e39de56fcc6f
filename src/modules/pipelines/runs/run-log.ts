import { storableJson } from '#core/storable-text'
import { withoutUrlSecrets } from '#core/masked-urls'
import type { Metadata } from '#ports/metadata'

/** What a run says of itself, line by line. */
export interface RunLog {
  log(workspace: string, runId: string, lines: readonly LogLine[]): Promise<void>
  /** Lines with numbers in (after, upto]. */
  forgetLines(workspace: string, runId: string, range: { after: number; upto: number }): Promise<void>
  logs(workspace: string, runId: string): Promise<readonly LogLine[]>
}

export interface LogLine {
  readonly number: number
  readonly at: string
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
}

export function runLog(metadata: Metadata): RunLog {
  return {
    log: async (workspace, runId, lines) => {
      if (lines.length === 0) return
      await metadata.inWorkspace(workspace).query(
        `insert into pipelines.run_log (workspace, run_id, number, at, level, message)
         select $1, $2, number, at, level, message from jsonb_to_recordset($3::jsonb) as line(number integer, at timestamptz, level text, message text)
         on conflict do nothing`,
        [workspace, runId, withoutUrlSecrets(storableJson(lines))],
      )
    },
    forgetLines: async (workspace, runId, { after, upto }) => {
      await metadata
        .inWorkspace(workspace)
        .query('delete from pipelines.run_log where workspace = $1 and run_id = $2 and number > $3 and number <= $4', [
          workspace,
          runId,
          after,
          upto,
        ])
    },
    logs: async (workspace, runId) => {
      const { rows } = await metadata.inWorkspace(workspace).query<{
        number: number
        at: string | Date
        level: LogLine['level']
        message: string
      }>('select number, at, level, message from pipelines.run_log where workspace = $1 and run_id = $2 order by number', [workspace, runId])
      return rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() }))
    },
  }
}
