import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { checkEntrySize, entrySize, maxEntryBytes } from './bundle-size.ts'

const folder = mkdtempSync(join(tmpdir(), 'bundle-size-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function built(files: Record<string, string>): string {
  const dist = mkdtempSync(join(folder, 'dist-'))
  mkdirSync(join(dist, 'assets'))
  writeFileSync(
    join(dist, 'index.html'),
    '<script src="/app/first-paint.js"></script><script type="module" crossorigin src="/app/assets/index-1.js"></script>' +
      '<link rel="modulepreload" crossorigin href="/app/assets/react-1.js"><link rel="stylesheet" href="/app/assets/index-1.css">',
  )
  for (const [name, code] of Object.entries(files)) writeFileSync(join(dist, 'assets', name), code)
  return dist
}

test('the entry is what index.html names and what that imports statically, but not what is loaded later', () => {
  const dist = built({
    'index-1.js': 'import{a as b}from"./react-1.js";import"./side-1.js";const page=()=>import("./page-1.js");b(page)',
    'react-1.js': 'export const a=1',
    'side-1.js': 'import{d}from"./deep-1.js";d()',
    'deep-1.js': 'export const d=1',
    'page-1.js': 'x'.repeat(9),
  })
  assert.deepEqual(entrySize(dist).files, [
    'assets/deep-1.js',
    'assets/index-1.js',
    'assets/react-1.js',
    'assets/side-1.js',
  ])
  assert.ok(checkEntrySize(dist).ok)
})

test('an entry over the budget is refused, with its files', () => {
  const heavy = randomBytes(maxEntryBytes).toString('base64')
  const { ok, says } = checkEntrySize(built({ 'index-1.js': `const a="${heavy}"`, 'react-1.js': '' }))
  assert.equal(ok, false)
  assert.match(says, /index-1\.js/)
})
