/** Sends blocks as fast as it may, in a process of its own; prints what it saw as one line of JSON. */
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { block } from './orders.ts'

const {
  url,
  authorization,
  rows,
  connections,
  seconds,
  rate,
  path = '/api/v1/streams/load/events',
} = JSON.parse(process.argv[2]!) as {
  url: string
  authorization: string
  rows: number
  connections: number
  seconds: number
  /** Events a second, all connections together; 0: as fast as answers come. */
  rate: number
  path?: string
}
const agent = new Agent({ keepAlive: true, maxSockets: connections })
const blocks = Array.from({ length: 24 }, (_, seed) => block(rows, seed))
const latencies: number[] = []
let accepted = 0
let refused = 0

function send(body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const sending = request(
      url + path,
      {
        method: 'POST',
        agent,
        headers: { authorization, 'content-type': 'application/x-ndjson', 'content-length': body.length },
      },
      (answer) => {
        answer.resume().on('end', () => {
          latencies.push(performance.now() - began)
          if (answer.statusCode === 202 || answer.statusCode === 200) accepted += rows
          else refused += 1
          resolve()
        })
      },
    )
    sending.on('error', reject)
    sending.end(body)
  })
}

const began = performance.now()
const cpu = process.cpuUsage()
const end = began + seconds * 1000
await Promise.all(
  Array.from({ length: connections }, async (_, connection) => {
    const pause = rate === 0 ? 0 : (rows * connections * 1000) / rate
    let next = began + (pause * connection) / connections
    for (let turn = connection; performance.now() < end; turn++) {
      if (pause > 0) {
        await sleep(Math.max(0, next - performance.now()))
        next += pause
      }
      await send(blocks[turn % blocks.length]!)
    }
  }),
)
const elapsed = (performance.now() - began) / 1000
const used = process.cpuUsage(cpu)
latencies.sort((a, b) => a - b)
console.log(
  JSON.stringify({
    accepted,
    refused,
    perSecond: accepted / elapsed,
    p50: latencies[latencies.length >> 1],
    p99: latencies[Math.floor(latencies.length * 0.99)],
    cores: (used.user + used.system) / 1e6 / elapsed,
  }),
)
agent.destroy()
