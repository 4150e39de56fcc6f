/**
 * `postgresql → filter → Parquet` and `CSV → dataset`, against the bare engine doing the same in one
 * statement. `node bench/pipelines.ts --rows 2000000 --rounds 3`
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { startPostgres } from '../tools/testing/postgres.ts'
import { median, printTable, round, thousands } from './report.ts'
import { openBareEngine, openServer, type BenchServer } from './servers.ts'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '2000000' }, rounds: { type: 'string', default: '3' } },
})
const [rows, rounds] = [Number(values.rows), Number(values.rounds)]
const postgres = await startPostgres()
const files = mkdtempSync(join(tmpdir(), 'millrace-bench-files-'))
const { hostname, port, password } = new URL(postgres.url)

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < rounds; turn += 1) {
    const began = performance.now()
    await work()
    times.push((performance.now() - began) / 1000)
  }
  return median(times)
}

async function run({ server }: BenchServer, id: unknown): Promise<void> {
  const answer = await server.ask(`/api/v1/pipelines/${String(id)}/run?wait=600s`, {
    method: 'POST',
    signal: AbortSignal.timeout(600_000),
  })
  const said = (await answer.json()) as { status: string }
  if (said.status !== 'succeeded') throw new Error(`The run did not succeed: ${JSON.stringify(said)}`)
}

try {
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  await client.query(
    "create table customers as select i::bigint as id, 'customer ' || i as name, (case when i % 3 = 0 then 'paused' else 'active' end)::text as status, (i % 100000)::numeric(12,2) / 100 as spent, timestamptz '2026-01-01' + i * interval '1 second' as since from generate_series(1, $1::bigint) i".replace(
      '$1',
      String(rows),
    ),
  )
  await client.end()

  const bare = await openBareEngine()
  const source = `postgresql('${hostname}:${port}', 'postgres', 'customers', 'postgres', '${password}')`
  const csv = join(files, 'customers.csv')
  await bare.warehouse.command(
    `insert into function file('${csv}', 'CSVWithNames') select id, name, status, toDecimal64(spent, 2) as spent, since from ${source}`,
  )
  const bareParquet = await seconds(() =>
    bare.warehouse.command(
      `insert into function file('${join(files, 'bare.parquet')}', 'Parquet') select * from ${source} where status = 'active' settings engine_file_truncate_on_insert = 1`,
    ),
  )
  await bare.warehouse.command(
    "create table default.copy (id Nullable(Int64), name Nullable(String), status Nullable(String), spent Nullable(Float64), since Nullable(DateTime64(6,'UTC'))) engine = MergeTree order by tuple()",
  )
  const bareCsv = await seconds(async () => {
    await bare.warehouse.command('truncate table default.copy')
    await bare.warehouse.command(`insert into default.copy select * from file('${csv}', 'CSVWithNames')`, {
      settings: { timesRead: 'any' },
    })
  })
  await bare.close()

  const bench = await openServer({ MILLRACE_EGRESS: '127.0.0.1' })
  try {
    const folder = join(bench.home, 'files')
    mkdirSync(folder, { recursive: true })
    copyFileSync(csv, join(folder, 'customers.csv'))
    const parquet = await bench.made('/api/v1/pipelines', {
      name: 'to-parquet',
      type: 'batch',
      source: {
        type: 'postgresql',
        config: {
          host: hostname,
          port: Number(port),
          database: 'postgres',
          user: 'postgres',
          password,
          table: 'customers',
        },
      },
      transformations: [{ type: 'filter', config: { field: 'status', operator: 'eq', value: 'active' } }],
      destination: { type: 'file', config: { path: 'active.parquet' } },
    })
    const oursParquet = await seconds(() => run(bench, parquet['id']))
    let turn = 0
    const oursCsv = await seconds(async () => {
      const dataset = await bench.made('/api/v1/pipelines', {
        name: `to-dataset-${turn}`,
        type: 'batch',
        source: { type: 'file', config: { path: 'customers.csv' } },
        transformations: [],
        destination: { type: 'dataset', config: { dataset: `copy_${turn++}` } },
      })
      await run(bench, dataset['id'])
    })
    const line = (what: string, ours: number, theirs: number): Record<string, string | number> => ({
      pipeline: what,
      rows: thousands(rows),
      'bare engine s': round(theirs, 2),
      'Millrace s': round(ours, 2),
      'Millrace rows/s': thousands(rows / ours),
      ratio: round(theirs / ours, 2),
    })
    printTable(`Pipelines, median of ${rounds}`, [
      line('postgresql → filter → Parquet', oursParquet, bareParquet),
      line('CSV → dataset', oursCsv, bareCsv),
    ])
  } finally {
    await bench.close()
  }
} finally {
  await postgres.stop()
  rmSync(files, { recursive: true, force: true })
}
