/** Single requests to the outside: only where egress allows, pinned to the address that was checked. */
import { Agent } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import type { Egress } from '#kernel/egress'
import { pinnedRequest } from '#kernel/pinned-request'
import type { HttpHopAnswer, Network } from '#sdk'

const options = { keepAlive: true, maxFreeSockets: 4, timeout: 30_000 }

/** Connections are kept for each address, so that a checked address is never served by the connection of another. */
export function httpSender(egress: Egress, maxAgents = 200): Network['send'] {
  const agents = new Map<string, Agent>()
  const agentOf = (protocol: string, address: string): Agent => {
    const key = `${protocol}${address}`
    const agent = agents.get(key) ?? (protocol === 'https:' ? new SecureAgent(options) : new Agent(options))
    agents.delete(key)
    agents.set(key, agent)
    const [[oldest, idle] = []] = agents
    if (agents.size > maxAgents && oldest !== undefined && idle !== undefined) {
      agents.delete(oldest)
      retire(idle)
    }
    return agent
  }
  return async ({ url, method, headers, body, signal }) => {
    const here = new URL(url)
    const address = await egress.address(here.hostname)
    const agent = agentOf(here.protocol, address)
    return answerOf(await pinnedRequest(here, address, { method, headers, body, signal, agent }))
  }
}

/** Closes its free connections now and each of the others when its request has ended. */
function retire(agent: Agent): void {
  agent.maxFreeSockets = 0
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
}

function answerOf(response: IncomingMessage): HttpHopAnswer {
  const headers = Object.entries(response.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: response,
    close: () => void response.destroy(),
  }
}
