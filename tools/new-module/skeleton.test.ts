import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { checkBoundaries } from '../boundaries/check.ts'
import { root } from '../program.ts'
import { moduleFiles } from './skeleton.ts'

const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** A repository with the new module and what it stands on. */
function repositoryWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'skeleton-'))
  folders.push(folder)
  for (const path of ['src/core', 'src/ports', 'src/kernel', 'src/adapters', 'node_modules']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    symlinkSync(join(root, path), join(folder, path))
  }
  const declared = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    imports: Record<string, string>
    dependencies: object
  }
  const faces = Object.entries(declared.imports).filter(([face]) => /^#(core|ports|kernel|adapters)\//.test(face))
  const imports = { ...Object.fromEntries(faces), '#modules/fine-things': './src/modules/fine-things/index.ts' }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', imports, dependencies: declared.dependencies }),
  )
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'src/modules/fine-things', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return folder
}

/** Runs the test of the module; returns its output and whether it passed. */
async function runModuleTest(folder: string): Promise<{ passed: boolean; output: string }> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const file = join(folder, 'src/modules/fine-things/module.test.ts')
  return await new Promise((resolve) =>
    execFile(process.execPath, ['--test', file], { encoding: 'utf8', env, timeout: 120_000 }, (error, output) =>
      resolve({ passed: error === null, output }),
    ),
  )
}

/** The files with one text of one of them replaced. */
function changed(path: string, part: string | RegExp, by: string): Readonly<Record<string, string>> {
  const files = moduleFiles('fine-things')
  const text = files[path]?.replace(part, by)
  assert.ok(text !== undefined && text !== files[path], `${path} holds ${part}`)
  return { ...files, [path]: text }
}

test('a new module has its types right, crosses no line and passes its test', async () => {
  const folder = repositoryWith(moduleFiles('fine-things'))
  const options = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as { compilerOptions: object }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options.compilerOptions, include: ['src/modules'] }),
  )
  execFileSync(process.execPath, [join(root, 'node_modules/.bin/tsc'), '-p', folder], { encoding: 'utf8' })
  const crossings = checkBoundaries(folder).crossings.filter(({ file }) => file.startsWith('src/modules'))
  assert.deepEqual(crossings, [])
  const { passed, output } = await runModuleTest(folder)
  assert.ok(passed, output)
})

test('the test of a new module fails when its event is not emitted or not handled', async () => {
  const broken = [
    changed('catalogue.ts', /await emit\([^\n]*\n/, '\n'),
    changed('module.ts', /=> catalogue\.note\([^\n]*\n/, '=> undefined,\n'),
  ]
  const runs = await Promise.all(broken.map(async (files) => await runModuleTest(repositoryWith(files))))
  assert.deepEqual(
    runs.map(({ passed }) => passed),
    [false, false],
  )
})
