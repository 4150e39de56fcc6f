import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { checkBoundaries } from '../boundaries/check.ts'
import { root } from '../program.ts'
import { moduleFiles } from './skeleton.ts'

test('a new module has its types right, crosses no line and passes its test', () => {
  const house = mkdtempSync(join(tmpdir(), 'skeleton-'))
  try {
    for (const folder of ['src/core', 'src/ports', 'src/kernel', 'node_modules']) {
      mkdirSync(dirname(join(house, folder)), { recursive: true })
      symlinkSync(join(root, folder), join(house, folder))
    }
    const declared = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      imports: Record<string, string>
      dependencies: object
    }
    const faces = Object.entries(declared.imports).filter(([face]) => /^#(core|ports|kernel)\//.test(face))
    const imports = { ...Object.fromEntries(faces), '#modules/fine-things': './src/modules/fine-things/index.ts' }
    writeFileSync(
      join(house, 'package.json'),
      JSON.stringify({ type: 'module', imports, dependencies: declared.dependencies }),
    )
    const options = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as { compilerOptions: object }
    writeFileSync(
      join(house, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options.compilerOptions, include: ['src/modules'] }),
    )
    for (const [path, text] of Object.entries(moduleFiles('fine-things'))) {
      const file = join(house, 'src/modules/fine-things', path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    execFileSync(process.execPath, [join(root, 'node_modules/.bin/tsc'), '-p', house], { encoding: 'utf8' })
    const crossings = checkBoundaries(house).crossings.filter(({ file }) => file.startsWith('src/modules'))
    assert.deepEqual(crossings, [])
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env
    execFileSync(process.execPath, ['--test', join(house, 'src/modules/fine-things/module.test.ts')], {
      encoding: 'utf8',
      env: environment,
    })
  } finally {
    rmSync(house, { recursive: true, force: true })
  }
})
