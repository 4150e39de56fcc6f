/**
 * A whole server on a home: lock, stores, modules, HTTP.
 *
 * ```ts
 * const environment = { MILLRACE_HOME: emptyFolder(), MILLRACE_PORT: '0', MILLRACE_DEMO: '0' }
 * const server = await startServer({ environment, cwd: process.cwd(), purpose: 'server' })
 * server.url // 'http://127.0.0.1:…'
 * await server.signInLink() // 'http://127.0.0.1:…/app/sign-in?code=…'
 * await server.stop()
 * ```
 */
import { existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { identity } from '#modules/identity'
import { boot, type RootLogger, type Running } from '#kernel/boot'
import { readConfig, refuseUnknownSettings, settingWarnings, type Settings } from '#kernel/server-settings'
import { diskProbe } from '#kernel/disk-probe'
import { isDiskFull } from '#kernel/disk-full'
import { accessFault, findHome, forbiddenPath, makeFolder, openHome, type OpenedHome } from '#kernel/home'
import { writeAddress } from '#kernel/home-lock'
import { openLog } from '#kernel/logs'
import type { KernelPorts } from '#kernel/module'
import { openVault } from '#kernel/vault'
import { settingsOf } from '#kernel/start-order'
import { adminToken } from './admin-token.ts'
import { modules } from './modules.ts'
import { platformFault } from './platform.ts'
import { portHolder } from './port-holder.ts'
import { StartRefused } from './start-refused.ts'
import { openStores, type Stores } from './stores.ts'
import { projectFolder, version } from './version.ts'

export interface ServerOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Shown to others who want the same home. */
  readonly purpose: string
  readonly onStep?: (step: string) => void
  /** A command that opens the home for itself: any free loopback port, no demo. */
  readonly alone?: boolean
}

export interface Server {
  readonly url: string
  readonly settings: Settings
  readonly token: string
  readonly running: Running
  readonly ports: KernelPorts
  readonly log: RootLogger
  /** Aborted when another server has taken the stores over: this one must stop. The reason is the sentence about it. */
  readonly replaced: AbortSignal
  /** Whether the web pages are built; a clone has none before `npm start` or `npm run build:web`. */
  readonly pages: boolean
  /** Signs one browser in, once. */
  signInLink(): Promise<string>
  stop(graceMs?: number): Promise<void>
}

export async function startServer(options: ServerOptions): Promise<Server> {
  const fault = platformFault()
  if (fault) throw new StartRefused(fault)
  const { environment, onStep } = options
  const path = findHome(environment, options.cwd)
  const given = readConfig(environment, path)
  const settings: Settings = options.alone ? { ...given, host: '127.0.0.1', port: 0, demo: false } : given
  const log = openLog({ level: settings.logLevel, descriptor: 2 })
  const list = modules(settings)
  refuseUnknownSettings(environment, settingsOf(list))
  const warn =
    onStep === undefined ? (text: string) => log.warn({}, text) : (text: string) => onStep(`warning: ${text}`)
  settingWarnings(environment).forEach(warn)

  onStep?.(`home ${path}`)
  const home = openHomeWithRoom(path, options.purpose)
  if (home.backup) onStep?.(`the home was upgraded; a copy of it as it was lies in ${home.backup}`)
  let stores: Stores | undefined
  try {
    prepareFileFolders(settings)
    const token = adminToken(path, settings.adminToken)
    const web = join(projectFolder, 'dist', 'web')
    const pages = existsSync(join(web, 'index.html'))
    const vault = await openVault({ ...settings, home: path })
    const running = await boot({
      modules: list,
      vault,
      egress: settings.egress,
      parts: { disk: diskProbe(path) },
      openPorts: async () => {
        stores = await openStores(settings, log, onStep)
        return stores.ports
      },
      environment: {
        ...environment,
        MILLRACE_HOME: path,
        MILLRACE_FILES: settings.files.join(delimiter),
        MILLRACE_DURABILITY: settings.durability,
      },
      logger: log,
      authenticator: identity,
      listen: settings,
      ...(pages && { web }),
      version,
      checkAnswers: settings.checkAnswers,
      beforeReady: (face) => face(identity).setAdminToken(token),
      ...(onStep && { onStep }),
    }).catch((error: unknown) => Promise.reject(explainListening(error, settings)))
    const people = running.face(identity)
    writeAddress(path, { pid: process.pid, url: running.url, version })
    return {
      url: running.url,
      settings,
      pages,
      token,
      running,
      ports: stores!.ports,
      replaced: stores!.replaced,
      log,
      signInLink: async () => {
        const demo = (await people.workspaces()).find((workspace) => workspace.demo)
        return new URL(await people.loginLink(settings.demo && demo ? demo.id : 'default'), running.url).href
      },
      stop: async (graceMs) => {
        await running.stop(graceMs)
        await stores?.close()
        home.close()
      },
    }
  } catch (error) {
    await stores?.close()
    home.close()
    throw explainPermission(explainFullDisk(error, path))
  }
}

function openHomeWithRoom(path: string, purpose: string): OpenedHome {
  try {
    return openHome(path, { purpose, version })
  } catch (error) {
    throw explainPermission(explainFullDisk(error, path))
  }
}

function explainPermission(error: unknown): unknown {
  const path = forbiddenPath(error)
  if (path === undefined) return error
  return new StartRefused(
    `Millrace may not use "${path}": ${accessFault(error)}. Start it as the user who owns the home, or correct the permissions.`,
    { cause: error },
  )
}

function explainFullDisk(error: unknown, path: string): unknown {
  if (!isDiskFull(error)) return error
  return new StartRefused(
    `The disk that holds the home "${path}" is full. Free some space, then start again; nothing is lost.`,
    { cause: error },
  )
}

/** The default folder is made; one that somebody named must exist, because a misspelt name would be an empty folder. */
function prepareFileFolders({ files, filesNamed }: Settings): void {
  if (!filesNamed) return files.forEach((folder) => makeFolder(folder))
  for (const folder of files) {
    const found = statSync(folder, { throwIfNoEntry: false })
    if (found?.isDirectory() === true) continue
    throw new StartRefused(
      `MILLRACE_FILES names "${folder}", ${found === undefined ? 'which does not exist' : 'which is not a folder'}. Use existing folders, separated by "${delimiter}".`,
    )
  }
}

function explainListening(error: unknown, { host, port }: Settings): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return error
  if (code === 'EADDRINUSE') {
    const holder = portHolder(port)
    return new StartRefused(
      `Port ${port} on ${host} is taken${holder ? ` by ${holder}` : ''}. Stop what runs there, or set MILLRACE_PORT to another port (0: any free one).`,
      { cause: error },
    )
  }
  if (code === 'EACCES')
    return new StartRefused(`This user may not open port ${port}. Set MILLRACE_PORT to a port above 1023.`, {
      cause: error,
    })
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartRefused(
      `This machine has no address "${host}" to listen on. Set MILLRACE_HOST to one it has, such as 127.0.0.1 or 0.0.0.0.`,
      { cause: error },
    )
  }
  return error
}
