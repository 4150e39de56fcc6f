import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { exportsOf, programOf, type InScope } from './program.ts'
import { examplesInCode, type Example } from './read.ts'

const root = join(import.meta.dirname, '..', '..')
mkdirSync(join(root, 'dist'), { recursive: true })
/** Inside the house, so that faces and packages are found. */
const written = mkdtempSync(join(root, 'dist', 'examples-'))
after(() => rmSync(written, { recursive: true, force: true }))

const inScope = (path: string): InScope => ({
  path: join(root, path),
  exports: exportsOf(readFileSync(join(root, path), 'utf8')),
})
const surroundings = inScope('tools/examples/surroundings.ts')
const sdk = inScope('src/sdk/index.ts')

function write(example: Example): string {
  const path = join(written, example.file.replace(/\.tsx?$/, `.${example.line}.${example.language}`))
  const scope = [inScope(example.file), ...(example.file.startsWith('src/sdk/') ? [sdk] : []), surroundings]
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, programOf(example, scope, join(import.meta.dirname, 'shows.ts')))
  return path
}

/** What tsc says about all of them, with their places in their own files. */
async function typeErrors(): Promise<string> {
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: [join(written, '**/*')],
  }
  writeFileSync(join(written, 'tsconfig.json'), JSON.stringify(config))
  const child = spawn(process.execPath, [join(root, 'node_modules/.bin/tsc'), '-p', written, '--pretty', 'false'], {
    cwd: written,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return (await child.stdout.toArray()).join('').replace(/\.\d+(\.tsx?\(\d+,)/g, '$1')
}

const examples = examplesInCode(root).map((example) => ({ ...example, path: write(example) }))
const types = typeErrors()
const { endSurroundings } = await import('./surroundings.ts')
after(endSurroundings)

test('every face of core, ports and modules has an example', () => {
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    imports: Record<string, string>
  }
  const faces = Object.entries(imports)
    .filter(([face, file]) => !file.includes('-fixture.') && /^#(core|ports|modules)\/[\w-]+$/.test(face))
    .map(([, file]) => file.slice(2))
  const documented = new Set(examples.map(({ file }) => file))
  assert.ok(faces.length > 20)
  assert.deepEqual(
    faces.filter((file) => !documented.has(file)),
    [],
  )
})

test('all examples have the right types', async () => assert.equal(await types, ''))

// A hook of the web needs a browser: a ```tsx example is held to its types only.
for (const { file, line, path } of examples.filter(({ language }) => language === 'ts'))
  test(`${file}:${line}`, async () => void (await import(pathToFileURL(path).href)))
