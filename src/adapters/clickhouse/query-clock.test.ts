import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { WarehouseError } from '#ports/warehouse'
import { openClickhouse } from './clickhouse-warehouse.ts'

const statements: string[] = []
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request)
  const sql = new URL(request.url ?? '', 'http://engine').searchParams.get('query') ?? body
  statements.push(sql)
  if (sql.includes('begins')) response.write('{"n":1}\n')
  else if (!sql.includes('never')) response.end()
}
const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo // a TCP server's
const endpoint = { url: `http://127.0.0.1:${port}`, username: 'default', password: '' }
const warehouse = openClickhouse({
  endpoint: async () => endpoint,
  features: { localFiles: false },
  overrunMs: 50,
})
after(async () => {
  await warehouse.close()
  server.closeAllConnections()
  server.close()
})

const limits = { seconds: 0.05 }
const isTimeout = (error: unknown): boolean => error instanceof WarehouseError && error.kind === 'timeout'

test('a call that the server does not end is ended by its limit of time, and killed there', async () => {
  await assert.rejects(warehouse.rows('SELECT never', { limits }), isTimeout)
  await assert.rejects(warehouse.command('INSERT never', { limits }), isTimeout)
  await assert.rejects(warehouse.insert('INSERT never', Buffer.from('x'), { limits }), isTimeout)
  while (statements.filter((sql) => sql.startsWith('KILL QUERY')).length < 3) await new Promise(setImmediate)
})

test('an answer that stops coming is ended by its time limit', async () => {
  const stream = await warehouse.stream('SELECT begins', 'JSONEachRow', { limits })
  await assert.rejects(stream.toArray(), isTimeout)
})

test('a call without a limit has no clock, and the caller may still abort one with a limit', async () => {
  const abort = new AbortController()
  const waiting = warehouse.rows('SELECT never', { limits: { seconds: 60 }, signal: abort.signal })
  abort.abort()
  await assert.rejects(waiting, (error) => error instanceof WarehouseError && error.kind === 'cancelled')
  await warehouse.command('INSERT at once')
})
