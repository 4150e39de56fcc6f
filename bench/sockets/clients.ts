/** Many WebSocket clients in a process of its own; prints what they saw as one line of JSON. */
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'

const { url, token, clients, seconds, warmup } = JSON.parse(process.argv[2]!) as {
  url: string
  token: string
  clients: number
  seconds: number
  warmup: number
}
const delays = new Int32Array(20_000_000)
let count = 0
let counting = false
let closed = 0

const sockets: WebSocket[] = []
const connecting: number[] = []
for (let index = 0; index < clients; index += 50) {
  await Promise.all(
    Array.from({ length: Math.min(50, clients - index) }, async () => {
      const began = performance.now()
      const socket = new WebSocket(url, ['bearer', token], { perMessageDeflate: false })
      socket.on('message', (data: Buffer) => {
        if (!counting || data[9] !== 0x75) return // {"type":"u…: updates only
        const at = data.indexOf('"at":"')
        delays[count++] = Date.now() - Date.parse(data.toString('latin1', at + 6, at + 30))
      })
      socket.on('close', () => (closed += 1))
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
      connecting.push(performance.now() - began)
      sockets.push(socket)
    }),
  )
}
process.send?.('connected')
await sleep(warmup * 1000)
counting = true
const cpu = process.cpuUsage()
await sleep(seconds * 1000)
counting = false
const used = process.cpuUsage(cpu)
const seen = delays.subarray(0, count).toSorted()
connecting.sort((a, b) => a - b)
console.log(
  JSON.stringify({
    frames: count,
    p50: seen[count >> 1],
    p99: seen[Math.floor(count * 0.99)],
    max: seen[count - 1],
    connectP99: connecting[Math.floor(connecting.length * 0.99)],
    closed,
    cores: (used.user + used.system) / 1e6 / seconds,
  }),
)
process.exit(0)
