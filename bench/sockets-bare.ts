/** What a plain `ws` server reaches with the same frames: the baseline of the sockets bench. */
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false, handleProtocols: () => 'bearer' })
let offset = 0
setInterval(() => {
  const start = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString()
  const point = (code: string): object => ({
    code,
    period: 'minute',
    start,
    value: 12.5 + offset,
    state: 'open',
    dataPoints: offset,
  })
  const text = JSON.stringify({
    type: 'update',
    epoch: 'bare-epoch-0123456789',
    offset: (offset += 1),
    at: new Date().toISOString(),
    points: [point('B.COUNT'), point('B.SUM')],
  })
  for (const socket of sockets.clients) socket.send(text)
}, 250)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : undefined)
})
