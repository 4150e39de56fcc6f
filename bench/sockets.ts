/**
 * Clients that watch one dashboard of two KPIs which change four times a second, against a plain `ws`
 * server that sends the same. `node bench/sockets.ts --clients 5000 --seconds 30`
 */
import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'
import { token } from '../tests/server-process.ts'
import { cpuSeconds, printTable, quantile, residentBytes, round, type Cells } from './report.ts'
import { openServer } from './servers.ts'
import type { ClientsOrder, ClientsReport } from './sockets-clients.ts'

const { values } = parseArgs({
  options: { clients: { type: 'string', default: '5000' }, seconds: { type: 'string', default: '30' } },
})
const [clients, seconds] = [Number(values.clients), Number(values.seconds)]

const beside = (file: string): ChildProcess => fork(join(import.meta.dirname, file))
const heard = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve) => child.once('message', (message) => resolve(message as T)))

async function measure(what: string, pid: number, url: string): Promise<Cells> {
  const before = residentBytes(pid)
  const watchers = [beside('sockets-clients.ts'), beside('sockets-clients.ts')]
  const opened = watchers.map((child) => heard(child))
  for (const child of watchers)
    child.send({ url, protocols: ['bearer', token], count: Math.ceil(clients / 2), seconds } satisfies ClientsOrder)
  await Promise.all(opened)
  const stalled = new WebSocket(url, ['bearer', token])
  await new Promise((resolve) => stalled.once('open', resolve))
  stalled.pause()
  await sleep(3000)
  const memory = residentBytes(pid) - before
  const cpu = cpuSeconds(pid)
  const reports = watchers.map((child) => heard<ClientsReport>(child))
  for (const child of watchers) child.send('measure')
  const all = await Promise.all(reports)
  const used = cpuSeconds(pid) - cpu
  const latencies = all.flatMap((report) => report.latencies)
  const after = residentBytes(pid) - before
  stalled.terminate()
  return {
    server: what,
    clients,
    'frames/s per client': round(all.reduce((sum, report) => sum + report.frames, 0) / clients / seconds, 2),
    'p50 ms': round(quantile(latencies, 0.5)),
    'p99 ms': round(quantile(latencies, 0.99)),
    'server cores': round(used / seconds, 2),
    'client cores': round(all.reduce((sum, report) => sum + report.cpu, 0) / seconds, 2),
    'KB per client': round(memory / clients / 1024, 1),
    'KB per client after': round(after / clients / 1024, 1),
    closed: all.reduce((sum, report) => sum + report.closed, 0),
  }
}

async function bare(): Promise<Cells> {
  const child = beside('sockets-bare.ts')
  try {
    const port = await heard<number>(child)
    return await measure('plain ws', child.pid!, `ws://127.0.0.1:${port}/`)
  } finally {
    child.kill('SIGKILL')
  }
}

async function millrace(): Promise<Cells> {
  const { server, made, close } = await openServer()
  let going = true
  try {
    const column = (name: string, type: string): object => ({ name, type, nullable: false })
    await made('/api/v1/datasets', {
      name: 'orders',
      kind: 'events',
      columns: [column('amount', 'decimal(12,2)'), column('at', 'timestamp')],
    })
    await made('/api/v1/metrics', {
      code: 'B.COUNT',
      name: 'Orders',
      dataset: 'orders',
      time: 'at',
      measure: { type: 'count' },
    })
    await made('/api/v1/metrics', {
      code: 'B.SUM',
      name: 'Revenue',
      dataset: 'orders',
      time: 'at',
      measure: { type: 'sum', expression: 'amount' },
    })
    const { id } = await made('/api/v1/dashboards', {
      name: 'bench',
      tiles: [{ metric: 'B.COUNT' }, { metric: 'B.SUM' }],
    })
    const driver = (async () => {
      while (going) {
        await server
          .ask('/api/v1/streams/orders/events', { json: [{ amount: '1.50', at: new Date().toISOString() }] })
          .catch(() => undefined)
        await sleep(100)
      }
    })()
    const cells = await measure(
      'Millrace',
      server.pid,
      `${server.url.replace('http', 'ws')}/ws/dashboard/${String(id)}?period=minute`,
    )
    going = false
    await driver
    return cells
  } finally {
    going = false
    await close()
  }
}

const [plain, ours] = [await bare(), await millrace()]
printTable(`WebSocket delivery, one more client that does not read`, [
  plain,
  { ...ours, 'p99 ratio': round(Number(ours['p99 ms']) / Math.max(1, Number(plain['p99 ms'])), 2) },
])
