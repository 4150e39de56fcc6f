/** Sends blocks as fast as it is answered, or at a pace, in a process of its own so that its work counts apart. */
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export interface GeneratorOrder {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly block: number
  readonly connections: number
  readonly seconds: number
  /** Rows a second; 0: as fast as possible. */
  readonly rate: number
}

export interface GeneratorReport {
  readonly kind: 'report'
  readonly rows: number
  readonly seconds: number
  readonly cpu: number
  readonly latencies: readonly number[]
  readonly failed: number
}

export interface GeneratorAck {
  readonly kind: 'ack'
  readonly sentAt: number
  readonly rows: number
}

const regions = ['north', 'south', 'east', 'west']

function blockOf(count: number): Buffer {
  const now = Date.now()
  const lines = Array.from({ length: count }, (_, index) => {
    const at = new Date(now - Math.floor(Math.random() * 60_000)).toISOString()
    return `{"id":${index},"customer":"c${Math.floor(Math.random() * 50_000)}","region":"${regions[index % 4]}","channel":"${index % 3 ? 'web' : 'shop'}","amount":"${(Math.random() * 200).toFixed(2)}","quantity":${1 + (index % 5)},"status":"${index % 20 ? 'paid' : 'cancelled'}","ordered_at":"${at}"}`
  })
  return Buffer.from(lines.join('\n'))
}

async function generate(order: GeneratorOrder): Promise<GeneratorReport> {
  const agent = new Agent({ keepAlive: true, maxSockets: order.connections })
  const blocks = Array.from({ length: 16 }, () => blockOf(order.block))
  const latencies: number[] = []
  let sent = 0
  let rows = 0
  let failed = 0
  const cpuBefore = process.cpuUsage()
  const began = performance.now()
  const post = (body: Buffer): Promise<boolean> =>
    new Promise((resolve) => {
      const out = request(
        order.url,
        { method: 'POST', agent, headers: { ...order.headers, 'content-length': body.length } },
        (answer) => {
          answer.resume()
          answer.on('end', () => resolve((answer.statusCode ?? 500) < 300))
        },
      )
      out.on('error', () => resolve(false))
      out.end(body)
    })
  const sender = async (): Promise<void> => {
    while (performance.now() - began < order.seconds * 1000) {
      const number = sent++
      if (order.rate > 0) {
        const due = began + (number * order.block * 1000) / order.rate
        if (due > performance.now()) await sleep(due - performance.now())
      }
      const [at, sentAt] = [performance.now(), Date.now()]
      if (await post(blocks[number % blocks.length]!)) {
        rows += order.block
        latencies.push(performance.now() - at)
        process.send?.({ kind: 'ack', sentAt, rows: order.block } satisfies GeneratorAck)
      } else failed += 1
    }
  }
  await Promise.all(Array.from({ length: order.connections }, sender))
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  agent.destroy()
  return { kind: 'report', rows, seconds, cpu: (user + system) / 1e6, latencies, failed }
}

process.once('message', (order: GeneratorOrder) => {
  void generate(order).then((report) => process.send?.(report, () => process.exit(0)))
})
