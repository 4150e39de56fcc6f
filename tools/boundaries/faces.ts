/** The faces in `imports` of package.json: what `#…` imports lead to. */
import type { Source } from './source.ts'

/** Every face, in the order in which package.json lists them. */
export type Faces = ReadonlyMap<string, string>

/**
 * The name under which other units import a file: its path without `src/` and ending. In the kernel and the
 * ui the folder between is left out, and the main file of a folder has the name of the folder.
 *
 * - `src/core/filter.ts` → `#core/filter`
 * - `src/kernel/http/client.ts` → `#kernel/client`
 * - `src/modules/metrics/index.ts` → `#modules/metrics`
 */
export function faceOf(path: string, ports: ReadonlySet<string>): string {
  const [layer = '', ...rest] = path
    .replace(/^src\//, '')
    .replace(/\.tsx?$/, '')
    .split('/')
  const parts = layer === 'kernel' || layer === 'ui' ? [layer, rest.at(-1)!] : [layer, ...rest]
  return `#${(isMainFile(parts, ports) ? parts.slice(0, -1) : parts).join('/')}`
}

/** `index`, or named for the folder, for the port of the adapter, `packs/x/pack`, or `web/pages` of a module. */
function isMainFile(parts: readonly string[], ports: ReadonlySet<string>): boolean {
  const [file, folder, layer] = [parts.at(-1)!, parts.at(-2), parts[0]]
  if (file === 'index' || file === folder) return true
  if (layer === 'adapters') return parts.length === 3 && ports.has(file)
  if (layer === 'packs') return parts.length === 3 && file === 'pack'
  return layer === 'modules' && parts.length === 4 && folder === 'web' && file === 'pages'
}

export interface FaceList {
  readonly faces: Faces
  /** Faces that more than one file could be. */
  readonly ambiguous: ReadonlyMap<string, readonly string[]>
}

/** What package.json should list: every file that a `#…` import names by the rule of `faceOf`. */
export function facesOf(sources: readonly Source[]): FaceList {
  const ports = new Set(sources.flatMap(({ path }) => /^src\/ports\/([\w-]+)\.ts$/.exec(path)?.[1] ?? []))
  const files = new Map<string, string[]>()
  for (const { path } of sources.filter(({ path }) => /^(src|connectors|packs|tests)\//.test(path))) {
    const face = faceOf(path, ports)
    files.set(face, [...(files.get(face) ?? []), path])
  }
  const imported = new Set(sources.flatMap(({ imports }) => imports.map(({ from }) => from)))
  const named = [...files].filter(([face]) => imported.has(face))
  const faces = named.flatMap(([face, [file, ...more]]) => (more.length === 0 ? [[face, file!] as const] : []))
  return {
    faces: new Map(faces.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    ambiguous: new Map(named.filter(([, paths]) => paths.length > 1)),
  }
}

const block = /^  "imports": (\{[^}]*\})/m

/** The text of package.json with these faces. */
export function withFaces(text: string, faces: Faces): string {
  const entries = Object.fromEntries([...faces].map(([face, file]) => [face, `./${file}`]))
  const written = JSON.stringify(entries, null, 2).replaceAll('\n', '\n  ')
  return text.replace(block, () => `  "imports": ${written}`)
}
