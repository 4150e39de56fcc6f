/** What documents say there is: routes, commands, scripts, settings, permissions and files. */
import { existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What the code really has. */
export interface Present {
  /** `GET /api/v1/datasets/{name}`; sockets are `GET`. */
  readonly routes: ReadonlySet<string>
  /** `millrace …`, of the commands one level deep: `start`, `pipelines`. */
  readonly commands: ReadonlySet<string>
  readonly scripts: ReadonlySet<string>
  readonly settings: ReadonlySet<string>
  /** Names of permissions, errors, events, jobs, operations, tables and functions of faces: `datasets.read`. */
  readonly names: ReadonlySet<string>
  /** Names of modules: only their dotted names are looked up. */
  readonly modules: ReadonlySet<string>
}

export interface Claim {
  readonly line: number
  /** What is said to be there and is not. */
  readonly text: string
}

/** The claims of a document that do not hold. `file` is its path from `root`. */
export function falseClaims(root: string, { file, text }: { file: string; text: string }, present: Present): Claim[] {
  const lines = text.split('\n')
  const claims: Claim[] = []
  let fenced = false
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('```')) fenced = !fenced
    const spans = fenced ? [line] : [...line.matchAll(/`([^`]+)`/g)].map(([, span]) => span!)
    const wrong = [
      ...[...line.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].flatMap(([, link]) => missingLink(root, file, link!)),
      ...spans.flatMap((span) => missingIn(root, span, fenced, present)),
    ]
    claims.push(...wrong.map((what) => ({ line: index + 1, text: what })))
  }
  return claims
}

function missingLink(root: string, file: string, link: string): string[] {
  if (/^[a-z]+:/.test(link) || existsSync(join(root, dirname(file), link))) return []
  return [`the link ${link}`]
}

function missingIn(root: string, span: string, fenced: boolean, present: Present): string[] {
  const all = (pattern: RegExp): string[] => [...span.matchAll(pattern)].map(([, found]) => found!)
  const missing = (kind: string, found: readonly string[], known: ReadonlySet<string>): string[] =>
    found.filter((name) => !known.has(name)).map((name) => `${kind} "${name}"`)
  const routes = all(/\b((?:GET|POST|PUT|PATCH|DELETE) \/[\w/{}<>.:*…-]*)/g)
  return [
    ...routes.filter((route) => !hasRoute(route, present.routes)).map((route) => `the route ${route}`),
    ...missing('the command', all(/(?:^|\s)(?:bin\/|npx )?millrace ([a-z][a-z-]*)/g), present.commands),
    ...missing('the script', all(/\bnpm run ([\w:-]+)/g), present.scripts),
    ...missing('the setting', all(/\b((?:MILLRACE_[A-Z_]*[A-Z]|DATABASE_URL|CLICKHOUSE_URL))\b/g), present.settings),
    ...(fenced ? [] : missing('the name', dottedName(span, present.modules), present.names)),
    ...(fenced ? [] : missingFile(root, span)),
  ]
}

/** A route may leave parameters open: `{name}`, `<id>`, `:id` or a value. */
function hasRoute(route: string, routes: ReadonlySet<string>): boolean {
  const parts = (text: string): string[] => text.replace(/[.…]+$/, '').split('/')
  const wanted = parts(route)
  return [...routes].some((known) => {
    const have = parts(known)
    const same = (part: string, index: number): boolean => part === wanted[index] || /^\{.*\}$/.test(part)
    return route.endsWith('…')
      ? wanted.slice(0, -1).every((part, index) => part === have[index])
      : have.length === wanted.length && have.every(same)
  })
}

function dottedName(span: string, modules: ReadonlySet<string>): string[] {
  const [, module, rest] = /^([a-z]+(?:-[a-z]+)*)\.([a-zA-Z_]+)$/.exec(span) ?? []
  if (module === undefined || !modules.has(module) || /^(ts|tsx|md|sql|json|csv|ndjson)$/.test(rest!)) return []
  return [span]
}

/** Paths that begin with a folder of the repository; a file called `x` matches any. */
function missingFile(root: string, span: string): string[] {
  if (!/^(src|docs|tools|tests|connectors|packs|bench|bin)\/[\w./*-]+$/.test(span) || /\/x\./.test(span)) return []
  const found = span.includes('*') ? globSync(span, { cwd: root }).length > 0 : existsSync(join(root, span))
  return found ? [] : [`the file ${span}`]
}
