/** Servers on the addresses that the pipelines of a home name, to see whether kept secrets reach them. */
import { createServer as createHttpServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export const httpPort = 24_691
export const postgresPort = 24_692

/** Runs `work` while a JSON source answers at the port; returns the headers of the requests. */
export async function withHttpSource(work: () => Promise<void>): Promise<IncomingHttpHeaders[]> {
  const seen: IncomingHttpHeaders[] = []
  const server = createHttpServer((request, response) => {
    seen.push(request.headers)
    response.setHeader('content-type', 'application/json')
    response.end('{"data":{"items":[{"id":1,"score":10},{"id":2,"score":20}]}}')
  })
  await whileListening(server, httpPort, work)
  return seen
}

/** Runs `work` while a PostgreSQL that refuses every password is at the port; returns the passwords it was given. */
export async function withPostgresDoor(work: () => Promise<void>): Promise<string[]> {
  const seen: string[] = []
  const server = createServer((socket) => {
    let heard = Buffer.alloc(0)
    let started = false
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk])
      if (!started) {
        if (heard.length < 8 || heard.length < heard.readUInt32BE(0)) return
        const encryption = [80_877_103, 80_877_104].includes(heard.readUInt32BE(4))
        heard = heard.subarray(heard.readUInt32BE(0))
        if (encryption) return void socket.write('N')
        started = true
        socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]))
      }
      if (heard.length < 5 || heard.length < 1 + heard.readUInt32BE(1)) return
      seen.push(heard.subarray(5, heard.readUInt32BE(1)).toString())
      const fields = Buffer.from('SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed\0\0')
      const size = Buffer.alloc(4)
      size.writeUInt32BE(fields.length + 4)
      socket.end(Buffer.concat([Buffer.from('E'), size, fields]))
    })
  })
  await whileListening(server, postgresPort, work)
  return seen
}

/** Another test run of this machine may hold the port for a moment. */
export async function whileListening(server: Server, port: number, work: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', resolve)
        resolve(undefined)
      })
    })
    if (error === undefined) break
    if (error.code !== 'EADDRINUSE' || tries > 600) throw error
    await sleep(100)
  }
  try {
    await work()
  } finally {
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      if ('closeAllConnections' in server) (server.closeAllConnections as () => void)()
    })
  }
}
