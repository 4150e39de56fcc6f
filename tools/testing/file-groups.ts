import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { houseFiles } from './house-files.ts'
import { lightFiles } from './light-files.ts'

/** So that a failing process takes few files with it, and the processes of one run have about equal work. */
const maxLightFiles = 25
/** A file with a house costs two to ten seconds of processor time. */
const maxHouseFiles = 5
/** The part of a process's time limit after which a file of a group has failed, so that the next one still runs. */
const timeOfFile = 1 / 3

export interface FileGroups {
  /** What the runner starts, each in a process of its own: a test file, or the entry of a group. */
  readonly entries: readonly string[]
  /** The files behind each entry of a group. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly remove: () => void
}

/** Puts light files and files with houses into groups that run in one process each; every other file has its own. */
export function groupFiles(root: string, files: readonly string[], timeoutMs: number): FileGroups {
  const light = files.length > 1 ? lightFiles(root, files) : []
  const lights = new Set(light)
  const houses = files.length > 1 ? houseFiles(root, files).filter((file) => !lights.has(file)) : []
  const parts = [...evenParts(houses, maxHouseFiles), ...evenParts(light, maxLightFiles)]
  const folder = mkdtempSync(join(tmpdir(), 'millrace-test-groups-'))
  const groups = new Map(
    parts
      .filter((part) => part.length > 1)
      .map((part, index) => {
        const entry = join(folder, `group-${index + 1}.mjs`)
        writeFileSync(entry, entryOf(root, part, timeoutMs * timeOfFile))
        return [entry, part]
      }),
  )
  const grouped = new Set([...groups.values()].flat())
  const single = files.filter((file) => !grouped.has(file)).map((file) => join(root, file))
  const isLong = (entry: string): boolean => !lights.has(groups.get(entry)?.[0] ?? '')
  return {
    // The longest processes first, so that none of them is left alone at the end.
    entries: [...groups.keys()].filter(isLong).concat(
      single,
      [...groups.keys()].filter((entry) => !isLong(entry)),
    ),
    groups,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A suite for each file, so that its hooks, its time and a failing import are its own. */
function entryOf(root: string, files: readonly string[], timeout: number): string {
  const suites = files.map((file) => {
    const url = pathToFileURL(join(root, file)).href
    return `describe(${JSON.stringify(file)}, options, async () => void (await import(${JSON.stringify(url)})))`
  })
  return `import { describe } from 'node:test'\nconst options = { timeout: ${timeout} }\n${suites.join('\n')}\n`
}

function evenParts<T>(all: readonly T[], maxSize: number): T[][] {
  const parts = Math.ceil(all.length / maxSize)
  return Array.from({ length: parts }, (_, part) =>
    all.slice(Math.floor((part * all.length) / parts), Math.floor(((part + 1) * all.length) / parts)),
  )
}
