/** A server whose rows grow while they are read. A page gives the rows behind `after`, which is the state of a reader. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const streams = ['events', 'changes'] as const
export type SourceStream = (typeof streams)[number]

export interface GrowingSource {
  readonly url: string
  /** Every row of the stream, in its order. */
  readonly rows: (stream: SourceStream) => readonly object[]
  readonly append: (stream: SourceStream, rows: readonly object[]) => void
  /** From which row on each request of the stream asked. */
  readonly asked: (stream: SourceStream) => readonly number[]
  /** Resolves when a reader gets the last page of a stream. */
  lastPage(): Promise<void>
  close(): Promise<void>
}

const pageRows = 50

export async function startGrowingSource(): Promise<GrowingSource> {
  const content = { events: [] as object[], changes: [] as object[] }
  const asked = { events: [] as number[], changes: [] as number[] }
  let waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://source')
    const stream = streams.find((name) => pathname === `/${name}`)
    if (stream === undefined) return void response.writeHead(404).end()
    const after = Number(searchParams.get('after'))
    asked[stream].push(after)
    const rows = content[stream].slice(after, after + pageRows)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ rows }), () => {
      if (after + rows.length < content[stream].length) return
      for (const resolve of waiting) resolve()
      waiting = []
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rows: (stream) => content[stream],
    append: (stream, rows) => void content[stream].push(...rows),
    asked: (stream) => asked[stream],
    lastPage: () => new Promise((resolve) => waiting.push(resolve)),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
