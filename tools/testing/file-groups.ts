import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { facesOf } from '../boundaries/faces.ts'
import { readSources } from '../boundaries/source.ts'
import { isHouse } from './house-files.ts'
import { isLight } from './light-files.ts'

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
  const { houses, lights } = files.length > 1 ? sharingFiles(root, files) : { houses: [], lights: [] }
  const folder = mkdtempSync(join(tmpdir(), 'millrace-test-groups-'))
  const groups = new Map<string, readonly string[]>()
  const entriesOf = (shared: readonly string[], maxSize: number): string[] =>
    evenParts(shared, maxSize).map((part) => {
      if (part.length === 1) return join(root, part[0]!)
      const entry = join(folder, `group-${groups.size + 1}.mjs`)
      writeFileSync(entry, entryOf(root, part, timeoutMs * timeOfFile))
      groups.set(entry, part)
      return entry
    })
  const shared = new Set([...houses, ...lights])
  return {
    // The longest processes first, so that none of them is left alone at the end.
    entries: [
      ...entriesOf(houses, maxHouseFiles),
      ...files.filter((file) => !shared.has(file)).map((file) => join(root, file)),
      ...entriesOf(lights, maxLightFiles),
    ],
    groups,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function sharingFiles(root: string, files: readonly string[]): { houses: string[]; lights: string[] } {
  const all = readSources(root)
  const sources = new Map(all.map((source) => [source.path, source]))
  const { faces } = facesOf(all)
  const lights = files.filter((file) => isLight(file, sources, faces))
  const known = new Set(lights)
  return { houses: files.filter((file) => !known.has(file) && isHouse(file, sources, faces)), lights }
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
