import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { transform } from 'esbuild'
import { isTest } from '../boundaries/source.ts'
import { isWeb } from '../boundaries/units.ts'

export interface Compiled {
  readonly files: number
}

/** Only what the server needs: no tests, nothing of the web, no prose. */
const isShipped = (path: string): boolean =>
  !isTest(path) && !isWeb(path) && !/\.md$|\.golden\.|\/goldens?\//.test(path)

/**
 * Makes each TypeScript file a JavaScript file at the same place below `to`, with `#` faces and `.ts`
 * endings turned into relative paths, and copies what lies beside them (migrations, definitions).
 * Node does not strip types inside node_modules, so a package needs it.
 */
export async function compileTree(root: string, to: string): Promise<Compiled> {
  const faces = facesOf(root)
  const files = ['src', 'connectors', 'packs'].flatMap((folder) => filesBelow(root, folder)).filter(isShipped)
  for (const file of files) {
    const target = join(to, file)
    mkdirSync(dirname(target), { recursive: true })
    if (!file.endsWith('.ts')) {
      cpSync(join(root, file), target)
      continue
    }
    const { code } = await transform(readFileSync(join(root, file), 'utf8'), {
      loader: 'ts',
      format: 'esm',
      target: 'node24',
      sourcefile: file,
    })
    writeFileSync(target.replace(/\.ts$/, '.js'), withPlainImports(code, file, faces))
  }
  return { files: files.length }
}

/** Face → file, as package.json lists them. */
export function facesOf(root: string): Readonly<Record<string, string>> {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> }).imports
}

const statements = /^((?:import|export)\b[^"';]*?)(["'])([#.][^"']*)\2/gm
const calls = /(\bimport\()(["'])([#.][^"']*)\2/g

/** `#core/errors` and `./x.ts` become paths to the JavaScript files. */
export function withPlainImports(code: string, file: string, faces: Readonly<Record<string, string>>): string {
  const plain = (whole: string, before: string, quote: string, from: string): string => {
    const face = from.startsWith('#') ? faces[from] : undefined
    if (from.startsWith('#') && face === undefined)
      throw new Error(`${file} imports "${from}", which package.json does not list.`)
    const path = face === undefined ? from : relative(file, face)
    return /\.tsx?$/.test(path) ? `${before}${quote}${path.replace(/\.tsx?$/, '.js')}${quote}` : whole
  }
  return code.replace(statements, plain).replace(calls, plain)
}

function relative(file: string, face: string): string {
  const path = posix.relative(posix.dirname(file), posix.normalize(face))
  return path.startsWith('.') ? path : `./${path}`
}

function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length + 1))
}
