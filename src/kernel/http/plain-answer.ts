/** Problems for callers that Node's HTTP server hands over as a bare connection. */
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { problemAnswer, problemHeaders } from './problem.ts'

/** Ends the connection with the error as an HTTP answer. */
export function endWithProblem(
  socket: Duplex,
  error: unknown,
  {
    requestId = randomUUID(),
    headers = {},
    status,
  }: { requestId?: string; headers?: Readonly<Record<string, string>>; status?: number } = {},
): void {
  const problem = problemAnswer(error, requestId)
  const answer = { ...problem, status: status ?? problem.status }
  const body = JSON.stringify(answer)
  const all = Object.entries({
    ...problemHeaders(answer.status),
    ...headers,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  })
  socket.once('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  )
}
