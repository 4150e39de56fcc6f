/** Many WebSocket clients in a process of their own, so that their work counts apart. */
import { WebSocket } from 'ws'

export interface ClientsOrder {
  readonly url: string
  readonly protocols: readonly string[]
  readonly count: number
  readonly seconds: number
}

export interface ClientsReport {
  readonly kind: 'report'
  readonly frames: number
  readonly cpu: number
  readonly closed: number
  /** Milliseconds from a frame's `at` to its arrival, a sample. */
  readonly latencies: readonly number[]
}

async function watch({ url, protocols, count, seconds }: ClientsOrder): Promise<void> {
  const latencies: number[] = []
  let frames = 0
  let closed = 0
  let measuring = false
  const sockets: WebSocket[] = []
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url, [...protocols], { perMessageDeflate: false })
      socket.on('open', () => resolve())
      socket.on('error', reject)
      socket.on('close', () => (closed += measuring ? 1 : 0))
      socket.on('message', (data: Buffer) => {
        if (!measuring) return
        frames += 1
        const at = /"at":"([^"]+)"/.exec(data.subarray(0, 300).toString('latin1'))?.[1]
        if (at && frames % 7 === 0 && !data.subarray(0, 40).includes('heartbeat'))
          latencies.push(Date.now() - Date.parse(at))
      })
      sockets.push(socket)
    })
  for (let begun = 0; begun < count; begun += 50)
    await Promise.all(Array.from({ length: Math.min(50, count - begun) }, open))
  process.send?.({ kind: 'open' })
  await new Promise((resolve) => process.once('message', resolve))
  measuring = true
  const before = process.cpuUsage()
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  measuring = false
  const { user, system } = process.cpuUsage(before)
  process.send?.(
    { kind: 'report', frames, cpu: (user + system) / 1e6, closed, latencies } satisfies ClientsReport,
    () => process.exit(0),
  )
}

process.once('message', (order: ClientsOrder) => void watch(order))
