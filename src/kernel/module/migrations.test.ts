import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { isMillraceError } from '#core/errors'
import { pgliteMetadata } from '#adapters/pglite'
import { migrate } from './migrations.ts'

const home = await mkdtemp(join(tmpdir(), 'millrace-migrations-'))
const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
after(async () => {
  await metadata.close()
  await rm(home, { recursive: true, force: true })
})

const guarded = (table: string): string => `
  create table ${table} (workspace text not null, id serial primary key);
  alter table ${table} enable row level security; alter table ${table} force row level security;
  create policy workspace on ${table} using (workspace = current_setting('millrace.workspace', true)) with check (workspace = current_setting('millrace.workspace', true));`

async function folder(name: string, files: Record<string, string>): Promise<{ name: string; migrations: URL }> {
  const path = join(home, name, 'migrations')
  await mkdir(path, { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text)
  return { name, migrations: pathToFileURL(`${path}/`) }
}

const failsWith =
  (code: string, text: RegExp) =>
  (error: unknown): boolean =>
    isMillraceError(error) && error.code === `migrations.${code}` && text.test(error.message)

test('the tables of the kernel come first, once', async () => {
  assert.equal((await migrate(metadata, []))[0], 'kernel/0001-audit.sql')
  assert.deepEqual(await migrate(metadata, []), [])
})

test('files run in order, once each, and new ones later', async () => {
  const module = await folder('alpha', {
    '0002-b.sql': "insert into alpha.item (workspace) values ('w')",
    '0001-a.sql': `create schema alpha; ${guarded('alpha.item')}`,
  })
  assert.deepEqual(await migrate(metadata, [module]), ['alpha/0001-a.sql', 'alpha/0002-b.sql'])
  assert.deepEqual(await migrate(metadata, [module]), [])
  await folder('alpha', { '0003-c.sql': guarded('alpha.other') })
  assert.deepEqual(await migrate(metadata, [module]), ['alpha/0003-c.sql'])
})

test('the tables of a module are usable for a workspace, which sees its own rows', async () => {
  await metadata.inWorkspace('v').query(`insert into alpha.item (workspace) values ('v')`)
  assert.equal((await metadata.inWorkspace('v').query('select * from alpha.item')).rows.length, 1)
  assert.equal((await metadata.system.query('select * from alpha.item')).rows.length, 2)
})

test('a file changed after it ran stops the start, and so does one that is gone', async () => {
  const module = await folder('beta', { '0001-a.sql': 'create schema beta' })
  await migrate(metadata, [module])
  await folder('beta', { '0001-a.sql': 'create schema beta ' })
  await assert.rejects(migrate(metadata, [module]), failsWith('changed', /0001-a\.sql.*beta/))
  await rm(new URL('0001-a.sql', module.migrations))
  await assert.rejects(migrate(metadata, [module]), failsWith('gone', /0001-a\.sql/))
})

test('a file that fails leaves nothing behind and can be mended', async () => {
  const module = await folder('gamma', { '0001-a.sql': 'create schema gamma; select nonsense' })
  await assert.rejects(migrate(metadata, [module]), failsWith('failed', /nonsense/))
  await folder('gamma', { '0001-a.sql': 'create schema gamma;' })
  assert.deepEqual(await migrate(metadata, [module]), ['gamma/0001-a.sql'])
})

test('a table with a workspace but without forced row security is refused', async () => {
  const module = await folder('delta', {
    '0001-a.sql': 'create schema delta; create table delta.leak (workspace text)',
  })
  await assert.rejects(migrate(metadata, [module]), failsWith('unguarded', /delta\.leak/))
})

test('two starts at once run each file once', async () => {
  const module = await folder('epsilon', { '0001-a.sql': 'create schema epsilon; create table epsilon.t (a int)' })
  const ran = await Promise.all([migrate(metadata, [module]), migrate(metadata, [module])])
  assert.deepEqual(ran.flat(), ['epsilon/0001-a.sql'])
})

test('a module whose name has a hyphen keeps its tables in a schema with an underscore, guarded alike', async () => {
  const module = await folder('zeta-one', {
    '0001-a.sql': `create schema zeta_one; ${guarded('zeta_one.item')}`,
  })
  await migrate(metadata, [module])
  await metadata.inWorkspace('v').query(`insert into zeta_one.item (workspace) values ('v')`)
  const open = await folder('eta-one', {
    '0001-a.sql': 'create schema eta_one; create table eta_one.leak (workspace text)',
  })
  await assert.rejects(migrate(metadata, [open]), failsWith('unguarded', /eta_one\.leak/))
})
