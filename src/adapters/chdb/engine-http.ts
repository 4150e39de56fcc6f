/** ClickHouse's HTTP protocol in front of the embedded engine. */
import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { semaphore, type Semaphore } from '#core/semaphore'
import { sqlString } from '#core/sql-text'
import { engineException, exception } from './engine-error.ts'
import { engineQuery, type EngineQuery } from './engine-query.ts'
import type { NativeEngine, NativeOutcome } from './native-engine.ts'
import type { Pipe } from './pipes.ts'
import { runAnswer, runInsert, runPlain, type RunningQuery } from './run-query.ts'
import { readStatement, StatementRefused } from './statement.ts'
import type { StuckQueries } from './stuck-queries.ts'

export type LaneName = 'ingest' | 'query' | 'batch' | 'control'
export type LanePlaces = Readonly<Record<LaneName, number>>

export interface EngineServer {
  readonly engine: NativeEngine
  readonly pipes: readonly Pipe[]
  readonly secret: string
  readonly lanes: LanePlaces
  readonly stuck: StuckQueries
}

const maxSqlBytes = 64 * 2 ** 20
const maxWaiting = 1000

export interface EngineHttp {
  readonly server: Server
  /** Queries under way. */
  readonly running: () => number
}

export function engineHttp({ engine, pipes, secret, lanes: places, stuck }: EngineServer): EngineHttp {
  // Apart for each lane, so that long questions never hold up writing.
  const lanes: Record<LaneName, Semaphore> = {
    ingest: semaphore({ max: places.ingest, maxWaiting }),
    query: semaphore({ max: places.query, maxWaiting }),
    batch: semaphore({ max: places.batch, maxWaiting }),
    control: semaphore({ max: places.control, maxWaiting }),
  }
  const freePipes = [...pipes]

  async function stopQuery(id: string): Promise<void> {
    const session = engine.open()
    try {
      await session.run(`KILL QUERY WHERE Settings['log_comment'] = ${sqlString(id)} ASYNC`)
    } finally {
      session.close()
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse, query: EngineQuery): Promise<void> {
    const abort = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) abort.abort(exception(210, 'The client went away', 'NETWORK_ERROR'))
    })
    const leave = await lanes[laneOf(request)].enter({ signal: abort.signal, busy })
    try {
      const stop = (): Promise<void> => stopQuery(query.id).catch(() => undefined)
      await stuck.run({ maxSeconds: query.maxSeconds, abort, stop }, () =>
        answer({ request, response, query, signal: abort.signal, stop }),
      )
    } finally {
      leave()
    }
  }

  /** Holds its pipe until the engine has ended the query, which may be long after the caller was answered. */
  async function answer({ request, response, query, signal, stop }: Call): Promise<void> {
    const pipe = freePipes.pop()
    if (pipe === undefined) throw exception(202, 'No pipe is free', 'TOO_MANY_SIMULTANEOUS_QUERIES')
    try {
      const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request
      const hasData = query.sql !== undefined && request.method === 'POST' && /^\s*insert\b/i.test(query.sql)
      const statement = readStatement(query.sql ?? (await wholeText(body)), hasData)
      const work: RunningQuery = { engine, prelude: query.prelude, pipe, stop, signal }
      const format = statement.format ?? (statement.kind === 'insert' ? 'Values' : query.defaultFormat)
      if (statement.kind === 'answer') {
        await runAnswer(work, statement, format, () => {
          signal.throwIfAborted()
          response.writeHead(200, { ...headers(query, format), 'x-clickhouse-exception-tag': exceptionTag(response) })
          return response
        })
        signal.throwIfAborted()
        response.end()
      } else {
        const outcome =
          statement.kind === 'insert'
            ? await runInsert(work, statement, format, body)
            : await runPlain(work, statement, format)
        signal.throwIfAborted()
        response.writeHead(200, { ...headers(query, format), 'x-clickhouse-summary': summary(outcome) })
        response.end(outcome.bytes)
      }
    } finally {
      freePipes.push(pipe)
    }
  }

  const server = createServer(
    { maxHeaderSize: 4 * 2 ** 20, requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 30_000 },
    (request, response) => {
      const url = new URL(request.url ?? '/', 'http://engine')
      if (url.pathname === '/ping') return void response.end('Ok.\n')
      if (!isAllowed(request, secret))
        return fail(request, response, exception(516, 'Authentication failed', 'AUTHENTICATION_FAILED'))
      new Promise<void>((resolve, reject) => {
        serve(request, response, engineQuery(url.searchParams, randomUUID)).then(resolve, reject)
      }).catch((error: unknown) => fail(request, response, error))
    },
  )
  return { server, running: () => pipes.length - freePipes.length }
}

interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: EngineQuery
  readonly signal: AbortSignal
  readonly stop: () => Promise<void>
}

const exceptionTags = new WeakMap<ServerResponse, string>()

function exceptionTag(response: ServerResponse): string {
  const tag = randomBytes(8).toString('hex')
  exceptionTags.set(response, tag)
  return tag
}

/** How long a client may keep sending a body that nobody wants any more. */
const unwantedBodyMs = 10_000

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const { code, status, text } = engineException(translated(error))
  const tag = exceptionTags.get(response)
  if (response.headersSent) {
    if (tag === undefined || response.destroyed) return void response.destroy()
    // Ended in order, unlike a server's: a slow reader would lose the buffered end, and the reason with it, to a cut.
    const message = text.replaceAll('\r', ' ')
    response.end(`\r\n__exception__\r\n${tag}\r\n${message}${Buffer.byteLength(message)} ${tag}\r\n__exception__\r\n`)
    return
  }
  response.writeHead(status, {
    'content-type': 'text/plain; charset=UTF-8',
    'x-clickhouse-exception-code': String(code),
  })
  response.end(text)
  if (request.complete) return
  // Closing at once would reset the connection before the client has read why.
  request.resume()
  const timer = setTimeout(() => request.destroy(), unwantedBodyMs)
  request.once('close', () => clearTimeout(timer))
}

function translated(error: unknown): unknown {
  if (error instanceof StatementRefused) return exception(62, error.message, 'SYNTAX_ERROR')
  return error
}

function busy(waiting: number): Error {
  const message = `${waiting} queries wait already; try again when some have finished`
  return exception(202, message, 'TOO_MANY_SIMULTANEOUS_QUERIES')
}

function laneOf(request: IncomingMessage): LaneName {
  const name = request.headers['x-millrace-lane']
  return name === 'ingest' || name === 'batch' || name === 'control' ? name : 'query'
}

function isAllowed(request: IncomingMessage, secret: string): boolean {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const given =
    basic === undefined
      ? request.headers['x-clickhouse-key']
      : Buffer.from(basic, 'base64').toString().split(':').slice(1).join(':')
  if (typeof given !== 'string') return false
  const [left, right] = [Buffer.from(given), Buffer.from(secret)]
  return left.length === right.length && timingSafeEqual(left, right)
}

async function wholeText(body: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > maxSqlBytes) throw exception(62, `The statement is longer than ${maxSqlBytes} bytes`, 'SYNTAX_ERROR')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function headers(query: EngineQuery, format: string): Record<string, string> {
  return { 'x-clickhouse-query-id': query.id, 'x-clickhouse-format': format, 'content-type': contentType(format) }
}

function contentType(format: string): string {
  if (/^JSON(Compact|Strings)?EachRow/.test(format)) return 'application/x-ndjson; charset=UTF-8'
  if (format.startsWith('JSON')) return 'application/json; charset=UTF-8'
  if (format.startsWith('CSV')) return 'text/csv; charset=UTF-8'
  if (/^(TabSeparated|TSV)/.test(format)) return 'text/tab-separated-values; charset=UTF-8'
  return 'application/octet-stream'
}

function summary(outcome: NativeOutcome): string {
  return JSON.stringify({
    read_rows: String(outcome.rowsRead),
    read_bytes: String(outcome.bytesRead),
    written_rows: String(outcome.rowsWritten),
    written_bytes: String(outcome.bytesWritten),
    result_rows: '0',
    result_bytes: '0',
    total_rows_to_read: '0',
    elapsed_ns: String(Math.round(outcome.elapsed * 1e9)),
  })
}
