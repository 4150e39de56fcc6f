import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { root } from '../program.ts'
import { serverSources } from './compile-cache.mjs'

const folder = mkdtempSync(join(tmpdir(), 'compile-cache-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const write = (path: string, text: string): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** What a program says that turns the cache on for `of` and then runs `script`; which compiler was loaded is in its last line. */
function run(of: string, script: string): string[] {
  const { NODE_COMPILE_CACHE: _, NODE_V8_COVERAGE: __, ...env } = process.env
  const program = `import { enableCompileCache } from '${root}/tools/bootstrap/compile-cache.mjs'
    enableCompileCache(${JSON.stringify(of)}, process.execPath)
    ${script}
    console.log(process.moduleLoadList.some((name) => name.includes('amaro')) ? 'strips types' : 'strips nothing')`
  write('run.mjs', program)
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(folder, 'run.mjs')], { encoding: 'utf8', env })
  assert.equal(status, 0, stderr)
  return stdout.trim().split('\n')
}

test('what a clone has compiled once runs without the compiler, in threads too, and a changed source is compiled anew', () => {
  write('package.json', '{"type":"module"}')
  write('connectors/index.ts', 'export {}')
  write('packs/index.ts', 'export {}')
  write(
    'src/adapters/pglite/compiled-once.ts',
    `import { setFlagsFromString } from 'node:v8'\nsetFlagsFromString('--no-wasm-tier-up')`,
  )
  write(
    'src/adapters/pglite/thread.ts',
    `import { value } from '../../value.ts'\nconst says: string = process.moduleLoadList.some((name) => name.includes('amaro')) ? 'strips types' : 'strips nothing'\nconsole.log('thread', value, says)`,
  )
  write('src/value.ts', 'export const value: number = 1')
  write('src/value.test.ts', 'export const value: number = 1')
  const script = `
    const { once } = await import('node:events')
    const { Worker } = await import('node:worker_threads')
    const folder = ${JSON.stringify(folder)}
    await import(folder + '/src/adapters/pglite/compiled-once.ts')
    const { value } = await import(folder + '/src/value.ts')
    const thread = new Worker(folder + '/src/adapters/pglite/thread.ts')
    await once(thread, 'exit')
    console.log('main', value)`
  assert.deepEqual(run(folder, script), ['thread 1 strips nothing', 'main 1', 'strips nothing'])
  write('src/value.ts', 'export const value: number = 2000')
  assert.deepEqual(run(folder, script), ['thread 2000 strips nothing', 'main 2000', 'strips nothing'])
})

test('every module of the server can be loaded from the compile cache', () => {
  const sources = serverSources(root)
  for (const entry of ['src/apps/cli/main.ts', 'src/adapters/chdb/engine-process.ts', 'src/adapters/pglite/worker.ts'])
    assert.ok(sources.includes(entry), entry)
  const faces = ['src/apps/cli/program.ts', 'src/apps/server/server.ts', 'src/apps/server/modules.ts']
  const paths = JSON.stringify(faces.map((file) => join(root, file)))
  assert.deepEqual(run(root, `for (const path of ${paths}) await import(path)`), ['strips nothing'])
})

test('the cache is filled again when another version of Node.js comes under the same path', () => {
  const cache = join(folder, 'node_modules/.cache/millrace')
  const stamp = join(cache, 'sources.json')
  const filled = readFileSync(stamp, 'utf8')
  const [version = ''] = readdirSync(cache).filter((name) => name.startsWith(process.version))
  rmSync(join(cache, version), { recursive: true })
  writeFileSync(stamp, filled.replace(process.version, 'v24.0.0'))
  run(folder, '')
  assert.ok(readdirSync(cache).includes(version))
  assert.equal(readFileSync(stamp, 'utf8'), filled)
})

test('nothing is compiled for a cache that cannot be written to', () => {
  const cache = join(folder, 'node_modules/.cache/millrace')
  rmSync(cache, { recursive: true, force: true })
  mkdirSync(join(cache, 'sources.json'), { recursive: true })
  assert.deepEqual(run(folder, `console.log(process.env.NODE_COMPILE_CACHE)`), ['undefined', 'strips nothing'])
  assert.deepEqual(readdirSync(cache), ['sources.json'])
})

test('a clone that cannot be written to is run without the cache', () => {
  assert.deepEqual(run(join(folder, 'nowhere'), `console.log(process.env.NODE_COMPILE_CACHE)`), [
    'undefined',
    'strips nothing',
  ])
})
