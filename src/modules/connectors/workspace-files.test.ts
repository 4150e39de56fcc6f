/** Each workspace has its own files, and only plain files with one name are read and written. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { folderFor } from './file-scope.ts'
import { folders } from './folders.ts'

let base: string
let home: string
let first: string
before(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'millrace-workspace-files-')))
  home = join(base, 'home')
  first = join(home, 'files')
  await mkdir(join(first, '.workspaces', 'demo', 'sub'), { recursive: true })
  await mkdir(join(base, 'second'))
  await writeFile(join(first, 'default.csv'), 'a')
  await writeFile(join(base, 'second', 'more.csv'), 'a')
  await writeFile(join(base, 'outside.csv'), 'a')
  for (const name of ['products.csv', 'sub/x.csv']) await writeFile(join(first, '.workspaces', 'demo', name), 'a')
  await symlink(join(first, '.workspaces'), join(first, 'linked'))
  await symlink(join(first, '.workspaces', 'demo', 'products.csv'), join(first, 'pointer'))
})
after(() => rm(base, { recursive: true }))

const of = (workspace: string, named = [first, join(base, 'second')]) => folders({ folders: named, home }, workspace)
const outside = { code: 'connectors.outside' }

/** Ways to spell a path into the folder of the workspace "demo". */
const spellings = (name: string) => [
  `.workspaces/demo/${name}`,
  `./.workspaces/demo/${name}`,
  `.workspaces/./demo//${name}`,
  `sub/../.workspaces/demo/${name}`,
  `.WORKSPACES/demo/${name}`,
  `linked/demo/${name}`,
  join(first, '.workspaces/demo', name),
  join(first, 'linked/demo', name),
  `../files/.workspaces/demo/${name}`,
]

test('the workspace "default" sees the named folders and nothing of other workspaces', async () => {
  assert.deepEqual(await of('default').list(), ['default.csv', 'more.csv'])
  assert.deepEqual(await of('default').match('**/*.csv'), [join(first, 'default.csv')])
  for (const path of [...spellings('products.csv').filter((path) => !path.includes('.W')), 'pointer'])
    await assert.rejects(of('default').match(path), outside, path)
  for (const pattern of [
    '.workspaces/**',
    '.workspaces/demo/*.csv',
    'linked/**/*.csv',
    'l*d/demo/*.csv',
    '.*/demo/*.csv',
    '{.workspaces,x}/demo/*.csv',
    join(first, '.workspaces/*/*.csv'),
  ])
    await assert.rejects(of('default').match(pattern), { name: 'MillraceError' }, pattern)
})

test('for "default" a file of another workspace is refused the same way whether it exists or not', async () => {
  for (const path of spellings('none.csv')) await assert.rejects(of('default').match(path), outside, path)
})

test('the workspace "default" cannot write into the folder of another workspace, nor in place of it', async () => {
  for (const path of [...spellings('out.csv'), ...spellings('new/out.csv'), '.workspaces', '.workspaces/other'])
    await assert.rejects(of('default').target(path), outside, path)
  await assert.rejects(folders({ folders: [join(base, 'second')], home }, 'default').target('.workspaces'), outside)
})

test('a folder that is named besides and holds the first one does not open the workspaces', async () => {
  const nested = join(base, 'second', 'nested')
  await mkdir(join(nested, '.workspaces', 'demo'), { recursive: true })
  await writeFile(join(nested, '.workspaces', 'demo', 'x.csv'), 'a')
  const wide = of('default', [nested, join(base, 'second')])
  await assert.rejects(wide.match('nested/.workspaces/demo/x.csv'), outside)
  assert.deepEqual(await wide.list(), ['more.csv'])
  await rm(nested, { recursive: true })
})

test('another workspace sees only its own folder', async () => {
  const demo = of('demo')
  const own = join(first, '.workspaces', 'demo')
  assert.deepEqual(await demo.list(), ['products.csv', 'sub/x.csv'])
  assert.deepEqual(await demo.match('products.csv'), [join(own, 'products.csv')])
  assert.deepEqual(await demo.match('**/*.csv'), [join(own, 'products.csv'), join(own, 'sub/x.csv')])
  assert.deepEqual(await demo.match(join(own, '*.csv')), [join(own, 'products.csv')])
  assert.equal(await demo.target('new/out.csv'), join(own, 'new/out.csv'))
  for (const path of [
    '../../default.csv',
    join(first, 'default.csv'),
    '../other/x.csv',
    '../../**/*.csv',
    join(base, 'second', 'more.csv'),
    join(home, 'admin.token'),
  ])
    await assert.rejects(demo.match(path), outside, path)
  await assert.rejects(demo.target('../other/x.csv'), outside)
  await assert.rejects(demo.match('default.csv'), { code: 'connectors.file' })
})

test('the folder of a workspace is made when it is first needed, and a link in its place is not followed', async () => {
  assert.deepEqual(await of('fresh').list(), [])
  assert.equal(await folderFor({ folders: [first], home }, 'fresh'), join(first, '.workspaces', 'fresh'))
  await symlink('..', join(first, '.workspaces', 'stray'))
  assert.deepEqual(await of('stray').list(), [])
  await assert.rejects(of('stray').match('demo/products.csv'), outside)
  await assert.rejects(of('stray').target('x.csv'), outside)
  await assert.rejects(folderFor({ folders: [first], home }, 'stray'), { code: 'connectors.no_folder' })
  await rm(join(first, '.workspaces', 'stray'))
})

test('a file with a second hard link is not read, listed or replaced, and the sentence says what to do', async () => {
  await link(join(base, 'outside.csv'), join(first, 'hard.csv'))
  await assert.rejects(of('default').match('hard.csv'), (error: Error & { remedy?: string }) => {
    assert.match(error.message, /"hard.csv" is one of 2 names of the same file \(hard links\)/)
    assert.match(error.remedy ?? '', /cp FILE/)
    return true
  })
  await assert.rejects(of('default').match('*.csv'), { code: 'connectors.linked' })
  await assert.rejects(of('default').target('hard.csv'), { code: 'connectors.linked' })
  assert.ok(!(await of('default').list()).includes('hard.csv'))
  await rm(join(first, 'hard.csv'))
})

test('pipes, sockets, devices and files of the kernel are no files', async () => {
  execFileSync('mkfifo', [join(first, 'pipe.csv')])
  const server = createServer().listen(join(first, 'socket.csv'))
  await new Promise((resolve) => server.once('listening', resolve))
  for (const [path, what] of [
    ['pipe.csv', 'a named pipe'],
    ['socket.csv', 'a socket'],
  ] as const) {
    await assert.rejects(of('default').match(path), new RegExp(`"${path}" is ${what}, not a plain file`))
    await assert.rejects(of('default').target(path), { code: 'connectors.irregular' })
  }
  assert.deepEqual(await of('default').list(), ['default.csv', 'more.csv'])
  await new Promise((resolve) => server.close(resolve))
  await rm(join(first, 'pipe.csv'))
  if (process.platform !== 'linux') return
  const all = of('default', ['/'])
  for (const path of [
    '/proc/self/environ',
    '/proc/1/cmdline',
    '/dev/null',
    '/sys/kernel/mm/transparent_hugepage/enabled',
  ])
    await assert.rejects(all.match(path), { code: 'connectors.irregular' }, path)
  await assert.rejects(all.target('/proc/self/x.csv'), { code: 'connectors.irregular' })
})
