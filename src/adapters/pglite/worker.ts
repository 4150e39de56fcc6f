import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from './open-database.ts'
import { upkeep } from './upkeep.ts'
import type { Answer, DatabaseSettings, Failure, Notice, Reply, Request } from './protocol.ts'
import { requireRoom } from './room.ts'

const settings = workerData as DatabaseSettings
const port = parentPort
if (port === null) throw new Error('This file runs as a worker thread of the PGlite adapter.')

/** Ends this thread. What was committed is in the log; a new thread recovers it. */
const end = (panic: string): never => {
  port.postMessage({ panic } satisfies Notice)
  process.exit(1)
}

const database = await openDatabase(settings, end)
await serve()

async function serve(): Promise<void> {
  await database.exec(`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'millrace_app') then create role millrace_app nologin; end if;
    end $$`)
  const care = upkeep(database)
  let last: Promise<void> = Promise.resolve()
  port?.on('message', (request: Request) => {
    last = last.then(async () => {
      const reply = await run(request).then(
        (answer): Reply => ({ answer }),
        (error): Reply => ({ error: failureOf(error) }),
      )
      port?.postMessage(reply)
      if (request.kind === 'close') port?.close()
      else if (request.kind !== 'begin' && request.kind !== 'step') await care.afterWork()
    })
  })
  port?.postMessage('serving')
}

async function run(request: Request): Promise<Answer> {
  if ('text' in request) requireRoom(settings.directory, request.text)
  switch (request.kind) {
    case 'query':
      return request.workspace === undefined
        ? await plain(request.text, request.values)
        : await bound(request.workspace, request.text, request.values)
    case 'script':
      return await several(request.text)
    case 'begin':
      await begin(request.workspace)
      return nothing
    case 'step':
      return await one(request.text, request.values)
    case 'end':
      await database.exec(request.commit ? 'commit' : 'rollback')
      return nothing
    case 'close':
      await database.close()
      return nothing
  }
}

const nothing: Answer = { rows: [], affected: 0 }

async function one(text: string, values: readonly unknown[]): Promise<Answer> {
  const result = await database.query<object>(text, [...values])
  requireAnswer(text, result.command)
  return { rows: result.rows, affected: result.affectedRows ?? 0 }
}

/**
 * PGlite was seen to answer a statement that overflowed its stack as if nothing had been asked, and
 * to go wrong from then on.
 */
function requireAnswer(text: string, command: string | undefined): void {
  const asked = text.replaceAll(/--.*$|;/gm, '').trim() !== ''
  if (command === undefined && asked) end('PostgreSQL gave no answer to a statement')
}

async function plain(text: string, values: readonly unknown[]): Promise<Answer> {
  return values.length === 0 ? await several(text) : await one(text, values)
}

/** Several statements at once; one that fails rolls back the transaction it is in. */
async function several(text: string): Promise<Answer> {
  try {
    const results = await database.exec(text)
    requireAnswer(text, results.at(-1)?.command)
    return {
      rows: results.flatMap((result) => result.rows as object[]),
      affected: results.reduce((sum, result) => sum + (result.affectedRows ?? 0), 0),
    }
  } catch (error) {
    await database.exec('rollback')
    throw error
  }
}

async function bound(workspace: string, text: string, values: readonly unknown[]): Promise<Answer> {
  await begin(workspace)
  try {
    const answer = await one(text, values)
    await database.exec('commit')
    return answer
  } catch (error) {
    await database.exec('rollback')
    throw error
  }
}

async function begin(workspace: string | undefined): Promise<void> {
  if (workspace === undefined) {
    await database.exec('begin')
    return
  }
  const literal = `'${workspace.replaceAll("'", "''")}'`
  await database.exec(`begin; set local role millrace_app; set local millrace.workspace = ${literal}`)
}

function failureOf(error: unknown): Failure {
  const { message, code, constraint, detail } = error as {
    message?: string
    code?: string
    constraint?: string
    detail?: string
  }
  return { message: message ?? String(error), code: typeof code === 'string' ? code : 'XX000', constraint, detail }
}
