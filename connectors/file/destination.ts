import { open as openFile, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join as joinPath } from 'node:path'
import { jsonLinesSettings, jsonLinesSql, sql, text } from '#sdk'
import type { EngineColumn, LoadRequest, SelectWriter, Surroundings } from '#sdk'
import { fileErrors } from './errors.ts'
import { engineFormat, enginePath, formatOf, writingFormat } from './formats.ts'
import type { EngineFormat, Format } from './formats.ts'

export interface FileDestination {
  readonly path: string
  readonly format?: Format | undefined
}

/** One INSERT … SELECT into a file of another name, which then takes the place of the one before. */
export async function open(settings: FileDestination, around: Surroundings, load: LoadRequest): Promise<SelectWriter> {
  const { format, target } = await placeOf(settings, around, { makeFolder: true })
  const unfinished = joinPath(dirname(target), `.millrace-${load.run}-${basename(target)}`)
  const into = (name: string) => sql`INSERT INTO FUNCTION file(${text(unfinished)}, ${text(name)})`
  return {
    columns: load.columns,
    into: into(engineFormat(format).name),
    load: async ({ select, settings: needed }) => {
      await rm(unfinished, { force: true })
      await removeLeftBehind(target)
      const written = writingFormat(format, needed)
      try {
        const json =
          format === 'ndjson' || format === 'json' ? load.columns.some(({ holds }) => holds === 'json') : false
        const rows = json
          ? sql`${into('LineAsString')} ${jsonLinesSql(select, load.columns)}`
          : sql`${into(written.name)} ${select}`
        const { rowsWritten } = await around.engine.command(rows, {
          ...needed,
          ...written.settings,
          existingFile: 'replaced',
          ...jsonLinesSettings,
        })
        await syncToDisk(unfinished)
        await verify(around, {
          path: unfinished,
          format: json ? { name: 'LineAsString', settings: {} } : engineFormat(format),
          rows: rowsWritten,
          named: settings.path,
        })
        const { size } = await stat(unfinished)
        await rename(unfinished, target)
        await syncToDisk(dirname(target))
        return { rows: rowsWritten, bytes: size, duplicate: false }
      } catch (error) {
        await rm(unfinished, { force: true })
        if (isFull(error)) throw fileErrors.full({ path: settings.path })
        throw error
      }
    },
    abandon: () => rm(unfinished, { force: true }),
  }
}

/** Rejects with what keeps the file from being written; makes no folder. */
export async function fit(settings: FileDestination, around: Surroundings): Promise<void> {
  await placeOf(settings, around, { makeFolder: false })
}

async function placeOf(
  settings: FileDestination,
  around: Surroundings,
  options: { makeFolder: boolean },
): Promise<{ format: Format; target: string }> {
  if (!around.engine.localFiles) throw fileErrors.remote({})
  const format = formatOf(settings.path, settings.format)
  const target = await around.files.target(settings.path, options)
  enginePath([target])
  return { format, target }
}

export async function check(settings: FileDestination, around: Surroundings): Promise<string> {
  const { target } = await placeOf(settings, around, { makeFolder: false })
  const there = await stat(target).catch(() => undefined)
  return there === undefined
    ? `"${settings.path}" can be written.`
    : `"${settings.path}" is there and will be replaced.`
}

export async function existing(
  settings: FileDestination,
  around: Surroundings,
): Promise<readonly EngineColumn[] | undefined> {
  const target = await around.files.target(settings.path, { makeFolder: false })
  const { size } = (await stat(target).catch(() => undefined)) ?? { size: 0 }
  if (size === 0) return undefined
  const format = engineFormat(formatOf(settings.path, settings.format))
  // A file that shows no columns, such as one of no JSON records, is empty already.
  return await around.engine
    .describe(sql`file(${text(target)}, ${text(format.name)})`, format.settings)
    .catch(() => undefined)
}

/** Files of runs that were killed and never resumed: nobody has written to them for a day. */
async function removeLeftBehind(target: string): Promise<void> {
  const folder = dirname(target)
  for (const name of await readdir(folder)) {
    if (!/^\.millrace-[0-9a-f-]{36}-/.test(name) || name.slice('.millrace-'.length + 37) !== basename(target)) continue
    const path = joinPath(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && Date.now() - found.mtimeMs > 86_400_000) await rm(path, { force: true })
  }
}

/** On a full disk the engine was seen to write part of a file and report success, so what lies there is counted. */
async function verify(
  around: Surroundings,
  written: { path: string; format: EngineFormat; rows: number; named: string },
): Promise<void> {
  const from = sql`file(${text(written.path)}, ${text(written.format.name)})`
  const found = await around.engine
    .rows<{ rows: string | number }>(sql`SELECT count() AS rows FROM ${from}`, written.format.settings)
    .catch(() => [])
  if (Number(found[0]?.rows ?? -1) === written.rows || (written.rows === 0 && found.length === 0)) return
  const { bavail, bsize } = await statfs(dirname(written.path))
  throw bavail * bsize < 1_000_000
    ? fileErrors.full({ path: written.named })
    : fileErrors.incomplete({ path: written.named, rows: written.rows })
}

async function syncToDisk(path: string): Promise<void> {
  const handle = await openFile(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isFull(error: unknown): boolean {
  return (
    error instanceof Error &&
    /No space left on device|ENOSPC|errno: 28\b/.test(`${error.message} ${String((error as { code?: unknown }).code)}`)
  )
}
