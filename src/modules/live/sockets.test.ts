import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { after, test } from 'node:test'
import { WebSocket } from 'ws'
import type { SocketCall } from '#kernel/module'
import { manualClock } from '#adapters/clock-manual'
import { fakeMetric } from './publisher-fixture.ts'
import { livePublishers } from './publishers.ts'
import { heartbeatMs, liveSockets } from './sockets.ts'
import { plainQuestion } from './named-streams.ts'

const minute = 60_000
const start = Date.UTC(2026, 10, 21, 10, 0, 5)
const clock = manualClock(start)
const metric = fakeMetric(clock)
const publishers = livePublishers({ source: metric.source, clock })
const log = { debug() {}, info() {}, warn() {}, error: console.error }
const sockets = liveSockets({ publishers, clock, log })
const server = createServer()
const connections: Socket[] = []
server.on('upgrade', (request, socket, head) => {
  connections.push(socket as Socket)
  const call = { request, socket, head, workspace: 'w', signal: new AbortController().signal } as unknown as SocketCall
  sockets.serve(call, async () => ({ question: plainQuestion('w', 'M', 'minute'), resume: undefined }))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
after(() => {
  sockets.stop()
  publishers.stop()
  for (const connection of connections) connection.destroy()
  server.close()
})

async function connect(): Promise<{
  socket: WebSocket
  held: Map<string, number>
  connection: Socket
  frames: () => number
}> {
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, ['bearer', 'token'])
  const held = new Map<string, number>()
  let frames = 0
  const snapshot = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      frames += 1
      const frame = JSON.parse(String(data)) as { type: string; points?: { start: string; value: number }[] }
      for (const { start: at, value } of frame.points ?? []) held.set(at, value)
      if (frame.type === 'snapshot') resolve()
    })
  })
  await new Promise((resolve) => socket.once('open', resolve))
  const connection = connections.at(-1)!
  for (let n = 0; n < 20; n += 1) await clock.advance(50)
  await snapshot
  return { socket, held, connection, frames: () => frames }
}

const untilSame = async (a: Map<string, number>, b: Map<string, number>): Promise<void> => {
  for (let n = 0; n < 300 && JSON.stringify([...a].toSorted()) !== JSON.stringify([...b].toSorted()); n += 1) {
    await clock.advance(20)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.deepEqual([...a].toSorted(), [...b].toSorted())
}

test('a client that stops reading costs a bounded backlog, and holds the newest numbers once it reads again', async () => {
  const slow = await connect()
  const quick = await connect()
  slow.socket.pause()
  // As if the system's own buffers were full: nothing more leaves this process.
  slow.connection.cork()
  const now = Math.floor(start / minute) * minute
  let maxWaiting = 0
  for (let n = 0; n <= 20; n += 1) {
    for (let ago = 0; ago < 59; ago += 1) publishers.wake(metric.add(now - ago * minute))
    await clock.advance(1100)
    maxWaiting = Math.max(maxWaiting, slow.connection.writableLength)
  }
  assert.ok(maxWaiting > 64 * 1024, `${maxWaiting} bytes waited, too few to tell`)
  assert.ok(maxWaiting < 128 * 1024, `${maxWaiting} bytes waited`)
  slow.connection.uncork()
  slow.socket.resume()
  await untilSame(slow.held, quick.held)
  assert.ok(slow.frames() < quick.frames(), `${slow.frames()} and ${quick.frames()} frames`)
  slow.socket.close()
  quick.socket.close()
})

test('heartbeats come, and a client that is not there any more is let go', async () => {
  const one = await connect()
  const before = one.frames()
  one.socket.pause()
  for (let n = 0; n < 5; n += 1) {
    await clock.advance(heartbeatMs)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  assert.equal(one.connection.destroyed, true)
  one.socket.resume()
  await new Promise((resolve) => one.socket.once('close', resolve))
  assert.ok(one.frames() > before)
  assert.equal(sockets.count(), 0)
})
