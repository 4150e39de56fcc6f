import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findHome } from '#kernel/home'
import { isLocked, readAddress, readHolder } from '#kernel/home-lock'
import { CommandEnded, exitCodes } from './exit.ts'
import { programName } from '#core/program-name'

export interface GlobalOptions {
  readonly json?: boolean
  readonly home?: string
  readonly url?: string
  readonly token?: string
}

export interface Connection {
  readonly url: string
  readonly token: string
  /** This process opened the home for itself. */
  readonly alone: boolean
  close(): Promise<void>
}

export type Environment = Readonly<Record<string, string | undefined>>

const PATIENCE_MS = 60_000

/** The server that runs on the home; without one, the home itself, opened here under the same lock. */
export async function connect(
  options: GlobalOptions,
  environment: Environment,
  say: (line: string) => void,
): Promise<Connection> {
  const token = options.token ?? environment['MILLRACE_TOKEN'] ?? environment['MILLRACE_ADMIN_TOKEN']
  const url = options.url ?? environment['MILLRACE_URL']
  if (url !== undefined) {
    if (token === undefined)
      throw new CommandEnded(exitCodes.usage, `Give the token for "${url}" with --token or in MILLRACE_TOKEN.`)
    return { url: url.replace(/\/+$/, ''), token, alone: false, close: async () => {} }
  }
  const home = findHome(environment, process.cwd())
  if (existsSync(join(home, 'format.json')) && isLocked(home))
    return { ...(await runningServer(home, say)), token: token ?? keptToken(home), alone: false, close: async () => {} }
  if (!existsSync(join(home, 'format.json')) && !environment['MILLRACE_HOME']) {
    throw new CommandEnded(
      exitCodes.unavailable,
      `There is no Millrace home here or above. Make one with "${programName} init" or "${programName} start", or name it in MILLRACE_HOME.`,
    )
  }
  say(`no server runs on ${home}, opening it here`)
  const { startServer } = await import('#apps/server')
  const server = await startServer({
    environment: { MILLRACE_LOG_LEVEL: 'warn', ...environment },
    cwd: process.cwd(),
    purpose: 'a command',
    alone: true,
  })
  return { url: server.url, token: token ?? server.token, alone: true, close: () => server.stop(1_000) }
}

async function runningServer(home: string, say: (line: string) => void): Promise<{ url: string }> {
  const deadline = Date.now() + PATIENCE_MS
  for (let announced = false; ; announced = true) {
    const address = readAddress(home)
    if (address) return { url: address.url }
    const holder = readHolder(home)
    if (!announced)
      say(`waiting for process ${holder?.pid ?? '?'} (${holder?.purpose ?? 'unknown'}) on ${home} to be ready`)
    if (Date.now() > deadline || !isLocked(home)) {
      throw new CommandEnded(
        exitCodes.unavailable,
        `The process that holds the home "${home}" did not become ready. Try again, or look at its log.`,
      )
    }
    await sleep(200)
  }
}

function keptToken(home: string): string {
  const file = join(home, 'admin.token')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new CommandEnded(
      exitCodes.notAllowed,
      `The admin token in "${file}" cannot be read (${(error as NodeJS.ErrnoException).code}). Give a token with --token.`,
    )
  }
}
