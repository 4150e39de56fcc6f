import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { isLocked, readHolder, writeAddress } from './home-lock.ts'
import { accessFault, findHome, forbiddenPath, openHome } from './home.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-home-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const options = { purpose: 'test', version: '1.2.3' }
const holderProgram = `
import { openHome } from ${JSON.stringify(new URL('./home.ts', import.meta.url).href)}
openHome(process.argv[1], { purpose: 'server', version: '0' })
console.log('held')
setInterval(() => {}, 1000)`

async function otherHolder(home: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', holderProgram, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

test('a new home is made, opened again, and carries its format', () => {
  const home = join(folder, 'new')
  const first = openHome(home, options)
  assert.equal(first.fresh, true)
  assert.equal(statSync(home).mode & 0o777, 0o700)
  first.close()
  const second = openHome(home, options)
  assert.equal(second.fresh, false)
  second.close()
  assert.deepEqual(JSON.parse(readFileSync(join(home, 'format.json'), 'utf8')), { format: 1, millrace: '1.2.3' })
})

test('the nearest home upwards is found, the variable goes first', () => {
  const deep = join(folder, 'a', 'b')
  mkdirSync(deep, { recursive: true })
  assert.equal(findHome({}, deep), join(deep, '.millrace'))
  openHome(join(folder, '.millrace'), options).close()
  assert.equal(findHome({}, deep), join(folder, '.millrace'))
  assert.equal(findHome({ MILLRACE_HOME: 'x' }, deep), join(deep, 'x'))
})

test('a second process is told who holds the home, and where', async () => {
  const child = await otherHolder(folder)
  try {
    writeAddress(folder, { pid: child.pid ?? 0, url: 'http://127.0.0.1:1234', version: '0' })
    assert.equal(isLocked(folder), true)
    assert.throws(
      () => openHome(folder, options),
      new RegExp(`in use by process ${child.pid} \\(server, since .*, at http://127.0.0.1:1234\\)`),
    )
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

test('the lock of a killed process is gone with it', async () => {
  const child = await otherHolder(folder)
  writeAddress(folder, { pid: child.pid ?? 0, url: 'http://127.0.0.1:1234', version: '0' })
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(isLocked(folder), false)
  const home = openHome(folder, options)
  assert.equal(readHolder(folder)?.pid, process.pid)
  assert.equal(existsSync(join(folder, 'server.json')), false, 'the address of the dead one is removed')
  home.close()
  assert.equal(isLocked(folder), false)
})

test('the same process cannot open a home twice', () => {
  const home = openHome(folder, options)
  assert.throws(() => openHome(folder, options), /in use/)
  home.close()
})

test('a newer home is refused and left alone', () => {
  writeFileSync(join(folder, 'format.json'), '{"format":7}')
  assert.throws(() => openHome(folder, options), /format 7, made by a newer Millrace/)
  assert.equal(readFileSync(join(folder, 'format.json'), 'utf8'), '{"format":7}')
  assert.equal(isLocked(folder), false)
})

test('a corrupt home is refused with what to do', () => {
  for (const text of ['', '{"form', '{"format":"x"}', 'null']) {
    writeFileSync(join(folder, 'format.json'), text)
    assert.throws(() => openHome(folder, options), /damaged.*Restore the folder from a backup/)
  }
  rmSync(join(folder, 'format.json'))
  mkdirSync(join(folder, 'warehouse'))
  assert.throws(() => openHome(folder, options), /holds "warehouse" but its format.json is gone/)
})

test('a folder with other things in it is no home', () => {
  writeFileSync(join(folder, 'thesis.doc'), '')
  assert.throws(() => openHome(folder, options), /not a Millrace home: it holds "thesis.doc"/)
})

test('a home that cannot be made says so', () => {
  writeFileSync(join(folder, 'file'), '')
  assert.throws(() => openHome(join(folder, 'file', 'home'), options), /cannot be made: a folder above it is a file\./)
  assert.throws(() => openHome(join(folder, 'file'), options), /cannot be made: a file has this name\./)
})

test('a home whose lock cannot be opened says which file it is', () => {
  mkdirSync(join(folder, 'lock'))
  assert.throws(() => openHome(folder, options), { name: 'UnusableHome', message: /cannot be locked: .*"[^"]*\/lock"/ })
})

const root = process.getuid?.() === 0 && 'root may write everywhere'
test('a home that this user may not write says so', { skip: root }, () => {
  chmodSync(folder, 0o500)
  assert.throws(() => openHome(folder, options), {
    name: 'UnusableHome',
    message: /cannot be written: this user has no permission\. Start Millrace as the user who owns it/,
  })
})

test('a system error says which path may not be used, and why', () => {
  const error = Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS', path: '/home/files' })
  assert.deepEqual([forbiddenPath(error), accessFault(error)], ['/home/files', 'the file system is read-only'])
  assert.equal(forbiddenPath(Object.assign(new Error('gone'), { code: 'ENOENT', path: '/home' })), undefined)
})

test('an older home is copied, then upgraded step by step', () => {
  const home = join(folder, 'home')
  openHome(home, options).close()
  writeFileSync(join(home, 'admin.token'), 'before')
  const steps = {
    1: (path: string) => writeFileSync(join(path, 'admin.token'), 'two'),
    2: (path: string) => writeFileSync(join(path, 'blobs'), readFileSync(join(path, 'admin.token'))),
  }
  assert.throws(() => openHome(home, { ...options, format: 3, steps: { 1: steps[1] } }), /cannot upgrade/)
  const opened = openHome(home, { ...options, format: 3, steps })
  opened.close()
  assert.equal(readFileSync(join(home, 'blobs'), 'utf8'), 'two')
  assert.equal(readFileSync(join(opened.backup ?? '', 'admin.token'), 'utf8'), 'before')
  assert.match(execFileSync('cat', [join(home, 'format.json')], { encoding: 'utf8' }), /"format":3/)
})
