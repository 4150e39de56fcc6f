/** Waits for the runs that a kill cut off, and checks that each row is there once. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerProcess } from '../server-process.ts'
import type { Unfinished } from './home-record.ts'

interface RunAnswer {
  readonly status: string
  readonly rows: { readonly read: number; readonly written: number; readonly quarantined: number }
  readonly error?: unknown
}

export async function finishRuns(
  server: ServerProcess,
  home: string,
  unfinished: readonly Unfinished[],
  withinMs = 120_000,
): Promise<void> {
  const until = Date.now() + withinMs
  for (const each of unfinished) {
    const what = `The run of "${each.name}", cut off ${each.caught},`
    for (;;) {
      const answer = await server.ask(`/api/v1/runs/${each.run}`)
      const text = await answer.text()
      assert.equal(answer.status, 200, `${what} is not there any more: ${text}`)
      const run = JSON.parse(text) as RunAnswer
      assert.ok(!['failed', 'cancelled'].includes(run.status), `${what} is ${run.status}: ${text}`)
      const ended = each.kind === 'batch' ? run.status === 'succeeded' : run.rows.written === each.rows
      if (ended) {
        const { written, quarantined } = run.rows
        assert.deepEqual(
          { written, quarantined },
          { written: each.rows, quarantined: each.quarantined },
          `${what} counted other rows than there are`,
        )
        break
      }
      assert.ok(Date.now() < until && !server.over(), `${what} did not end: ${text}\n${server.said().slice(-2000)}`)
      await sleep(100)
    }
  }
  for (const each of unfinished) await checkLoaded(server, home, each)
}

async function checkLoaded(
  server: ServerProcess,
  home: string,
  { name, caught, into, rows, sum, quarantined }: Unfinished,
): Promise<void> {
  const what = `After the run of "${name}", cut off ${caught},`
  if ('file' in into) {
    const lines = readFileSync(join(home, 'files', into.file), 'utf8')
      .trimEnd()
      .split('\n')
    const total = lines.reduce((added, line) => {
      const { id, value } = JSON.parse(line) as { id: number; value: number }
      return added + Number(id) * 100 + Number(value)
    }, 0)
    assert.deepEqual([lines.length, String(total)], [rows, sum], `${what} the file "${into.file}" has other rows`)
    return
  }
  const key = into.dataset === 'ticks_copy' ? 'n' : 'id'
  const value = into.dataset === 'ticks_copy' ? 'sum(n)' : 'sum(id * 100 + value)'
  const answer = await server.ask('/query', {
    json: { sql: `SELECT count(), uniqExact(${key}), ${value} FROM ${into.dataset}` },
  })
  const text = await answer.text()
  assert.equal(answer.status, 200, text)
  const [found] = (JSON.parse(text) as { rows: unknown[][] }).rows
  assert.deepEqual(
    found?.map(String),
    [String(rows), String(rows), sum],
    `${what} "${into.dataset}" has other rows (count, different keys, sum)`,
  )
  const kept = await server.ask(`/api/v1/datasets/${into.dataset}/quarantine?limit=1000`)
  const { items } = (await kept.json()) as { items: readonly unknown[] }
  assert.equal(items.length, quarantined, `${what} other rows are in quarantine of "${into.dataset}"`)
}
