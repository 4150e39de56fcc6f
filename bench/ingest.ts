/**
 * Events over HTTP with eight KPIs folding, against the bare engine taking the same blocks; then from
 * event to frame at a quarter of what was reached. `node bench/ingest.ts --seconds 60 --block 5000`
 */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'
import { token } from '../tests/server-process.ts'
import type { GeneratorAck, GeneratorOrder, GeneratorReport } from './ingest-generator.ts'
import { cpuSeconds, printTable, quantile, round, thousands, type Cells } from './report.ts'
import { openBareEngine, openServer, type BenchServer } from './servers.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    block: { type: 'string', default: '5000' },
    connections: { type: 'string', default: '4' },
  },
})
const [seconds, block, connections] = [Number(values.seconds), Number(values.block), Number(values.connections)]

const columns = {
  id: 'integer',
  customer: 'string',
  region: 'string',
  channel: 'string',
  amount: 'decimal(12,2)',
  quantity: 'integer',
  status: 'string',
  ordered_at: 'timestamp',
}
const paid = "status != 'cancelled'"
const kpis = [
  { code: 'B.COUNT', measure: { type: 'count' } },
  {
    code: 'B.REVENUE',
    measure: { type: 'sum', expression: 'amount' },
    filter: paid,
    dimensions: ['region', 'channel'],
  },
  { code: 'B.AVG', measure: { type: 'avg', expression: 'amount' }, dimensions: ['region'] },
  { code: 'B.MIN', measure: { type: 'min', expression: 'amount' } },
  { code: 'B.MAX', measure: { type: 'max', expression: 'amount' } },
  { code: 'B.CUSTOMERS', measure: { type: 'distinct', expression: 'customer' } },
  { code: 'B.P95', measure: { type: 'percentile', expression: 'amount', p: 95 } },
  {
    code: 'B.CANCELLED',
    measure: {
      type: 'ratio',
      numerator: { type: 'count', filter: "status = 'cancelled'" },
      denominator: { type: 'count' },
    },
  },
]

function generator(
  order: GeneratorOrder,
  onAck: (ack: GeneratorAck) => void = () => undefined,
): Promise<GeneratorReport> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'ingest-generator.ts'))
    child.on('message', (message: GeneratorAck | GeneratorReport) =>
      message.kind === 'ack' ? onAck(message) : resolve(message),
    )
    child.on('error', reject)
    child.send(order)
  })
}

async function bare(): Promise<GeneratorReport> {
  const { engine, warehouse, close } = await openBareEngine()
  try {
    await warehouse.command(
      "create table default.orders (id Int64, customer String, region String, channel String, amount Decimal(12,2), quantity Int64, status String, ordered_at DateTime64(6,'UTC')) engine = MergeTree order by tuple()",
    )
    const { url, username, password } = await engine.endpoint(5000)
    const query = new URLSearchParams({
      query: 'insert into default.orders format JSONEachRow',
      date_time_input_format: 'best_effort',
    })
    const headers = { 'x-clickhouse-user': username, 'x-clickhouse-key': password }
    return await generator({
      url: `${url}/?${query}`,
      headers,
      block,
      connections,
      seconds: Math.max(3, seconds / 4),
      rate: 0,
    })
  } finally {
    await close()
  }
}

async function setUp({ made }: BenchServer): Promise<void> {
  await made('/api/v1/datasets', {
    name: 'orders',
    kind: 'events',
    columns: Object.entries(columns).map(([name, type]) => ({ name, type, nullable: false })),
  })
  for (const kpi of kpis)
    await made('/api/v1/metrics', { ...kpi, name: kpi.code, dataset: 'orders', time: 'ordered_at' })
}

/** From a block's sending to the first frame that counts it. */
async function eventToFrame(
  bench: BenchServer,
  order: GeneratorOrder,
): Promise<{ latencies: number[]; report: GeneratorReport }> {
  const socket = new WebSocket(`${bench.server.url.replace('http', 'ws')}/ws/kpi/B.COUNT?period=minute`, [
    'bearer',
    token,
  ])
  const counts = new Map<string, number>()
  const frames: { at: number; total: number }[] = []
  let first: (() => void) | undefined
  const snapshot = new Promise<void>((resolve) => (first = resolve))
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as { type: string; points?: { start: string; dataPoints: number }[] }
    for (const { start, dataPoints } of frame.points ?? []) counts.set(start, dataPoints)
    frames.push({ at: Date.now(), total: [...counts.values()].reduce((sum, count) => sum + count, 0) })
    if (frame.type === 'snapshot') first?.()
  })
  await snapshot
  const before = frames.at(-1)!.total
  const blocks: { sentAt: number; total: number }[] = []
  let total = before
  const report = await generator(order, ({ sentAt, rows }) => blocks.push({ sentAt, total: (total += rows) }))
  await new Promise((resolve) => setTimeout(resolve, 3000))
  socket.terminate()
  const latencies = blocks.map(
    ({ sentAt, total: needed }) =>
      (frames.find((frame) => frame.total >= needed)?.at ?? Number.POSITIVE_INFINITY) - sentAt,
  )
  return { latencies, report }
}

function row(what: string, report: GeneratorReport, more: Cells): Cells {
  return {
    run: what,
    'events/s': thousands(report.rows / report.seconds),
    seconds: round(report.seconds, 1),
    'ack p50 ms': round(quantile(report.latencies, 0.5)),
    'ack p99 ms': round(quantile(report.latencies, 0.99)),
    'generator cores': round(report.cpu / report.seconds, 2),
    failed: report.failed,
    ...more,
  }
}

const baseline = await bare()
const bench = await openServer()
try {
  await setUp(bench)
  const order = {
    url: `${bench.server.url}/api/v1/streams/orders/events`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    block,
    connections,
    seconds,
    rate: 0,
  }
  const { server, engine } = bench.pids()
  const [serverBefore, engineBefore] = [cpuSeconds(server), cpuSeconds(engine)]
  const full = await generator(order)
  const cores = (before: number, pid: number): number => round((cpuSeconds(pid) - before) / full.seconds, 2)
  const used = { 'server cores': cores(serverBefore, server), 'engine cores': cores(engineBefore, engine) }
  const ratio = full.rows / full.seconds / (baseline.rows / baseline.seconds)
  const quarter = Math.min(50_000, full.rows / full.seconds / 4)
  const { latencies, report } = await eventToFrame(bench, {
    ...order,
    block: Math.min(block, Math.max(100, Math.round(quarter / 10))),
    seconds: Math.max(5, seconds / 3),
    rate: quarter,
  })
  printTable(`Ingest in blocks of ${block} over ${connections} connections, ${kpis.length} KPIs folding`, [
    row('bare engine, no KPIs', baseline, { ratio: 1 }),
    row('Millrace', full, { ...used, ratio: round(ratio, 2) }),
    row('Millrace at a quarter', report, {
      'frame p50 ms': round(quantile(latencies, 0.5)),
      'frame p99 ms': round(quantile(latencies, 0.99)),
    }),
  ])
} finally {
  await bench.close()
}
