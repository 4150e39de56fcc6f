/** For tests: servers of the internet as functions, without sockets. */
import type { HttpHop, HttpHopAnswer, Network } from '../surroundings.ts'

export interface Scripted {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | readonly (string | Uint8Array | Error)[]
}

export interface ScriptedNetwork {
  readonly network: Network
  readonly signal: AbortSignal
  /** What was sent, in order. */
  readonly hops: HttpHop[]
  /** How many answers were closed. */
  readonly closed: () => number
}

/** `serve` may throw, as a network does. */
export function scriptedNetwork(serve: (hop: HttpHop, count: number) => Scripted): ScriptedNetwork {
  const hops: HttpHop[] = []
  let closed = 0
  return {
    hops,
    closed: () => closed,
    signal: new AbortController().signal,
    network: {
      address: async () => '127.0.0.1',
      send: async (hop) => {
        hops.push(hop)
        return { ...answerOf(serve(hop, hops.length)), close: () => void (closed += 1) }
      },
    },
  }
}

function answerOf({ status = 200, headers = {}, body = '' }: Scripted): Omit<HttpHopAnswer, 'close'> {
  const pieces = Array.isArray(body) ? (body as readonly (string | Uint8Array | Error)[]) : [body as string]
  return {
    status,
    headers,
    body: (async function* () {
      for (const piece of pieces) {
        if (piece instanceof Error) throw piece
        yield typeof piece === 'string' ? Buffer.from(piece) : piece
      }
    })(),
  }
}
