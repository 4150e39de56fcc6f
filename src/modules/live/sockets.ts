import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import { isMillraceError } from '#core/errors'
import type { Logger, SocketCall } from '#kernel/module'
import type { Clock } from '#ports/clock'
import { liveErrors } from './errors.ts'
import { errorFrame, heartbeatFrame } from './frames.ts'
import type { Frame } from './frames.ts'
import type { Outlet } from './outlet.ts'
import type { Publishers, Watching } from './publishers.ts'
import type { LiveQuestion, Resume } from './live-question.ts'

export interface LiveSockets {
  /** Takes the connection over; a question that cannot be asked is answered with an error frame. */
  serve(call: SocketCall, asked: () => Promise<{ question: LiveQuestion; resume: Resume | undefined }>): void
  count(workspace?: string): number
  stop(): void
}

interface Client {
  readonly socket: WebSocket
  readonly plain: Socket
  readonly workspace: string
  heard: boolean
}

export const heartbeatMs = 15_000
const maxSockets = 20_000
const backlogBytes = 64 * 1024

export function liveSockets({
  publishers,
  clock,
  log,
}: {
  publishers: Publishers
  clock: Clock
  log: Logger
}): LiveSockets {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: 4096,
    handleProtocols: (protocols) => (protocols.has('bearer') ? 'bearer' : false),
  })
  const clients = new Set<Client>()
  let beats = 0
  const beating = clock.every(heartbeatMs, () => {
    const frame = heartbeatFrame(clock.now())
    beats += 1
    for (const client of clients) {
      if (client.plain.writableLength > backlogBytes) continue
      client.plain.write(frame.message)
      if (beats % 2 === 0) askWhetherThere(client)
    }
  })

  const take = async (client: Client, asked: Parameters<LiveSockets['serve']>[1]): Promise<void> => {
    const outlet = outletOf(client)
    let watching: Watching | undefined
    client.plain.on('drain', () => watching?.drained())
    client.socket.on('close', () => {
      clients.delete(client)
      watching?.leave()
    })
    try {
      if (clients.size > maxSockets) throw liveErrors.too_many_sockets({ max: maxSockets })
      const { question, resume } = await asked()
      if (clients.has(client)) watching = publishers.watch(question, outlet, resume)
    } catch (error) {
      if (!isMillraceError(error)) log.error({ err: error }, 'a live socket could not be served')
      outlet.send(errorFrame(error))
      outlet.end(isMillraceError(error) ? error.code : 'bug')
    }
  }

  return {
    serve({ request, socket, head, workspace, signal }, asked) {
      server.handleUpgrade(request, socket, head, (made) => {
        const client: Client = { socket: made, plain: socket as Socket, workspace, heard: true }
        clients.add(client)
        made.on('pong', () => {
          client.heard = true
        })
        made.on('error', () => made.terminate())
        client.plain.setNoDelay(true)
        signal.addEventListener('abort', () => made.close(1008, 'identity.unauthenticated'), { once: true })
        void take(client, asked)
      })
    },
    count: (workspace) =>
      workspace === undefined ? clients.size : [...clients].filter((client) => client.workspace === workspace).length,
    stop() {
      beating.stop()
      for (const { socket } of clients) socket.close(1001, 'The server stops.')
      server.close()
    },
  }
}

/**
 * Frames are framed already and go straight to the connection: they are whole messages, so what
 * `ws` itself sends (pongs, the close) only ever comes between two of them.
 */
function outletOf({ socket, plain }: Client): Outlet {
  return {
    backlog: () => plain.writableLength,
    send: (frame: Frame) => {
      if (socket.readyState === socket.OPEN) plain.write(frame.message)
    },
    end: (reason) => socket.close(1008, reason.slice(0, 100)),
    cut: () => socket.terminate(),
  }
}

function askWhetherThere(client: Client): void {
  if (!client.heard) return client.socket.terminate()
  client.heard = false
  client.socket.ping()
}
