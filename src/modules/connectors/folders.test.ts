import assert from 'node:assert/strict'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
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
const own = () => folders([join(home, 'files')], home)

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
  ]) {
    await assert.rejects(own().match(path), code('connectors.outside'), path)
  }
  await assert.rejects(own().match('orders/none.csv'), code('connectors.file'))
})

test('a folder that holds the home does not open it', async () => {
  const wide = folders([base], home)
  assert.deepEqual(await wide.match('data/x.csv'), [join(base, 'data/x.csv')])
  await assert.rejects(wide.match('home/admin.token'), code('connectors.outside'))
  await assert.rejects(wide.match('home/files/orders/a.csv'), code('connectors.outside'))
  await assert.rejects(folders([home], home).match('admin.token'), code('connectors.outside'))
  await assert.rejects(wide.target('home/secrets.key'), code('connectors.outside'))
})

test('files are written only inside, and missing folders are made there', async () => {
  assert.equal(await own().target('new/deep/out.parquet'), join(home, 'files/new/deep/out.parquet'))
  for (const path of ['../out.csv', '/tmp/out.csv', 'up/out.csv', 'link.csv', 'up/new/out.csv', 'orders', '']) {
    await assert.rejects(own().target(path), code('connectors.outside'), path)
  }
})
