import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { circlesOf } from './circles.ts'
import { connectorCrossings } from './connector-rules.ts'
import type { Crossing } from './crossing.ts'
import { facesOf, withFaces, type FaceList, type Faces } from './faces.ts'
import { jsonParse } from './json-parse.ts'
import { needCrossings } from './needs.ts'
import { schemaCrossings } from './schemas.ts'
import { datasetTable } from './dataset-rows.ts'
import { engineName } from './engine-names.ts'
import { lineCrossings } from './line-rules.ts'
import { positionColumn } from './position-column.ts'
import { isTest, type Import, type Source } from './source.ts'
import { allowed, isWeb, unitOf, type Layer } from './units.ts'

/** What package.json declares. */
export interface Declared {
  /** Its text, for the list of faces. */
  readonly text: string
  readonly dependencies: ReadonlySet<string>
  readonly devDependencies: ReadonlySet<string>
}

const lineRules = [datasetTable, engineName, jsonParse, positionColumn]
const maximumLines = 400
const drawers =
  /^(utils?|helpers?|common|shared|misc|managers?|services?)(\.|$)|-(utils?|helpers?|manager|service)(\.|$)/i
const mayHaveDefault = /(^|\/)(module|pack|connector)\.ts$|\.config\.ts$/
/** The kernel face that the browser may load: the typed client. */
const browserKernel = '#kernel/client'
/** The room of the kernel that adapters may see: it needs nothing of the rest. */
const adapterKernel = 'src/kernel/processes/'

export function crossingsOf(sources: readonly Source[], declared: Declared): Crossing[] {
  const files = new Set(sources.map((source) => source.path))
  const list = facesOf(sources)
  const crossings = [
    ...faceCrossings(list, declared),
    ...needCrossings(sources),
    ...connectorCrossings(sources),
    ...schemaCrossings(sources),
    ...sources.flatMap((source) => lineCrossings(lineRules, source)),
  ]
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
    const targets: string[] = []
    for (const one of source.imports) {
      const target = resolve(path, one, list.faces)
      if (target !== undefined) {
        if (files.has(target)) targets.push(target)
        else if (one.from.startsWith('.') && /\.tsx?$/.test(target))
          say(one.line, 'missing-file', `"${one.from}" leads to no file`)
        checkTarget(path, one, target, say)
      } else checkPackage(path, one, declared, say)
    }
    graph.set(path, targets)
  }
  for (const circle of circlesOf(graph)) {
    crossings.push({ file: circle[0]!, line: 1, rule: 'circle', says: `goes in a circle: ${circle.join(' → ')}` })
  }
  return crossings
}

/** The list in package.json is what `npm run faces` writes. */
function faceCrossings({ faces, ambiguous }: FaceList, { text }: Declared): Crossing[] {
  const crossings: Crossing[] = [...ambiguous].map(([face, files]) => ({
    file: files[0]!,
    line: 1,
    rule: 'ambiguous-face',
    says: `"${face}" could be each of ${files.join(', ')}; rename all but one`,
  }))
  if (withFaces(text, faces) === text) return crossings
  const listed = (JSON.parse(text) as { imports?: Record<string, string> }).imports ?? {}
  const missing = [...faces]
    .filter(([face, file]) => listed[face] !== `./${file}`)
    .map(([face]) => `"${face}" is missing`)
  const unused = Object.keys(listed).filter((face) => !faces.has(face))
  const differences = [...missing, ...unused.map((face) => `nothing imports "${face}"`)]
  const what = differences.length === 0 ? 'its entries are not sorted' : differences.join(', ')
  const says = `the list of faces is not what the code imports (${what}); run: npm run faces`
  return [...crossings, { file: 'package.json', line: 1, rule: 'face-list', says }]
}

type Say = (line: number, rule: string, says: string) => void

/** The file from the root that an import leads to; `undefined` for packages. */
export function resolve(path: string, { from }: Pick<Import, 'from'>, faces: Faces): string | undefined {
  if (from.startsWith('.')) return posix.normalize(posix.join(posix.dirname(path), from))
  return from.startsWith('#') ? (faces.get(from) ?? from) : undefined
}

function checkTarget(path: string, { from, line, typeOnly }: Import, target: string, say: Say): void {
  if (target.startsWith('#')) return say(line, 'undeclared-face', `no file has the face "${from}"`)
  const [own, other] = [unitOf(path), unitOf(target)]
  const sameUnit = own.folder === other.folder
  if (from.startsWith('.') && !sameUnit && !target.endsWith('package.json') && !isList(path, target))
    return say(line, 'past-the-face', `"${from}" reaches into ${other.folder}; import its face`)
  if (isTest(path)) return
  if (!sameUnit && own.layer !== 'outside' && !isModuleFace(target, other.layer))
    return say(line, 'past-the-face', `"${from}" is inside ${other.folder}; import its face`)
  if (isTest(target) && own.layer !== 'outside') return say(line, 'test-in-product', `"${from}" is for tests only`)
  if (own.layer === 'adapters' && target.startsWith(adapterKernel)) return
  if (path.startsWith(adapterKernel) && other.layer === 'kernel' && !target.startsWith(adapterKernel))
    return say(line, 'arrow', `adapters see ${adapterKernel}, so it may not see the rest of the kernel ("${from}")`)
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

/** What others may see of a module: of its server part the face, the spec and the contract, of its pages what `web/pages` gives. */
function isModuleFace(path: string, layer: Layer): boolean {
  if (layer === 'web') return path.endsWith('/web/pages.tsx')
  return layer !== 'modules' || /\/(index|module)\.ts$/.test(path) || isContract(path)
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
