import type { ClickHouseClient } from '@clickhouse/client'
import type { Progress } from '#ports/warehouse'

interface ProcessRow {
  readonly read_rows: string
  readonly written_rows: string
}

const everyMs = 300

/** Asks the engine's list of running queries a few times a second, which works over every kind of call. */
export function watchProgress(
  client: ClickHouseClient,
  queryId: string,
  onProgress: (progress: Progress) => void,
): () => void {
  let stopped = false
  let timer = setTimeout(ask, everyMs)

  function ask(): void {
    look()
      .catch(() => undefined)
      .finally(() => {
        if (!stopped) timer = setTimeout(ask, everyMs)
      })
  }

  async function look(): Promise<void> {
    const answer = await client.query({
      query: `SELECT read_rows, written_rows FROM system.processes
        WHERE query_id = {id:String} OR Settings['log_comment'] = {id:String} LIMIT 1`,
      query_params: { id: queryId },
      format: 'JSONEachRow',
      http_headers: { 'x-millrace-lane': 'control' },
    })
    const [row] = await answer.json<ProcessRow>()
    if (row === undefined || stopped) return
    onProgress({
      rowsRead: Number(row.read_rows),
      rowsWritten: Number(row.written_rows),
    })
  }

  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
