import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseJsonValue } from '#core/parse-json'
import { UnusableHome } from './unusable-home.ts'

/**
 * One process per home. The lock is the operating system's own, on the file `lock`, held through
 * SQLite because Node has no call for it: it ends with the process that holds it, however that
 * process ends, so there is no stale lock to recognise. `holder.json` only says who it is.
 */
export interface HomeLock {
  release(): void
}

export interface Holder {
  readonly pid: number
  readonly since: string
  /** What it does there: `server`, or the words of a command. */
  readonly purpose: string
}

export class HomeInUse extends Error {
  override readonly name = 'HomeInUse'
  readonly holder: Holder | undefined

  constructor(home: string, holder: Holder | undefined, address: string | undefined) {
    const who = holder
      ? `process ${holder.pid} (${holder.purpose}, since ${holder.since}${address ? `, at ${address}` : ''})`
      : 'another process'
    super(`The home "${home}" is in use by ${who}. Use that server, stop it, or set MILLRACE_HOME to another folder.`)
    this.holder = holder
  }
}

const BUSY = 5

/** Keeps the collector away: a forgotten handle would close the database and with it the lock. */
const held = new Set<DatabaseSync>()

export function lockHome(home: string, purpose: string): HomeLock {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(join(home, 'lock'), { timeout: 0 })
    database.exec('begin exclusive')
  } catch (error) {
    database?.close()
    if ((error as { errcode?: number }).errcode === BUSY)
      throw new HomeInUse(home, readHolder(home), readAddress(home)?.url)
    throw new UnusableHome(
      `The home "${home}" cannot be locked: ${(error as Error).message}. Check that this user may write the file "${join(home, 'lock')}". If it is damaged, remove it and start again.`,
      { cause: error },
    )
  }
  const holder: Holder = { pid: process.pid, since: new Date().toISOString(), purpose }
  try {
    rmSync(join(home, 'server.json'), { force: true })
    writeFileSync(join(home, 'holder.json'), JSON.stringify(holder), { mode: 0o600 })
  } catch (error) {
    database.close()
    throw error
  }
  held.add(database)
  return {
    release() {
      held.delete(database)
      rmSync(join(home, 'server.json'), { force: true })
      rmSync(join(home, 'holder.json'), { force: true })
      database.close()
    },
  }
}

/** Is somebody there? Takes the lock for a moment to find out. */
export function isLocked(home: string): boolean {
  const database = new DatabaseSync(join(home, 'lock'), { timeout: 0 })
  try {
    database.exec('begin exclusive; rollback')
    return false
  } catch (error) {
    if ((error as { errcode?: number }).errcode === BUSY) return true
    throw error
  } finally {
    database.close()
  }
}

/** How to reach the server that holds a home. */
export interface ServerAddress {
  readonly pid: number
  readonly url: string
  readonly version: string
}

export function writeAddress(home: string, address: ServerAddress): void {
  writeFileSync(join(home, 'server.json'), JSON.stringify(address), { mode: 0o600 })
}

export function readAddress(home: string): ServerAddress | undefined {
  return readJsonFile<ServerAddress>(join(home, 'server.json'))
}

export function readHolder(home: string): Holder | undefined {
  return readJsonFile<Holder>(join(home, 'holder.json'))
}

function readJsonFile<T>(path: string): T | undefined {
  try {
    return parseJsonValue(readFileSync(path, 'utf8')) as T
  } catch {
    return undefined
  }
}
