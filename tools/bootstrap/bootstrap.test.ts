import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { root } from '../program.ts'
import { isInstalled } from './dependencies.mjs'
import { sourcesHash } from './web.mjs'

const folder = mkdtempSync(join(tmpdir(), 'bootstrap-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const write = (path: string, text: string): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

test('what is installed is what the lock file says, or it is installed again', () => {
  const lock = (packages: object): string => JSON.stringify({ packages: { '': {}, ...packages } })
  const one = { 'node_modules/one': { version: '1.0.0' } }
  write(
    'package-lock.json',
    lock({ ...one, 'node_modules/for-others': { version: '1.0.0', optional: true, os: ['plan9'] } }),
  )
  assert.equal(isInstalled(folder), false)
  write('node_modules/.package-lock.json', lock(one))
  assert.equal(isInstalled(folder), true)
  write('node_modules/.package-lock.json', lock({ 'node_modules/one': { version: '0.9.0' } }))
  assert.equal(isInstalled(folder), false)
  write('node_modules/.package-lock.json', lock({}))
  assert.equal(isInstalled(folder), false)
})

test('the web is stale when a page, a contract or a package has changed, and only then', () => {
  for (const path of ['package-lock.json', 'vite.config.ts', 'tsconfig.json']) write(path, '{}')
  write('src/modules/a/web/page.tsx', 'one')
  write('src/modules/a/store.ts', 'one')
  const before = sourcesHash(folder)
  write('src/modules/a/store.ts', 'two')
  write('src/modules/a/web/page.test.ts', 'two')
  assert.equal(sourcesHash(folder), before)
  write('src/modules/a/web/page.tsx', 'two')
  const changed = sourcesHash(folder)
  assert.notEqual(changed, before)
  write('src/modules/a/contract.ts', 'one')
  assert.notEqual(sourcesHash(folder), changed)
})

test('with everything in place the way in takes under 300 ms', () => {
  write('nothing.ts', 'export {}\n')
  const times = Array.from({ length: 3 }, () => {
    const began = performance.now()
    const script = `import { ensureDependencies } from '${root}/tools/bootstrap/dependencies.mjs'
      import { ensureNode } from '${root}/tools/bootstrap/node.mjs'
      import { sourcesHash } from '${root}/tools/bootstrap/web.mjs'
      const began = performance.now(); await ensureDependencies('${root}'); await ensureNode(); sourcesHash('${root}'); console.log(performance.now() - began)`
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    assert.equal(status, 0)
    assert.ok(performance.now() > began)
    return Number(stdout)
  })
  assert.ok(Math.min(...times) < 300, `took ${times.join(', ')} ms`)
})

test('everything on the way in is plain JavaScript that Node 20 reads', () => {
  for (const file of [
    'bootstrap.mjs',
    'bootstrap/npm.mjs',
    'bootstrap/node.mjs',
    'bootstrap/compile-cache.mjs',
    'bootstrap/dependencies.mjs',
    'bootstrap/web.mjs',
  ]) {
    const imports = [...readFileSync(join(root, 'tools', file), 'utf8').matchAll(/^import .* from '([^']+)'/gm)].map(
      (match) => match[1]!,
    )
    for (const from of imports) assert.match(from, /^node:|^\.\/.*\.mjs$/, `${file} imports ${from}`)
  }
})
