/** The folders of `MILLRACE_FILES`: whatever a path says, its real place is inside one of them or it is refused. */
import { mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, matchesGlob, relative, resolve, sep } from 'node:path'
import type { Files } from '#sdk'
import { connectorErrors } from './errors.ts'

const mostFiles = 1000
const deepest = 32

export function folders(named: readonly string[], home: string): Files {
  async function roots(): Promise<readonly string[]> {
    await mkdir(join(home, 'files'), { recursive: true })
    const real = await Promise.all(named.map((folder) => realpath(folder).catch(() => undefined)))
    return real.filter((folder) => folder !== undefined)
  }

  async function allowed(path: string): Promise<boolean> {
    const [all, realHome] = [await roots(), await realpath(home)]
    const holding = all.filter((root) => inside(path, root))
    // A folder that holds the home does not open it; only a folder within it does.
    return holding.some((root) => !inside(path, realHome) || (root !== realHome && inside(root, realHome)))
  }

  const outside = (path: string) => connectorErrors.outside({ path, folders: named.join(', ') })

  return {
    match: async (pattern) => {
      const bases = isAbsolute(pattern) ? ['/'] : await roots()
      for (const base of bases) {
        const candidates = await candidatesOf(base, pattern)
        if (candidates.length === 0) continue
        const real = await Promise.all(candidates.map((path) => realpath(path)))
        for (const path of real) {
          if (!(await allowed(path))) throw outside(pattern)
        }
        return [...new Set(real)].sort()
      }
      if (!(await mayName(pattern))) throw outside(pattern)
      throw connectorErrors.file({ path: pattern, folders: named.join(', ') })
    },
    target: async (path) => {
      const [first = named[0] ?? home] = await roots()
      const wanted = resolve(first, path)
      if (path.endsWith('/') || basename(wanted) === '') throw outside(path)
      let there = dirname(wanted)
      const missing: string[] = []
      let real: string | undefined
      while ((real = await realpath(there).catch(() => undefined)) === undefined) {
        missing.unshift(basename(there))
        there = dirname(there)
      }
      const folder = join(real, ...missing)
      if (!(await allowed(folder))) throw outside(path)
      await mkdir(folder, { recursive: true })
      const target = join(await realpath(folder), basename(wanted))
      const found = await realpath(target).catch(() => target)
      if (!(await allowed(dirname(target))) || !(await allowed(found))) throw outside(path)
      if ((await stat(target).catch(() => undefined))?.isDirectory() === true) throw outside(path)
      return target
    },
    list: async () => {
      const found: string[] = []
      for (const root of await roots()) {
        for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
          const path = join(entry.parentPath, entry.name)
          if (entry.isFile() && !entry.name.startsWith('.') && (await allowed(path))) found.push(relative(root, path))
          if (found.length === mostFiles) return found.sort()
        }
      }
      return found.sort()
    },
  }

  async function candidatesOf(base: string, pattern: string): Promise<readonly string[]> {
    const plain = resolve(base, pattern)
    if ((await stat(plain).catch(() => undefined))?.isFile() === true) return [plain]
    const wild = pattern.search(/[*?{[(]/)
    if (wild === -1) return []
    const fixed = pattern.slice(0, pattern.lastIndexOf('/', wild) + 1)
    const from = await realpath(resolve(base, fixed)).catch(() => undefined)
    if (from === undefined) return []
    // Looked at before anything is listed: a pattern of the whole disk would keep it busy for minutes.
    if (!(await allowed(from))) throw outside(pattern)
    const rest = pattern.slice(fixed.length)
    const found: string[] = []
    for await (const path of filesBelow(from, rest.includes('**') ? deepest : rest.split('/').length)) {
      if (!matchesGlob(relative(from, path), rest)) continue
      found.push(path)
      if (found.length > mostFiles) throw connectorErrors.many({ path: pattern, most: mostFiles })
    }
    return found
  }

  /** Names below a folder never hold "..", so that no pattern over them leads up; a link to a folder is followed where it stays inside. */
  async function* filesBelow(folder: string, depth: number, within: readonly string[] = []): AsyncGenerator<string> {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (entry.name.startsWith('.')) continue
      const path = join(folder, entry.name)
      const there = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry
      if (there?.isFile() === true) yield path
      if (there?.isDirectory() !== true || depth <= 1) continue
      const real = await realpath(path)
      if (!within.includes(real) && (await allowed(real))) yield* filesBelow(path, depth - 1, [...within, real])
    }
  }

  /** Tells "not there" from "not allowed" without telling what is there. */
  async function mayName(pattern: string): Promise<boolean> {
    const all = await roots()
    const first = all[0]
    if (first === undefined) return false
    const fixed = resolve(isAbsolute(pattern) ? '/' : first, pattern.split(/[*?{[]/)[0] ?? '')
    return all.some((root) => inside(fixed, root))
  }
}

function inside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}
