/** Runs one query in a session of its own and moves its bytes. */
import { open, rm } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { NativeEngine, NativeOutcome } from './native-engine.ts'
import type { Pipe } from './pipes.ts'
import { answerInto, insertFrom, type Statement } from './statement.ts'

export interface RunningQuery {
  readonly engine: NativeEngine
  readonly prelude: string
  readonly pipe: Pipe
  /** Stops the query inside the engine; resolves when the engine knows. */
  readonly stop: () => Promise<void>
  readonly signal: AbortSignal
}

/** Formats that are read from their end: the engine must be able to seek. */
const seekable = new Set(['PARQUET', 'ORC', 'ARROW', 'NPY', 'SQLITE'])

export async function runPlain(query: RunningQuery, statement: Statement, format: string): Promise<NativeOutcome> {
  return inSession(query, (run) => run(statement.sql, statement.writes ? 'write' : 'run', format))
}

/** `begin` is called with the first bytes, or at the end of an empty answer: until then the caller may still answer with an error. */
export async function runAnswer(
  query: RunningQuery,
  statement: Statement,
  format: string,
  begin: () => Writable,
): Promise<void> {
  await inSession(query, async (run) => {
    const { socket, finish } = query.pipe.read()
    const aborted = (): void => void socket.destroy()
    query.signal.addEventListener('abort', aborted, { once: true })
    try {
      const running = run(answerInto(statement, query.pipe.path, format))
      running.then(finish, () => undefined)
      const moved = move(socket, begin)
      moved.catch(() => undefined)
      await running.catch((error: unknown) => {
        socket.destroy()
        throw error
      })
      await moved
    } finally {
      query.signal.removeEventListener('abort', aborted)
      finish()
      socket.destroy()
    }
  })
}

async function move(socket: Readable, begin: () => Writable): Promise<void> {
  let target: Writable | undefined
  for await (const chunk of socket) {
    target ??= begin()
    if (target.destroyed) return
    if (!target.write(chunk)) await drained(target)
  }
  target ??= begin()
}

function drained(target: Writable): Promise<void> {
  if (target.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      target.off('drain', done)
      target.off('close', done)
      resolve()
    }
    target.on('drain', done)
    target.on('close', done)
  })
}

export async function runInsert(
  query: RunningQuery,
  statement: Statement,
  format: string,
  body: Readable,
): Promise<NativeOutcome> {
  if (seekable.has(format.toUpperCase())) return runSpooled(query, statement, format, body)
  return inSession(query, async (run) => {
    let ended = false
    const running = run(insertFrom(statement, query.pipe.path, format), 'write').finally(() => {
      ended = true
    })
    running.catch(() => undefined)
    const writer = await query.pipe.write(() => ended)
    if (writer === undefined) return running
    running.finally(() => writer.destroy()).catch(() => undefined)
    writer.on('error', () => undefined)
    // The end of the pipe would look like the end of the data: the query has to be stopped first.
    const giveUp = (): void => void query.stop().finally(() => writer.destroy())
    query.signal.addEventListener('abort', giveUp, { once: true })
    if (query.signal.aborted) giveUp()
    let broken: { readonly reason: unknown } | undefined
    const copied = copyBody(body, writer).catch(async (reason: unknown) => {
      broken = { reason }
      await query.stop()
      writer.destroy()
    })
    try {
      // A body that stalls does not hold up the end of a query that was stopped.
      await Promise.race([copied, running])
      const outcome = await running
      if (broken === undefined) return outcome
    } catch (error) {
      if (broken === undefined) throw error
    } finally {
      query.signal.removeEventListener('abort', giveUp)
    }
    throw broken.reason
  })
}

async function copyBody(body: Readable, writer: Writable): Promise<void> {
  // A body that is left is not destroyed: its connection still has to bring the answer.
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    if (writer.destroyed) return
    if (!writer.write(chunk)) await drained(writer)
  }
  if (!writer.destroyed) writer.end()
}

async function runSpooled(
  query: RunningQuery,
  statement: Statement,
  format: string,
  body: Readable,
): Promise<NativeOutcome> {
  const file = `${query.pipe.path}.body`
  try {
    const handle = await open(file, 'w', 0o600)
    await pipeline(body, handle.createWriteStream(), { signal: query.signal })
    return await inSession(query, (run) => run(insertFrom(statement, file, format), 'write'))
  } finally {
    await rm(file, { force: true })
  }
}

type Run = (sql: string, way?: 'run' | 'write', format?: string) => Promise<NativeOutcome>

/** A session opens in 0.4 ms, so each query has its own: nothing it sets can stick to the next one. */
async function inSession<T>(query: RunningQuery, work: (run: Run) => Promise<T>): Promise<T> {
  const session = query.engine.open()
  let pending: Promise<unknown> = Promise.resolve()
  const run: Run = (sql, way = 'run', format) => {
    const call = way === 'write' ? session.write(sql) : session.run(sql, format)
    pending = call.catch(() => undefined)
    return call
  }
  try {
    await run(query.prelude)
    query.signal.throwIfAborted()
    return await work(run)
  } finally {
    await pending
    session.close()
  }
}
