import { AsyncLocalStorage } from 'node:async_hooks'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Metadata, Sql, SqlResult, SqlSession } from '#ports/metadata'
import { MetadataError } from '#ports/metadata'
import type { Connection } from './connection.ts'
import { createDatabase } from './create-database.ts'
import { lastingConnection } from './lasting-connection.ts'
import type { LastingConnection } from './lasting-connection.ts'

export interface PgliteOptions {
  /** Made when it is not there. Only one process may have it open: the caller holds a lock on the home. */
  readonly directory: string
  /** `disk`: a commit is synced before it is acknowledged. */
  readonly durability: 'disk' | 'process'
  /** A transaction open longer than this is rolled back, so that a stuck one does not stop everything. Default one minute. */
  readonly transactionMs?: number
}

/** PostgreSQL in WebAssembly, in a thread of its own. */
export async function pgliteMetadata(options: PgliteOptions): Promise<Metadata> {
  if (!existsSync(join(options.directory, 'PG_VERSION'))) await createDatabase(options)
  const connection = await lastingConnection({
    directory: options.directory,
    durability: options.durability,
  })
  const turns = turnstile()
  const limitMs = options.transactionMs ?? 60_000
  return {
    system: sqlFor(connection, turns, undefined, limitMs),
    inWorkspace: (workspace) => sqlFor(connection, turns, workspace, limitMs),
    script: async (text) => {
      await turns.take(async () => await (await connection.current()).send({ kind: 'script', text }))
    },
    close: async () => {
      await turns.last(async () => {
        const last = await connection.current().catch(() => undefined)
        await last?.send({ kind: 'close' })
        await last?.ended
      })
    },
  }
}

function sqlFor(connection: LastingConnection, turns: Turnstile, workspace: string | undefined, limitMs: number): Sql {
  return {
    query: async (text, values = []) =>
      (await turns.take(
        async () => await (await connection.current()).send({ kind: 'query', text, values, workspace }),
      )) as SqlResult<never>,
    transaction: async (work) =>
      await turns.take(async () => await transaction(await connection.current(), workspace, limitMs, work)),
  }
}

async function transaction<T>(
  connection: Connection,
  workspace: string | undefined,
  limitMs: number,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  let open = true
  let failed = false
  let timer: NodeJS.Timeout | undefined
  await connection.send({ kind: 'begin', workspace })
  const session: SqlSession = {
    query: async (text, values = []) => {
      if (!open) throw new MetadataError('The transaction has ended; its session is of no use any more.', '25P01')
      try {
        return (await connection.send({ kind: 'step', text, values })) as SqlResult<never>
      } catch (error) {
        failed = true
        throw error
      }
    },
  }
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(new MetadataError(`The transaction was still open after ${limitMs} ms and was rolled back.`, '25P04')),
      limitMs,
    )
  })
  try {
    const result = await Promise.race([work(session), limit])
    if (failed) throw new MetadataError('A statement of the transaction failed, so nothing of it was kept.', '25P02')
    open = false
    await connection.send({ kind: 'end', commit: true })
    return result
  } catch (error) {
    open = false
    await connection.send({ kind: 'end', commit: false })
    throw error
  } finally {
    clearTimeout(timer)
  }
}

interface Turnstile {
  take<T>(work: () => Promise<T>): Promise<T>
  /** Lets nobody in any more. */
  last(work: () => Promise<void>): Promise<void>
}

/** One at a time, in order of coming; a call from inside an open turn would wait for itself and is refused. */
function turnstile(): Turnstile {
  const inside = new AsyncLocalStorage<{ open: boolean }>()
  let tail: Promise<unknown> = Promise.resolve()
  let length = 0
  let closing: Promise<void> | undefined
  const enter = async <T>(work: () => Promise<T>): Promise<T> => {
    const turn = { open: true }
    const done = tail
      .then(async () => await inside.run(turn, work))
      .finally(() => {
        turn.open = false
        length -= 1
      })
    length += 1
    tail = done.catch(() => undefined)
    return await done
  }
  return {
    take: async (work) => {
      if (closing !== undefined) throw new MetadataError('The metadata database is closed.', '57P01')
      if (inside.getStore()?.open === true) {
        throw new MetadataError(
          'This call is inside an open transaction and would wait for it; use the session of the transaction.',
          '25001',
        )
      }
      if (length >= longestQueue)
        throw new MetadataError(`More than ${longestQueue} calls wait for the metadata database.`, '53300')
      return await enter(work)
    },
    last: async (work) => await (closing ??= enter(work)),
  }
}

const longestQueue = 20_000
