import assert from 'node:assert/strict'
import { mkdir, mkdtemp, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { isMillraceError } from '#core/errors'
import { folders } from './folders.ts'

let base: string
let home: string
before(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'millrace-folders-')))
  home = join(base, 'home')
  await mkdir(join(home, 'files', 'orders'), { recursive: true })
  await mkdir(join(base, 'data'))
  await writeFile(join(home, 'admin.token'), 'secret')
  await writeFile(join(base, 'outside.csv'), 'a')
  await writeFile(join(base, 'data', 'x.csv'), 'a')
  for (const name of ['a.csv', 'b.csv']) await writeFile(join(home, 'files', 'orders', name), 'a')
  await symlink(join(base, 'outside.csv'), join(home, 'files', 'link.csv'))
  await symlink(base, join(home, 'files', 'up'))
  await symlink(join(home, 'files', 'orders', 'a.csv'), join(home, 'files', 'inner.csv'))
})
after(() => rm(base, { recursive: true }))

const code = (wanted: string) => (error: unknown) => isMillraceError(error) && error.code === wanted
const openFolders = (named: readonly string[], workspace = 'default') => folders({ folders: named, home }, workspace)
const own = () => openFolders([join(home, 'files')])

test('files and patterns inside are found by their real paths', async () => {
  assert.deepEqual(await own().match('orders/a.csv'), [join(home, 'files/orders/a.csv')])
  assert.deepEqual(await own().match('orders/*.csv'), [
    join(home, 'files/orders/a.csv'),
    join(home, 'files/orders/b.csv'),
  ])
  assert.deepEqual(await own().match('inner.csv'), [join(home, 'files/orders/a.csv')])
  assert.deepEqual(await own().match(join(home, 'files/orders/a.csv')), [join(home, 'files/orders/a.csv')])
})

test('nothing outside is read, whichever way the path goes', async () => {
  for (const path of [
    '../admin.token',
    '/etc/passwd',
    'link.csv',
    'up/outside.csv',
    'up/*.csv',
    '../../outside.csv',
    join(home, 'admin.token'),
    '/etc/*',
    'orders/../../admin.token',
    '/etc/pass{wd,wd-}',
    '/{etc,usr}/*',
    '/e*c/passwd',
    '/proc/self/environ',
    '/dev/stdin',
    'up/**',
    `${base}/home/f*s/../admin.token`,
  ]) {
    await assert.rejects(own().match(path), code('connectors.outside'), path)
  }
  await assert.rejects(own().match('orders/none.csv'), code('connectors.file'))
})

test('a pattern that begins outside is refused before anything is listed, and one that begins inside stays there', async () => {
  const started = performance.now()
  for (const pattern of ['/**/*.nowhere', '../../../../**/*.nowhere', '../{files,x}/../**/*'])
    await assert.rejects(own().match(pattern), code('connectors.outside'), pattern)
  for (const pattern of [
    '{..,.}/admin.token',
    '{.,x}{.,y}/admin.token',
    '*/../../admin.token',
    '*/../../../../../**/*.nowhere',
    '[.][.]/admin.token',
    '@(..)/*.token',
    '{/,x}**/*.nowhere',
    '{/etc/passwd,/etc/hosts}',
    'u*/outside.csv',
    'l*.{csv,tsv}',
    '**/outside.csv',
  ])
    await assert.rejects(own().match(pattern), (error) => isMillraceError(error), pattern)
  for (const pattern of ['{/etc/passwd,orders/a.csv}', 'orders/{a.csv,../../admin.token}', '**/a.csv'])
    assert.deepEqual(await own().match(pattern), [join(home, 'files/orders/a.csv')], pattern)
  assert.ok(performance.now() - started < 2_000, 'the disk was walked')
})

test('patterns reach as deep as they say, through links that stay inside', async () => {
  await mkdir(join(home, 'files', 'by', 'year', '2026'), { recursive: true })
  for (const name of ['by/x.csv', 'by/year/x.csv', 'by/year/2026/x.csv', 'by/year/2026/.hidden.csv'])
    await writeFile(join(home, 'files', name), 'a')
  await symlink(join(home, 'files', 'by'), join(home, 'files', 'by', 'again'))
  await symlink(join(home, 'files', 'orders'), join(home, 'files', 'linked'))
  const found = async (pattern: string) =>
    (await own().match(pattern)).map((path) => path.slice(join(home, 'files').length + 1))
  assert.deepEqual(await found('by/*.csv'), ['by/x.csv'])
  assert.deepEqual(await found('by/*/*.csv'), ['by/x.csv', 'by/year/x.csv'])
  assert.deepEqual(await found('by/**/*.csv'), ['by/x.csv', 'by/year/2026/x.csv', 'by/year/x.csv'])
  assert.deepEqual(await found('by/{year/2026,none}/*.csv'), ['by/year/2026/x.csv'])
  assert.deepEqual(await found('l*ed/{a,b}.csv'), ['orders/a.csv', 'orders/b.csv'])
  assert.deepEqual(await found('orders/[ab].c?v'), ['orders/a.csv', 'orders/b.csv'])
})

test('what is no file is none: folders, sockets of the system, and names that are refused elsewhere', async () => {
  for (const path of ['orders', '.', 'orders/a.csv/b.csv', 'orders/a.csv::b', '|cat', 'a.zip::b.csv', 'orders/a.csv\n'])
    await assert.rejects(own().match(path), (error) => isMillraceError(error), path)
})

test('a folder that is itself a link, or is named through one, is read by both its names', async () => {
  await symlink(join(base, 'data'), join(base, 'alias'))
  const aliased = openFolders([join(base, 'alias')])
  for (const path of [
    'x.csv',
    '*.csv',
    join(base, 'alias', 'x.csv'),
    join(base, 'alias', '*.csv'),
    join(base, 'data', '*.csv'),
    join(base, 'alias', '{x,y}.csv'),
  ])
    assert.deepEqual(await aliased.match(path), [join(base, 'data', 'x.csv')], path)
})

test('a folder that holds the home does not open it', async () => {
  const wide = openFolders([base])
  assert.deepEqual(await wide.match('data/x.csv'), [join(base, 'data/x.csv')])
  await assert.rejects(wide.match('home/admin.token'), code('connectors.outside'))
  await assert.rejects(wide.match('home/files/orders/a.csv'), code('connectors.outside'))
  await assert.rejects(openFolders([home]).match('admin.token'), code('connectors.outside'))
  await assert.rejects(wide.target('home/secrets.key'), code('connectors.outside'))
})

test('files are written only inside, and missing folders are made there', async () => {
  assert.equal(
    await own().target('new/deep/out.parquet', { makeFolder: false }),
    join(home, 'files/new/deep/out.parquet'),
  )
  await assert.rejects(stat(join(home, 'files/new')), { code: 'ENOENT' })
  assert.equal(await own().target('new/deep/out.parquet'), join(home, 'files/new/deep/out.parquet'))
  await writeFile(join(home, 'files/new/plain'), '')
  for (const path of ['new/plain/out.csv', 'new/plain/deep/out.csv'])
    await assert.rejects(own().target(path), code('connectors.below_file'))
  for (const path of ['../out.csv', '/tmp/out.csv', 'up/out.csv', 'link.csv', 'up/new/out.csv', 'orders', '']) {
    await assert.rejects(own().target(path), code('connectors.outside'), path)
  }
})
