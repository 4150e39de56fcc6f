/** The files of a workspace: whatever a path says, its real place is inside the workspace's folders or it is refused. */
import { mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, matchesGlob, relative, resolve } from 'node:path'
import type { Files } from '#sdk'
import { connectorErrors } from './errors.ts'
import { fileScope, realPlace } from './file-scope.ts'
import type { FileFolders, FileScope } from './file-scope.ts'
import { refuseIrregular, refuseKernelFiles } from './regular-file.ts'

const maxFiles = 1000
const maxDepth = 32

export function folders(fileFolders: FileFolders, workspace: string): Files {
  const scope = fileScope(fileFolders, workspace)
  return {
    match: (pattern) => matchFiles(scope, pattern),
    target: (path, { makeFolder } = { makeFolder: true }) => targetFile(scope, path, makeFolder),
    list: () => listFiles(scope),
  }
}

function outside(scope: FileScope, path: string): Error {
  return connectorErrors.outside({ path, folders: scope.named })
}

async function matchFiles(scope: FileScope, pattern: string): Promise<readonly string[]> {
  const bases = isAbsolute(pattern) ? ['/'] : await scope.roots()
  for (const base of bases) {
    const candidates = await candidatesOf(scope, base, pattern)
    if (candidates.length === 0) continue
    const real = [...new Set(await Promise.all(candidates.map(realPlace)))].sort()
    for (const path of real) {
      if (!(await scope.allows(path))) throw outside(scope, pattern)
      await refuseIrregular(path, candidates.length === 1 ? pattern : path)
    }
    return real
  }
  if (!(await mayName(scope, pattern))) throw outside(scope, pattern)
  throw connectorErrors.file({ path: pattern, folders: scope.named })
}

async function targetFile(scope: FileScope, path: string, makeFolder: boolean): Promise<string> {
  const [first] = await scope.roots()
  if (first === undefined) throw outside(scope, path)
  const wanted = resolve(first, path)
  if (path.endsWith('/') || basename(wanted) === '') throw outside(scope, path)
  const folder = await realPlace(dirname(wanted))
  if (!(await scope.allows(folder))) throw outside(scope, path)
  const there = await nearestExisting(folder)
  if (!(await stat(there)).isDirectory()) throw connectorErrors.below_file({ path })
  if (makeFolder) await mkdir(folder, { recursive: true })
  const target = join(await realPlace(folder), basename(wanted))
  const found = await realpath(target).catch(() => target)
  if (!(await scope.allows(dirname(target))) || !(await scope.allows(found))) throw outside(scope, path)
  if ((await stat(target).catch(() => undefined))?.isDirectory() === true) throw outside(scope, path)
  await refuseKernelFiles(there, path)
  await refuseIrregular(found, path)
  return target
}

async function nearestExisting(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  return found === undefined ? await nearestExisting(dirname(path)) : path
}

/** What can be read, by names relative to its folder. */
async function listFiles(scope: FileScope): Promise<readonly string[]> {
  const found: string[] = []
  for (const root of await scope.roots()) {
    for await (const path of filesBelow(scope, root, maxDepth)) {
      const readable = await refuseIrregular(path, path).then(
        () => true,
        () => false,
      )
      if (readable && (await scope.allows(await realpath(path)))) found.push(relative(root, path))
      if (found.length === maxFiles) return found.sort()
    }
  }
  return found.sort()
}

async function candidatesOf(scope: FileScope, base: string, pattern: string): Promise<readonly string[]> {
  const plain = resolve(base, pattern)
  const there = await stat(plain).catch(() => undefined)
  // Anything but a folder is looked at by its kind later; a folder holds files and is none.
  if (there !== undefined && !there.isDirectory()) return [plain]
  const wild = pattern.search(/[*?{[(]/)
  if (wild === -1) return []
  const fixed = pattern.slice(0, pattern.lastIndexOf('/', wild) + 1)
  const from = await realpath(resolve(base, fixed)).catch(() => undefined)
  if (from === undefined) return []
  // Looked at before anything is listed: a pattern of the whole disk would keep it busy for minutes.
  if (!(await scope.allows(from))) throw outside(scope, pattern)
  const rest = pattern.slice(fixed.length)
  const found: string[] = []
  for await (const path of filesBelow(scope, from, rest.includes('**') ? maxDepth : rest.split('/').length)) {
    if (!matchesGlob(relative(from, path), rest)) continue
    found.push(path)
    if (found.length > maxFiles) throw connectorErrors.many({ path: pattern, max: maxFiles })
  }
  return found
}

/** Names below a folder never hold "..", so that no pattern over them leads up; a link to a folder is followed where it stays inside. */
async function* filesBelow(
  scope: FileScope,
  folder: string,
  depth: number,
  within: readonly string[] = [],
): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    const there = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry
    if (there?.isFile() === true) yield path
    if (there?.isDirectory() !== true || depth <= 1) continue
    const real = await realpath(path)
    if (!within.includes(real) && (await scope.allows(real)))
      yield* filesBelow(scope, path, depth - 1, [...within, real])
  }
}

/** Tells "not there" from "not allowed" without telling what is there. */
async function mayName(scope: FileScope, pattern: string): Promise<boolean> {
  const [first] = await scope.roots()
  if (first === undefined) return false
  const fixed = resolve(isAbsolute(pattern) ? '/' : first, pattern.split(/[*?{[]/)[0] ?? '')
  return await scope.allows(await realPlace(fixed))
}
