import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { FastifyInstance } from 'fastify'
import { kernelErrors } from '../problems/errors.ts'
import type { EventLoopDelay } from '../logs/event-loop.ts'
import type { Logger, Measurement } from '../module/module.ts'
import type { Readiness } from '../module/readiness.ts'
import { rememberRoute } from './known-routes.ts'
import type { Guard } from './guard.ts'
import { sendProblem } from './send.ts'
import type { Traffic } from './traffic.ts'

export interface Vitals {
  readonly version: string
  readonly ready: () => Promise<Readiness>
  readonly traffic: Traffic
  readonly delay: EventLoopDelay
  readonly guard: Guard
  readonly log: Logger
  readonly measured: () => readonly { readonly measurements?: () => Iterable<Measurement> }[]
}

/** `/health`, `/ready`, `/metrics`: what those who look after the server ask. */
export function vitalRoutes(app: FastifyInstance, vitals: Vitals): void {
  for (const path of ['/health', '/ready', '/metrics']) rememberRoute(app, ['GET', 'HEAD'], path)
  app.get('/health', () => ({ status: 'alive', version: vitals.version, uptimeSeconds: Math.round(process.uptime()) }))
  app.get('/ready', async (_, reply) => {
    const readiness = await vitals.ready()
    if (!readiness.ready) reply.code(503).header('retry-after', '1')
    return readiness
  })
  app.get('/metrics', async (request, reply) => {
    // Behind a proxy everybody comes from loopback.
    const fromHere =
      isLoopback(request.ip) &&
      isNobodyElses(request.hostname) &&
      request.headers['x-forwarded-for'] === undefined &&
      request.headers.forwarded === undefined
    if (!fromHere) {
      try {
        const { actor, leave } = await vitals.guard.admit({
          headers: request.headers,
          method: 'GET',
          socket: false,
          remoteAddress: request.ip,
          permission: 'public',
        })
        leave()
        if (actor.id === 'anonymous') throw kernelErrors.unauthenticated({})
      } catch (error) {
        return sendProblem(request, reply, error, vitals.log)
      }
    }
    return reply
      .header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      .send([...lines(vitals), ''].join('\n'))
  })
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.')
}

/** Whoever owns a name may lead it to loopback and so read, in a browser here, as if from our own page; names without a dot are not to be had. */
function isNobodyElses(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return !name.includes('.') || isIP(name) !== 0 || name.endsWith('.localhost') || name === hostname().toLowerCase()
}

function* lines(vitals: Vitals): Iterable<string> {
  const memory = process.memoryUsage()
  const cpu = process.cpuUsage()
  const late = vitals.delay.read()
  const own: Measurement[] = [
    {
      name: 'millrace_info',
      help: 'The version that runs.',
      type: 'gauge',
      value: 1,
      labels: { version: vitals.version, node: process.versions.node },
    },
    {
      name: 'process_cpu_seconds_total',
      help: 'Processor time used.',
      type: 'counter',
      value: (cpu.user + cpu.system) / 1e6,
    },
    { name: 'process_resident_memory_bytes', help: 'Resident memory.', type: 'gauge', value: memory.rss },
    { name: 'nodejs_heap_used_bytes', help: 'Used JavaScript heap.', type: 'gauge', value: memory.heapUsed },
    {
      name: 'nodejs_external_memory_bytes',
      help: 'Memory outside the JavaScript heap.',
      type: 'gauge',
      value: memory.external,
    },
    {
      name: 'process_start_time_seconds',
      help: 'When the process started.',
      type: 'gauge',
      value: Math.round(Date.now() / 1000 - process.uptime()),
    },
    {
      name: 'millrace_event_loop_delay_seconds',
      help: 'How late the event loop ran since the last scrape.',
      type: 'gauge',
      value: late.mean,
      labels: { statistic: 'mean' },
    },
    {
      name: 'millrace_event_loop_delay_seconds',
      help: '',
      type: 'gauge',
      value: late.p99,
      labels: { statistic: 'p99' },
    },
    {
      name: 'millrace_event_loop_delay_seconds',
      help: '',
      type: 'gauge',
      value: late.max,
      labels: { statistic: 'max' },
    },
  ]
  const all = [...own, ...vitals.measured().flatMap((part) => [...(part.measurements?.() ?? [])])]
  // The format wants all samples of one name together.
  for (const [name, samples] of Map.groupBy(all, (measurement) => measurement.name)) {
    const [first] = samples
    yield `# HELP ${name} ${(first?.help ?? '').replace(/\\/g, String.raw`\\`).replace(/\n/g, ' ')}`
    yield `# TYPE ${name} ${first?.type}`
    for (const { labels, value } of samples) yield `${name}${labelText(labels)} ${value}`
  }
  yield* vitals.traffic.lines()
}

function labelText(labels: Measurement['labels']): string {
  if (!labels || Object.keys(labels).length === 0) return ''
  const escape = (value: string) => value.replace(/[\\"]/g, String.raw`\$&`).replace(/\n/g, String.raw`\n`)
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escape(value)}"`)
    .join(',')}}`
}
