import { accessSync, constants, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { parseJsonValue } from '#core/parse-json'
import { readConfig } from '#kernel/server-settings'
import { findHome } from '#kernel/home'
import { isLocked, readAddress, readHolder } from '#kernel/home-lock'
import { CommandEnded, exitCodes } from './exit.ts'
import type { Session } from './session.ts'
import { table } from './table.ts'
import { programName } from '#core/program-name'

interface Part {
  readonly name: string
  readonly ok: boolean
  readonly detail?: string
}

interface Finding {
  readonly check: string
  readonly state: 'ok' | 'note' | 'wrong'
  readonly detail: string
}

export function addDoctor(program: Command, session: Session): void {
  program
    .command('doctor')
    .description('Check this machine, the home and its stores.')
    .action(async () => {
      const out = session.out()
      const findings = await examine(session)
      if (out.json)
        out.print(JSON.stringify({ ok: findings.every(({ state }) => state !== 'wrong'), findings }, undefined, 2))
      else
        out.print(
          table(
            ['check', 'state', 'detail'],
            findings.map(({ check, state, detail }) => [check, state, detail]),
          ),
        )
      const wrong = findings.filter(({ state }) => state === 'wrong')
      if (wrong.length > 0)
        throw new CommandEnded(
          exitCodes.failed,
          `${wrong.length === 1 ? 'One check' : `${wrong.length} checks`} found something: ${wrong.map(({ check }) => check).join(', ')}.`,
        )
    })
}

async function examine(session: Session): Promise<Finding[]> {
  const { platformFault } = await import('#apps/server/platform')
  const fault = platformFault()
  const home = findHome(session.environment, process.cwd())
  const findings: Finding[] = [
    { check: 'node', state: 'ok', detail: `${process.versions.node} at ${process.execPath}` },
    fault
      ? { check: 'platform', state: 'wrong', detail: fault }
      : { check: 'platform', state: 'ok', detail: `${process.platform} ${process.arch}` },
  ]
  const settings = valueOrFinding('settings', () => readConfig(session.environment, home))
  if ('state' in settings) return [...findings, settings]

  const there = existsSync(join(home, 'format.json'))
  const locked = there && isLocked(home)
  const address = locked ? readAddress(home) : undefined
  findings.push({
    check: 'home',
    state: there ? 'ok' : 'note',
    detail: there ? home : `${home} is not there yet; "${programName} start" makes it`,
  })
  findings.push(
    locked
      ? {
          check: 'lock',
          state: 'ok',
          detail: `held by process ${readHolder(home)?.pid ?? '?'}${address ? ` at ${address.url}` : ', not ready yet'}`,
        }
      : { check: 'lock', state: 'ok', detail: 'free' },
  )
  findings.push(
    address
      ? { check: 'port', state: 'ok', detail: `our server answers at ${address.url}` }
      : await portFinding(settings.host, settings.port),
  )
  const stores = fault ? [] : await storeFindings(session, there)
  const disk = diskFinding(nearestFolder(home))
  // The server examines the disk too.
  const diskFault = [disk, ...stores].find(({ check, state }) => check === 'disk' && state === 'wrong')
  findings.push(diskFault ?? disk)
  for (const folder of settings.files) findings.push(writableFinding(folder))
  return [...findings, ...stores.filter(({ check }) => check !== 'disk')]
}

function valueOrFinding<T extends object>(check: string, read: () => T): T | Finding {
  try {
    return read()
  } catch (error) {
    return { check, state: 'wrong', detail: (error as Error).message }
  }
}

async function portFinding(host: string, port: number): Promise<Finding> {
  const { portHolder } = await import('#apps/server/port-holder')
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const probe = createServer()
      .once('error', resolve)
      .listen({ host, port }, () => probe.close(() => resolve(undefined)))
  })
  if (!error) return { check: 'port', state: 'ok', detail: `${port} on ${host} is free` }
  const holder = portHolder(port)
  return {
    check: 'port',
    state: 'wrong',
    detail:
      error.code === 'EADDRINUSE'
        ? `${port} on ${host} is taken${holder ? ` by ${holder}` : ''}; set MILLRACE_PORT`
        : error.message,
  }
}

const ROOM = 1024 ** 3

function diskFinding(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const detail = `${(free / 1024 ** 3).toFixed(1)} GB free at ${folder}`
  return {
    check: 'disk',
    state: free < ROOM ? 'wrong' : 'ok',
    detail: free < ROOM ? `${detail}; at least 1 GB is wise` : detail,
  }
}

function writableFinding(folder: string): Finding {
  try {
    accessSync(nearestFolder(folder), constants.W_OK)
    return { check: 'files', state: 'ok', detail: folder }
  } catch {
    return { check: 'files', state: 'wrong', detail: `"${folder}" cannot be written` }
  }
}

function nearestFolder(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearestFolder(dirname(folder))
}

/** Asks the server; without one, opens the home, or a home made for the moment where there is none. */
async function storeFindings(session: Session, hasHome: boolean): Promise<Finding[]> {
  const passing = hasHome ? undefined : mkdtempSync(join(tmpdir(), 'millrace-doctor-'))
  try {
    const { connect } = await import('./connection.ts')
    const environment = passing ? { ...session.environment, MILLRACE_HOME: passing } : session.environment
    const connection = await connect({}, environment, session.out().say)
    try {
      const parts = await readyParts(connection.url)
      return parts.map(({ name, ok, detail }) => ({
        check: name,
        state: ok ? ('ok' as const) : ('wrong' as const),
        detail: detail ?? 'answers',
      }))
    } finally {
      await connection.close()
    }
  } catch (error) {
    return [{ check: 'stores', state: 'wrong', detail: (error as Error).message }]
  } finally {
    if (passing) rmSync(passing, { recursive: true, force: true })
  }
}

const PATIENCE_MS = 30_000

/** What was opened a moment ago may still be settling; what is not ready after a while is not sound. */
async function readyParts(url: string): Promise<Part[]> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const response = await fetch(`${url}/ready`)
    const { ready, parts } = parseJsonValue(await response.text()) as { ready: boolean; parts: Part[] }
    if (ready || Date.now() > until) return parts
    await sleep(250)
  }
}
