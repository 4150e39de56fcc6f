/**
 * The home: the folder that holds all embedded data.
 *
 * ```ts
 * const path = findHome({ MILLRACE_HOME: 'data' }, emptyFolder())
 * const home = openHome(path, { purpose: 'an example', version: '0.1.0' })
 * home // { path: '…/data', fresh: true, … }
 * home.close()
 * ```
 */
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseJsonValue } from '#core/parse-json'
import type { Environment } from '../settings/read-settings.ts'
import { homeIdFile } from './home-id.ts'
import { lockHome } from './home-lock.ts'
import { makeFolder } from './make-folder.ts'
import { accessFault, UnusableHome } from './unusable-home.ts'

export { makeFolder }
export { accessFault, forbiddenPath } from './unusable-home.ts'

/** Counts up when what lies in a home changes its shape. */
export const HOME_FORMAT = 1

export interface OpenedHome {
  readonly path: string
  /** Made just now. */
  readonly fresh: boolean
  /** Where the copy lies that was made before an upgrade. */
  readonly backup: string | undefined
  close(): void
}

export interface HomeOptions {
  readonly purpose: string
  readonly version: string
  readonly format?: number
  /** `steps[n]` turns format n into n + 1. */
  readonly steps?: Readonly<Record<number, (home: string) => void>>
}

/** `MILLRACE_HOME`, else the nearest `.millrace` from here upwards, else one to be made here. */
export function findHome(environment: Environment, from: string): string {
  if (environment['MILLRACE_HOME']) return resolve(from, environment['MILLRACE_HOME'])
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.millrace', 'format.json'))) return join(folder, '.millrace')
    if (folder === dirname(folder)) return join(resolve(from), '.millrace')
  }
}

export function openHome(path: string, options: HomeOptions): OpenedHome {
  const format = options.format ?? HOME_FORMAT
  makeWritable(path)
  refuseForeign(path)
  const lock = lockHome(path, options.purpose)
  try {
    const found = readFormat(path)
    if (found !== undefined && found > format) {
      throw new UnusableHome(
        `The home "${path}" has format ${found}, made by a newer Millrace; this one (${options.version}) knows formats up to ${format}. Install a newer Millrace, or set MILLRACE_HOME to another folder.`,
      )
    }
    const backup = found !== undefined && found < format ? upgrade(path, found, format, options.steps ?? {}) : undefined
    if (found !== format) writeFormat(path, format, options.version)
    return { path, fresh: found === undefined, backup, close: () => lock.release() }
  } catch (error) {
    lock.release()
    throw error
  }
}

function makeWritable(path: string): void {
  try {
    makeFolder(path, 0o700)
  } catch (error) {
    throw new UnusableHome(
      `The home "${path}" cannot be made: ${accessFault(error)}. Set MILLRACE_HOME to a folder that can be written.`,
      { cause: error },
    )
  }
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new UnusableHome(
      `The home "${path}" cannot be written: ${accessFault(error)}. Start Millrace as the user who owns it, or set MILLRACE_HOME to a folder that can be written.`,
      { cause: error },
    )
  }
}

const ours = new Set([
  'format.json',
  'lock',
  'lock-journal',
  'holder.json',
  'server.json',
  'admin.token',
  homeIdFile,
  'files',
  'blobs',
  'metadata',
  'metadata.making',
  'warehouse',
  'warehouse.process.json',
  'tmp',
])
const stores = ['metadata', 'warehouse']

/** A folder with other things in it was probably named by mistake. */
function refuseForeign(path: string): void {
  if (existsSync(join(path, 'format.json'))) return
  const foreign = readdirSync(path).find((name) => !ours.has(name) && !name.startsWith('.'))
  if (foreign === undefined) return
  throw new UnusableHome(
    `The folder "${path}" is not a Millrace home: it holds "${foreign}" and no format.json. Set MILLRACE_HOME to an empty folder.`,
  )
}

function readFormat(path: string): number | undefined {
  const file = join(path, 'format.json')
  if (!existsSync(file)) {
    const store = stores.find((name) => existsSync(join(path, name)))
    if (store === undefined) return undefined
    throw new UnusableHome(
      `The home "${path}" is damaged: it holds "${store}" but its format.json is gone. Restore the folder from a backup, or move it away to begin anew.`,
    )
  }
  try {
    const { format } = parseJsonValue(readFileSync(file, 'utf8')) as { format?: unknown }
    if (Number.isSafeInteger(format) && Number(format) >= 0) return Number(format)
  } catch {
    // Said below, together with a format that is no number.
  }
  throw new UnusableHome(
    `The home "${path}" is damaged: "${file}" is not readable as a format file. Restore the folder from a backup, or move it away to begin anew.`,
  )
}

/** Whole or not at all. */
function writeFormat(path: string, format: number, version: string): void {
  const file = join(path, 'format.json')
  writeFileSync(`${file}.new`, `${JSON.stringify({ format, millrace: version })}\n`, { flush: true })
  renameSync(`${file}.new`, file)
}

function upgrade(
  path: string,
  from: number,
  to: number,
  steps: Readonly<Record<number, (home: string) => void>>,
): string {
  for (let version = from; version < to; version++) {
    if (!steps[version])
      throw new UnusableHome(
        `The home "${path}" has format ${from}, which this Millrace cannot upgrade from. Start it once with an older version, or set MILLRACE_HOME to another folder.`,
      )
  }
  const backup = `${path}.format-${from}`
  const making = `${backup}.making`
  if (!existsSync(backup)) {
    rmSync(making, { recursive: true, force: true })
    cpSync(path, making, {
      recursive: true,
      preserveTimestamps: true,
      filter: (source) =>
        !['lock', 'lock-journal', 'holder.json', 'server.json'].some((name) => source === join(path, name)),
    })
    renameSync(making, backup)
  }
  for (let version = from; version < to; version++) steps[version]?.(path)
  return backup
}
