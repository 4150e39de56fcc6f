import { randomUUID } from 'node:crypto'
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { kernelErrors } from '../problems/errors.ts'
import type { Logger, SocketCall, SocketRoute } from '../module/module.ts'
import type { Guard } from './guard.ts'
import { matchPath, pathPattern } from './path.ts'
import { explain, problemAnswer, problemHeaders } from './problem.ts'

export interface SocketEntry {
  readonly route: SocketRoute
  /** Throws while the module has not started. */
  readonly handler: () => (call: SocketCall) => void
}

/** WebSocket handshakes: known path, known caller, permission; then the module takes the connection over. `cut` ends what is still open. */
export function serveUpgrades(
  server: Server,
  entries: readonly SocketEntry[],
  guard: Guard,
  log: Logger,
): { cut(): void } {
  const open = new Set<Duplex>()
  const routes = entries.map((entry) => ({ ...entry, pattern: pathPattern(entry.route.path) }))

  const admit = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const [path = '/', search = ''] = (request.url ?? '/').split('?', 2)
    for (const { route, pattern, handler } of routes) {
      const params = matchPath(pattern, path)
      if (!params) continue
      const handle = handler()
      const ended = new AbortController()
      const { actor, leave } = await guard.admit({
        headers: request.headers,
        method: request.method ?? 'GET',
        socket: true,
        remoteAddress: request.socket.remoteAddress ?? '',
        permission: route.permission,
        alsoNeeds: route.alsoNeeds ?? [],
        onEnded: (reason) => {
          ended.abort(reason)
          setImmediate(() => socket.destroy())
        },
      })
      if (socket.destroyed) return leave()
      socket.once('close', leave)
      const query = new URLSearchParams(search)
      handle({ params, query, actor, workspace: actor.workspace, signal: ended.signal, request, socket, head })
      return
    }
    throw kernelErrors.unknownPath({ method: 'GET', path })
  }

  server.on('upgrade', (request, socket, head) => {
    const ignore = () => {}
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', ignore)
    admit(request, socket, head)
      .catch((error: unknown) => refuse(socket, error, log))
      .finally(() => socket.off('error', ignore))
  })
  return {
    cut() {
      for (const socket of open) socket.destroy()
    },
  }
}

/** As plain HTTP, because the handshake has not happened. */
function refuse(socket: Duplex, error: unknown, log: Logger): void {
  const requestId = randomUUID()
  const answer = problemAnswer(error, requestId)
  if (!explain(error)) log.error({ requestId, err: error }, 'a socket failed unexpectedly')
  const body = JSON.stringify(answer)
  const headers = Object.entries({
    ...problemHeaders(answer.status),
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  })
  socket.once('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  )
}
