import assert from 'node:assert/strict'
import { until } from '../house/until.ts'
import type { ServerProcess } from '../server-process.ts'
import type { Ledger } from './load.ts'

export async function rowsOf(
  server: ServerProcess,
  sql: string,
): Promise<readonly (readonly (string | number | null)[])[]> {
  const answer = await server.ask('/query', { json: { sql, limit: 10_000 } })
  assert.equal(answer.status, 200, await answer.clone().text())
  return ((await answer.json()) as { rows: (string | number | null)[][] }).rows
}

/** While the load continues: nothing twice, and no less than was acknowledged when we asked. */
export async function assertNothingLost(server: ServerProcess, owed: Ledger): Promise<void> {
  const [[count, distinct] = []] = await rowsOf(server, 'select count(), uniqExact(id) from events')
  assert.equal(count, distinct, 'an event is there twice')
  assert.ok(Number(count) >= owed.rows, `${owed.rows} events were acknowledged, ${count} are there`)
}

/** After the load: exactly what was acknowledged. */
export async function assertExact(server: ServerProcess, owed: Ledger): Promise<void> {
  const [total = []] = await rowsOf(server, 'select count(), uniqExact(id), sum(cents) from events')
  assert.deepEqual(total.map(String), [String(owed.rows), String(owed.rows), String(owed.cents)])
}

/** The numbers from cells are the numbers from rows. */
export async function assertCellsAreRows(server: ServerProcess): Promise<void> {
  for (const [code, measure] of [
    ['KILL.SUM', 'sum(cents)'],
    ['KILL.COUNT', 'count()'],
    ['KILL.MAX', 'max(cents)'],
  ] as const) {
    const raw = await rowsOf(
      server,
      `select toString(toStartOfMinute(at)) as m, region, ${measure} as v, count() as n from events group by m, region order by m, region`,
    )
    const day = 24 * 3_600_000
    const range = `from=${new Date(Date.now() - day).toISOString()}&to=${new Date(Date.now() + day).toISOString()}`
    const answer = await server.ask(`/api/v1/metrics/${code}/values?period=minute&${range}&by=region`)
    assert.equal(answer.status, 200, await answer.clone().text())
    const { points } = (await answer.json()) as {
      points: { start: string; value: number; dataPoints: number; dims: { region: string } }[]
    }
    const fromCells = points.map(
      ({ start, value, dataPoints, dims }) =>
        `${start.slice(0, 19).replace('T', ' ')} ${dims.region} ${value} ${dataPoints}`,
    )
    const there = raw.map(
      ([minute, region, value, count]) => `${String(minute).slice(0, 19)} ${region} ${value} ${count}`,
    )
    assert.deepEqual(fromCells.toSorted(), there.toSorted(), `${code} from cells is not what the rows say`)
  }
}

/** Every run that was accepted has come to an end, and says why where it failed. */
export async function assertRunsEnded(server: ServerProcess, runs: readonly string[]): Promise<void> {
  for (const id of runs) {
    const run = await eventually(`run ${id} ends`, async () => {
      const answer = await server.ask(`/api/v1/runs/${id}`)
      const found = (await answer.json()) as { status: string; error?: unknown }
      return answer.status === 200 && !['queued', 'running'].includes(found.status) ? found : undefined
    })
    if (run.status === 'failed') assert.ok(run.error, `run ${id} failed without saying why`)
  }
}

/** A streaming pipeline has brought every row of its filter over, once. */
export async function assertFollowed(server: ServerProcess, owed: Ledger): Promise<void> {
  let last: readonly (string | number | null)[] = []
  await eventually(`the streaming pipeline brings ${owed.large} rows`, async () => {
    ;[last = []] = await rowsOf(server, 'select count(), uniqExact(id) from followed')
    return Number(last[0]) >= owed.large ? true : undefined
  }).catch((error: Error) => {
    throw new Error(`${error.message}; there are ${String(last)}`)
  })
  assert.deepEqual(last.map(Number), [owed.large, owed.large])
}

/** Looks until there is something; a look that fails, as while a server starts, has seen nothing. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>, withinMs = 120_000): Promise<T> {
  return (await until(what, () => look().catch(() => undefined), { withinMs, everyMs: 200 })) as T
}
