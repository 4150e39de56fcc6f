import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { kernelErrors } from '../problems/errors.ts'
import type { Logger, SocketCall, SocketRoute } from '../module/module.ts'
import type { Guard } from './guard.ts'
import { matchPath, pathPattern } from './path.ts'
import { endWithProblem } from './plain-answer.ts'
import { explain } from './problem.ts'
import { unstorableText } from './unstorable-text.ts'

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
      const query = new URLSearchParams(search)
      const problems = [
        ...unstorableText(params, 'path'),
        ...[...query].flatMap(([name, value]) => unstorableText({ [name]: value }, 'query')),
      ]
      if (problems.length > 0) throw kernelErrors.invalidRequest({ count: problems.length }, { problems })
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
  if (!explain(error)) log.error({ requestId, err: error }, 'a socket failed unexpectedly')
  endWithProblem(socket, error, { requestId })
}
