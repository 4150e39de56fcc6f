import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { readSources, type Source } from '../boundaries/source.ts'

interface Binding {
  readonly keys: string
  /** What the help says that it does. */
  readonly does: string
  readonly file: string
}

/**
 * Keys that two parts of one page bind to different things, where the later one silently wins. A page is what
 * a module's `pages.tsx` loads and what that imports; the keys of the shell and of the navigation are on all of them.
 */
export function shortcutCollisions(root: string): readonly string[] {
  const sources = new Map(readSources(root).map((source) => [source.path, source]))
  const faces = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, unknown> })
    .imports
  const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')
  const shell = [...sources.keys()].filter((path) => path.startsWith('src/apps/web/') && path.endsWith('.tsx'))
  const modulePages = [...sources.keys()].filter((path) => /^src\/modules\/[^/]+\/web\/pages\.tsx$/.test(path))
  const everywhere = [
    ...shell.flatMap((path) => bindingsIn(path, textOf(path))),
    ...modulePages.flatMap((path) => navigationKeysIn(path, textOf(path))),
  ]
  const found = new Set(collisionsAmong(everywhere))
  for (const pages of modulePages) {
    for (const page of importsOf(sources.get(pages)!, faces).filter((path) => sources.has(path))) {
      const own = [...reachable(page, sources, faces)].flatMap((path) => bindingsIn(path, textOf(path)))
      for (const collision of collisionsAmong([...everywhere, ...own])) found.add(collision)
    }
  }
  return [...found].toSorted()
}

function collisionsAmong(bindings: readonly Binding[]): string[] {
  const byKeys = Map.groupBy(bindings, ({ keys }) => keys)
  return [...byKeys].flatMap(([keys, same]) => {
    const meanings = new Map(same.map((binding) => [binding.does, binding]))
    if (meanings.size < 2) return []
    return [`${keys}: ${[...meanings.values()].map(({ does, file }) => `${does} (${file})`).join(', ')}`]
  })
}

function bindingsIn(file: string, text: string): Binding[] {
  const calls = text.matchAll(/\buseShortcut\(\s*'([^']+)',\s*((?:'[^']*'|[^,])+),/g)
  return [...calls].map(([, keys, does]) => ({ keys: keys!, does: does!.trim(), file }))
}

function navigationKeysIn(file: string, text: string): Binding[] {
  return [...text.matchAll(/\bto: '([^']+)'[^}]*?\bkey: '([^']+)'/g)].map(([, to, key]) => ({
    keys: `g ${key}`,
    does: `go to ${to}`,
    file,
  }))
}

function reachable(page: string, sources: ReadonlyMap<string, Source>, faces: Record<string, unknown>): Set<string> {
  const seen = new Set<string>()
  const waiting = [page]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path) || !/^src\/(ui\/|modules\/[^/]+\/web\/)/.test(path)) continue
    const source = sources.get(path)
    if (source === undefined) continue
    seen.add(path)
    waiting.push(...importsOf(withoutPages(source), faces))
  }
  return seen
}

/** What another module gives from its `pages.tsx` without the pages that it loads there: they are never shown together. */
function withoutPages(source: Source): Source {
  if (!source.path.endsWith('/web/pages.tsx')) return source
  const lines = source.code.split('\n')
  return { ...source, imports: source.imports.filter(({ line }) => !/\bload:/.test(lines[line - 1] ?? '')) }
}

function importsOf({ path, imports }: Source, faces: Record<string, unknown>): string[] {
  return imports
    .filter(({ typeOnly }) => !typeOnly)
    .map(({ from }) =>
      from.startsWith('.') ? posix.join(posix.dirname(path), from) : String(faces[from] ?? from).replace(/^\.\//, ''),
    )
}
