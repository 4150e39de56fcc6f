import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { checkBoundaries } from './check.ts'

/** In two pieces, so that the checker does not take this file for one that imports it. */
const dynamicImport = ['import', "('#adapters/x')"].join('')

const made: string[] = []
after(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const declared = {
  imports: {
    '#core/errors': './src/core/errors.ts',
    '#ports/log': './src/ports/log.ts',
    '#adapters/x': './src/adapters/x/x.ts',
    '#kernel/module': './src/kernel/module/module.ts',
    '#modules/a': './src/modules/a/index.ts',
    '#modules/b': './src/modules/b/index.ts',
    '#sdk': './src/sdk/index.ts',
  },
  dependencies: { zod: '1' },
  devDependencies: { react: '1' },
}
const house: Record<string, string> = {
  'src/core/errors.ts': 'export const errors = 1\n',
  'src/ports/log.ts': "import { errors } from '#core/errors'\nexport const log = errors\n",
  'src/adapters/x/x.ts':
    "import { log } from '#ports/log'\nimport { z } from 'zod'\nimport { readFile } from 'node:fs/promises'\nexport const x = [log, z, readFile]\n",
  'src/kernel/module/module.ts': 'export const kernel = 1\n',
  'src/modules/a/index.ts':
    "import { kernel } from '#kernel/module'\nimport { inside } from './inside.ts'\nexport const a = [kernel, inside]\n",
  'src/modules/a/inside.ts': 'export const inside = 1\n',
  'src/modules/a/contract.ts': 'export const contract = 1\n',
  'src/modules/a/web/page.tsx':
    "import type { inside } from '../inside.ts'\nimport type { contract } from '../contract.ts'\nimport { useState } from 'react'\nexport const page: [typeof inside, typeof contract, unknown] = [1, 1, useState]\n",
  'src/modules/b/index.ts': "import { a } from '#modules/a'\nexport const b = a\n",
  'src/sdk/index.ts': 'export const sdk = 1\n',
  'connectors/index.ts': "export { default as one } from './one/connector.ts'\n",
  'connectors/one/connector.ts': "import { sdk } from '#sdk'\nexport default sdk\n",
}

function rulesBroken(change: Record<string, string>, more: object = {}): string[] {
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'))
  made.push(root)
  for (const [path, text] of Object.entries({
    ...house,
    ...change,
    'package.json': JSON.stringify({ ...declared, ...more }),
  })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return checkBoundaries(root).crossings.map(({ file, rule, line }) => `${file}:${line} ${rule}`)
}

test('a house in order has no crossing', () => {
  assert.deepEqual(rulesBroken({}), [])
})

test('an arrow that points back is found', () => {
  assert.deepEqual(rulesBroken({ 'src/core/new.ts': "\nimport { log } from '#ports/log'\nexport const x = log\n" }), [
    'src/core/new.ts:2 arrow',
  ])
  assert.deepEqual(rulesBroken({ 'src/modules/a/new.ts': "import { x } from '#adapters/x'\nexport const y = x\n" }), [
    'src/modules/a/new.ts:1 arrow',
  ])
  assert.deepEqual(rulesBroken({ 'src/modules/a/new.ts': `export const y = () => ${dynamicImport}\n` }), [
    'src/modules/a/new.ts:1 arrow',
  ])
  assert.deepEqual(
    rulesBroken({
      'src/adapters/y/y.ts': "import type { kernel } from '#kernel/module'\nexport type K = typeof kernel\n",
    }),
    ['src/adapters/y/y.ts:1 arrow'],
  )
  assert.deepEqual(
    rulesBroken({ 'connectors/one/more.ts': "import { errors } from '#core/errors'\nexport const e = errors\n" }),
    ['connectors/one/more.ts:1 arrow'],
  )
  assert.deepEqual(
    rulesBroken({ 'src/modules/a/new.ts': "import { page } from './web/page.tsx'\nexport const p = page\n" }),
    ['src/modules/a/new.ts:1 arrow'],
  )
})

test('reaching past a face is found', () => {
  assert.deepEqual(
    rulesBroken({ 'src/modules/b/new.ts': "import { inside } from '../a/inside.ts'\nexport const i = inside\n" }),
    ['src/modules/b/new.ts:1 past-the-face'],
  )
  assert.deepEqual(
    rulesBroken({ 'src/modules/b/new.test.ts': "import { inside } from '../a/inside.ts'\nexport const i = inside\n" }),
    ['src/modules/b/new.test.ts:1 past-the-face'],
  )
  assert.deepEqual(
    rulesBroken({ 'src/modules/b/new.ts': "import { inside } from '#modules/a/inside'\nexport const i = inside\n" }),
    ['src/modules/b/new.ts:1 undeclared-face'],
  )
  assert.deepEqual(rulesBroken({}, { imports: { ...declared.imports, '#modules/c': './src/modules/c/index.ts' } }), [
    'package.json:1 empty-face',
  ])
})

test('circles among files are found, also through types and faces', () => {
  assert.deepEqual(
    rulesBroken({
      'src/core/one.ts': "import { two } from './two.ts'\nexport const one = two\n",
      'src/core/two.ts': "import type { one } from './one.ts'\nexport const two = 1 as unknown as typeof one\n",
    }),
    ['src/core/one.ts:1 circle'],
  )
  assert.deepEqual(
    rulesBroken({ 'src/modules/a/inside.ts': "import { b } from '#modules/b'\nexport const inside = b\n" }),
    ['src/modules/a/index.ts:1 circle'],
  )
})

test('packages are declared, and what is shipped uses none for development', () => {
  assert.deepEqual(rulesBroken({ 'src/core/new.ts': "import leftpad from 'left-pad'\nexport const l = leftpad\n" }), [
    'src/core/new.ts:1 undeclared-package',
  ])
  assert.deepEqual(rulesBroken({ 'src/core/new.ts': "import * as react from 'react/jsx'\nexport const l = react\n" }), [
    'src/core/new.ts:1 development-package',
  ])
})

test('the browser gets no server code', () => {
  assert.deepEqual(
    rulesBroken({ 'src/modules/a/web/new.ts': "import { inside } from '../inside.ts'\nexport const i = inside\n" }),
    ['src/modules/a/web/new.ts:1 server-in-browser'],
  )
  assert.deepEqual(
    rulesBroken({ 'src/modules/a/web/new.ts': "import { kernel } from '#kernel/module'\nexport const i = kernel\n" }),
    ['src/modules/a/web/new.ts:1 server-in-browser'],
  )
  assert.deepEqual(rulesBroken({ 'src/ui/new.ts': "import { join } from 'node:path'\nexport const j = join\n" }), [
    'src/ui/new.ts:1 node-in-browser',
  ])
})

test('a contract comes into the browser as types only, since its schemas would bring zod along', () => {
  assert.deepEqual(
    rulesBroken({
      'src/modules/a/web/new.ts': "import { contract } from '../contract.ts'\nexport const c = contract\n",
    }),
    ['src/modules/a/web/new.ts:1 contract-in-browser'],
  )
  assert.deepEqual(
    rulesBroken(
      { 'src/apps/web/new.ts': "import { contract } from '#modules/a/contract'\nexport const c = contract\n" },
      { imports: { ...declared.imports, '#modules/a/contract': './src/modules/a/contract.ts' } },
    ),
    ['src/apps/web/new.ts:1 contract-in-browser'],
  )
})

test('long files, drawers and default exports are found', () => {
  assert.deepEqual(rulesBroken({ 'src/core/long.ts': 'export {}\n'.repeat(401) }), ['src/core/long.ts:401 long-file'])
  assert.deepEqual(rulesBroken({ 'src/core/utils.ts': 'export {}\n' }), ['src/core/utils.ts:1 drawer'])
  assert.deepEqual(rulesBroken({ 'src/core/shared/x.ts': 'export {}\n' }), ['src/core/shared/x.ts:1 drawer'])
  assert.deepEqual(rulesBroken({ 'src/core/run-manager.ts': 'export {}\n' }), ['src/core/run-manager.ts:1 drawer'])
  assert.deepEqual(rulesBroken({ 'src/core/new.ts': 'export default 1\n' }), ['src/core/new.ts:1 default-export'])
})

test('a way to the table of a dataset past "readable" is found', () => {
  const broken = (line: string, path = 'src/modules/a/new.ts') =>
    rulesBroken({ [path]: `export const x = (${line})\n` })
  const found = ['src/modules/a/new.ts:1 dataset-table']
  assert.deepEqual(broken('d) => `SELECT * FROM ${d.dataset.table}`'), found)
  assert.deepEqual(broken('dataset) => dataset.database'), found)
  assert.deepEqual(broken('w) => `SELECT * FROM ws_${w}.orders`'), found)
  assert.deepEqual(broken("'SELECT * FROM ws_default.orders'"), found)
  assert.deepEqual(broken('p) => p.userDatabase'), found)
  assert.deepEqual(broken('log) => log.read()'), found)
  assert.deepEqual(broken("'ws_default.orders'", 'src/modules/datasets/new.ts'), [])
  assert.deepEqual(broken("'ws_default.orders'", 'src/modules/a/new.test.ts'), [])
  assert.deepEqual(broken('p) => p.userDatabase', 'src/modules/explore/guard.ts'), [])
})

test('any needs a reason beside it', () => {
  assert.deepEqual(rulesBroken({ 'src/core/new.ts': 'export const x = (y: any): number => y\n' }), [
    'src/core/new.ts:1 bare-any',
  ])
  assert.deepEqual(
    rulesBroken({ 'src/core/new.ts': '// `any`: what comes from outside\nexport const x = (y: any): number => y\n' }),
    [],
  )
})

test('what stands in a comment is no import', () => {
  assert.deepEqual(
    rulesBroken({
      'src/core/new.ts': `/**\nimport { x } from '#adapters/x'\n */\n// ${dynamicImport}\nexport const text = 1\n`,
    }),
    [],
  )
})

test('two thousand files take less than a second', () => {
  const many: Record<string, string> = {}
  for (let index = 0; index < 2000; index += 1)
    many[`src/core/file-${index}.ts`] = `import { errors } from '#core/errors'\nexport const e${index} = errors\n`
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'))
  made.push(root)
  for (const [path, text] of Object.entries({ ...house, ...many, 'package.json': JSON.stringify(declared) })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const began = performance.now()
  assert.equal(checkBoundaries(root).files, 2012)
  assert.ok(performance.now() - began < 1000, `took ${performance.now() - began} ms`)
})
