/** From an event sent to the first frame that holds it: a probe metric whose value is the newest sending time. */
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { RunningServer } from '../../tests/running-server.ts'

export const probe = {
  dataset: {
    name: 'probe',
    kind: 'events',
    columns: [
      { name: 'at', type: 'timestamp', nullable: false },
      { name: 'sent', type: 'integer', nullable: false },
    ],
  },
  metric: {
    code: 'PROBE',
    name: 'Newest sending time',
    dataset: 'probe',
    time: 'at',
    measure: { type: 'max', expression: 'sent' },
  },
}

/** Milliseconds from sending to the frame, one for each probe that was sent. */
export async function delays(server: RunningServer, seconds: number): Promise<number[]> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/kpi/PROBE?period=hour`, ['bearer', server.token])
  const waiting: number[] = []
  const seen: number[] = []
  const began = Date.now()
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as { points?: { value: number | null }[] }
    const now = Date.now() - began
    for (const point of frame.points ?? []) {
      while (waiting.length > 0 && point.value !== null && waiting[0]! <= point.value) seen.push(now - waiting.shift()!)
    }
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const end = Date.now() + seconds * 1000
  while (Date.now() < end) {
    const sent = Date.now() - began
    waiting.push(sent)
    await server.call('POST', '/api/v1/streams/probe/events', { at: new Date().toISOString(), sent })
    await sleep(50 + Math.random() * 100)
  }
  await sleep(2000)
  socket.close()
  if (waiting.length > 0) throw new Error(`${waiting.length} probes never came back.`)
  return seen
}
