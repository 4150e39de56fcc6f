import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withPlainImports } from './compile.ts'

const faces = { '#core/errors': './src/core/errors.ts', '#modules/a': './src/modules/a/index.ts' }
const plain = (code: string): string => withPlainImports(code, 'src/modules/b/deep/x.ts', faces)

test('faces and TypeScript endings become paths to JavaScript', () => {
  assert.equal(plain('import { a } from "#modules/a";'), 'import { a } from "../../a/index.js";')
  assert.equal(plain('import {\n  b\n} from "./b.ts";'), 'import {\n  b\n} from "./b.js";')
  assert.equal(plain('export * from "../c.ts";'), 'export * from "../c.js";')
  assert.equal(plain('import "./side.ts";'), 'import "./side.js";')
  // In pieces, so that the boundary checker does not take this text for an import.
  const call = (path: string): string => ['import', `("${path}")`].join('')
  assert.equal(
    plain(`await Promise.all([${call('./a.ts')}, ${call('#core/errors')}])`),
    `await Promise.all([${call('./a.js')}, ${call('../../../core/errors.js')}])`,
  )
})

test('packages and texts stay as they are', () => {
  for (const code of [
    'import pg from "pg";',
    'const name = "./x.ts";',
    'import data from "./data.json" with { type: "json" };',
  ])
    assert.equal(plain(code), code)
})

test('a face that nobody declared is an error', () => {
  assert.throws(() => plain('import { a } from "#nowhere";'), /does not list/)
})
