import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { circlesOf } from './circles.ts'
import { tableReferences } from './dataset-rows.ts'
import { isTest, type Import, type Source } from './source.ts'
import { allowed, isWeb, unitOf } from './units.ts'

export interface Crossing {
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly says: string
}

/** What package.json declares. */
export interface Declared {
  /** Face → file from the root. */
  readonly faces: ReadonlyMap<string, string>
  readonly dependencies: ReadonlySet<string>
  readonly devDependencies: ReadonlySet<string>
}

const maximumLines = 400
const drawers =
  /^(utils?|helpers?|common|shared|misc|managers?|services?)(\.|$)|-(utils?|helpers?|manager|service)(\.|$)/i
const mayHaveDefault = /(^|\/)(module|pack|connector)\.ts$|\.config\.ts$/
/** The kernel face that the browser may load: the typed client. */
const browserKernel = '#kernel/client'

export function crossingsOf(sources: readonly Source[], declared: Declared): Crossing[] {
  const files = new Set(sources.map((source) => source.path))
  const crossings: Crossing[] = []
  const graph = new Map<string, string[]>()
  for (const source of sources) {
    const { path } = source
    const say = (line: number, rule: string, says: string): void =>
      void crossings.push({ file: path, line, rule, says })
    if (source.lines > maximumLines)
      say(source.lines, 'long-file', `has ${source.lines} lines; ${maximumLines} is the wall`)
    const drawer = path.split('/').find((part) => drawers.test(part))
    if (drawer) say(1, 'drawer', `"${drawer}" says nothing about what it holds; name it for that`)
    if (source.defaultExport && !mayHaveDefault.test(path))
      say(1, 'default-export', 'has a default export; only module.ts, pack.ts, connector.ts and *.config.ts do')
    for (const line of isTest(path) ? [] : source.bareAny)
      say(line, 'bare-any', '`any` needs its reason in a comment beside it')
    const tables = isTest(path) ? [] : tableReferences(path, source.code)
    for (const { line, says } of tables) say(line, 'dataset-table', says)
    const targets: string[] = []
    for (const one of source.imports) {
      const target = resolve(path, one, declared)
      if (target !== undefined) {
        if (files.has(target)) targets.push(target)
        checkTarget(path, one, target, files, say)
      } else checkPackage(path, one, declared, say)
    }
    graph.set(path, targets)
  }
  for (const circle of circlesOf(graph)) {
    crossings.push({ file: circle[0]!, line: 1, rule: 'circle', says: `goes in a circle: ${circle.join(' → ')}` })
  }
  for (const [face, file] of declared.faces) {
    if (/\.tsx?$/.test(file) && !files.has(file))
      crossings.push({
        file: 'package.json',
        line: 1,
        rule: 'empty-face',
        says: `"${face}" leads to ${file}, which is not there`,
      })
  }
  return crossings
}

type Say = (line: number, rule: string, says: string) => void

/** The file from the root that an import leads to; `undefined` for packages. */
function resolve(path: string, { from }: Import, declared: Declared): string | undefined {
  if (from.startsWith('.')) return posix.normalize(posix.join(posix.dirname(path), from))
  return from.startsWith('#') ? (declared.faces.get(from) ?? from) : undefined
}

function checkTarget(
  path: string,
  { from, line, typeOnly }: Import,
  target: string,
  files: ReadonlySet<string>,
  say: Say,
): void {
  if (target.startsWith('#')) return say(line, 'undeclared-face', `"${from}" is not among the imports of package.json`)
  if (from.startsWith('.') && /\.tsx?$/.test(target) && !files.has(target))
    return say(line, 'missing-file', `"${from}" leads to no file`)
  const [own, other] = [unitOf(path), unitOf(target)]
  const sameUnit = own.folder === other.folder
  if (from.startsWith('.') && !sameUnit && !target.endsWith('package.json') && !isList(path, target))
    return say(line, 'past-the-face', `"${from}" reaches into ${other.folder}; import its face`)
  if (isTest(path)) return
  if (isTest(target) && own.layer !== 'outside') return say(line, 'test-in-product', `"${from}" is for tests only`)
  if (!sameUnit && !allowed[own.layer].includes(other.layer))
    return say(line, 'arrow', `${own.layer} may not see ${other.layer} ("${from}")`)
  if (sameUnit && own.layer === 'modules' && other.layer === 'web')
    return say(line, 'arrow', `the server part of a module may not see its web part ("${from}")`)
  if (own.layer !== 'web' || typeOnly) return
  if (other.layer === 'modules' && isContract(target))
    return say(
      line,
      'contract-in-browser',
      `"${from}" brings zod into the browser; import its types, and ask with typedRequest`,
    )
  if (other.layer === 'modules' || (other.layer === 'kernel' && from !== browserKernel))
    say(line, 'server-in-browser', `"${from}" is server code; the web may import its types only`)
}

function isContract(path: string): boolean {
  return /\/contract(\.ts$|\/)/.test(path)
}

/** `connectors/index.ts` and `packs/index.ts` are the explicit lists of what there is. */
function isList(path: string, target: string): boolean {
  return /^(connectors|packs)\/index\.ts$/.test(path) && target.startsWith(path.slice(0, path.indexOf('/') + 1))
}

function checkPackage(path: string, { from, line, typeOnly }: Import, declared: Declared, say: Say): void {
  if (isBuiltin(from)) {
    if (isWeb(path) && !isTest(path) && !typeOnly) say(line, 'node-in-browser', `"${from}" is not there in the browser`)
    return
  }
  const name = from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/')
  if (declared.dependencies.has(name)) return
  if (!declared.devDependencies.has(name)) return say(line, 'undeclared-package', `"${name}" is not in package.json`)
  const shipped = !isTest(path) && !isWeb(path) && unitOf(path).layer !== 'outside'
  if (shipped && !typeOnly)
    say(line, 'development-package', `"${name}" is a development dependency, and this file is shipped`)
}
