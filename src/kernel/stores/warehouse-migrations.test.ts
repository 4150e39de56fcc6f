import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { memoryLeases } from '#adapters/leases-memory'
import { openEngines } from '#adapters/log-warehouse/embedded-fixture'
import { isMillraceError } from '#core/errors'
import type { Warehouse } from '#ports/warehouse'
import { migrateOne } from '../module/migrations.ts'
import { storesTables } from './tables.ts'
import { openWarehouseMigrations, type WarehouseMigrating } from './warehouse-migrations.ts'

const { metadata, warehouse, remove } = await openEngines()
await migrateOne(metadata, storesTables)
const folders = await mkdtemp(join(tmpdir(), 'millrace-warehouse-migrations-'))
after(async () => {
  await remove()
  await rm(folders, { recursive: true })
})
const leases = memoryLeases()

async function module(name: string, files: Record<string, string>): Promise<WarehouseMigrating> {
  const folder = join(folders, name)
  await mkdir(folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
  return { name, warehouseMigrations: pathToFileURL(`${folder}/`) }
}
async function databases(name: string): Promise<{ database: string; system: string }> {
  const place = { database: `ws_${name}`, system: `ws_${name}__system` }
  for (const database of Object.values(place)) await warehouse.command(`CREATE DATABASE IF NOT EXISTS ${database}`)
  return place
}
const run = async (given: WarehouseMigrating, place: { database: string; system: string }, through = warehouse) =>
  await (await openWarehouseMigrations([given], { metadata, warehouse: through, leases })).run(place)
const columns = async (database: string, table: string): Promise<string[]> =>
  (
    await warehouse.rows<{ name: string }>(
      `SELECT name FROM system.columns WHERE database = {database:String} AND table = {table:String}`,
      { parameters: { database, table } },
    )
  ).map(({ name }) => name)
const failsWith =
  (code: string, text: RegExp) =>
  (error: unknown): boolean =>
    isMillraceError(error) && error.code === `migrations.${code}` && text.test(error.message)

const table = 'CREATE TABLE IF NOT EXISTS {system}.t (a Int64) ENGINE = MergeTree ORDER BY a'

test('files run in order, once for each workspace, and new ones later; a migration may be code', async () => {
  const first = await module('alpha', {
    '0001-table.sql': `${table};\n-- and one that people see\n${table.replace('{system}', '{database}')};`,
  })
  const place = await databases('alpha')
  assert.deepEqual(await run(first, place), ['alpha/0001-table'])
  assert.deepEqual(await run(first, place), [])
  const more = await module('alpha', {
    '0002-column.sql': 'ALTER TABLE {system}.t ADD COLUMN IF NOT EXISTS b String',
    '0003-rows.ts': `export async function migrate({ warehouse, system }) {
      const [{ n }] = await warehouse.rows(\`SELECT toString(count()) AS n FROM \${system}.t\`)
      if (n === '0') await warehouse.command(\`INSERT INTO \${system}.t VALUES (1, 'made')\`)
    }`,
  })
  assert.deepEqual(await run(more, place), ['alpha/0002-column', 'alpha/0003-rows'])
  assert.deepEqual(await columns(place.system, 't'), ['a', 'b'])
  assert.deepEqual(await columns(place.database, 't'), ['a'])
  assert.deepEqual(await warehouse.rows(`SELECT b FROM ${place.system}.t`), [{ b: 'made' }])
  assert.equal((await run(more, await databases('alpha2'))).length, 3)
})

test('a run that is cut off after any call is completed by the next one', async () => {
  const migrating = await module('beta', {
    '0001-a.sql': `${table};${table.replace('.t ', '.u ')}`,
    '0002-b.sql': 'ALTER TABLE {system}.t ADD COLUMN IF NOT EXISTS b String, ADD COLUMN IF NOT EXISTS c String',
  })
  for (let calls = 1; calls <= 3; calls += 1) {
    for (const moment of ['before', 'after']) {
      const place = await databases(`beta${calls}${moment}`)
      let left = calls
      const dying: Warehouse = {
        ...warehouse,
        async command(sql, options) {
          left -= 1
          if (left === 0 && moment === 'before') throw new Error('killed')
          const done = await warehouse.command(sql, options)
          if (left === 0) throw new Error('killed')
          return done
        },
      }
      await assert.rejects(run(migrating, place, dying), failsWith('cut_off', /killed/))
      await run(migrating, place)
      assert.deepEqual(await columns(place.system, 't'), ['a', 'b', 'c'])
      assert.deepEqual(await columns(place.system, 'u'), ['a'])
      assert.deepEqual(await run(migrating, place), [])
    }
  }
})

test('databases that were made anew are migrated anew', async () => {
  const migrating = await module('gamma', { '0001-a.sql': table })
  const place = await databases('gamma')
  await run(migrating, place)
  await warehouse.command(`DROP DATABASE ${place.system} SYNC`)
  assert.deepEqual(await run(migrating, await databases('gamma')), ['gamma/0001-a'])
})

test('two that need a database at once run each file once', async () => {
  const migrating = await module('delta', { '0001-a.sql': table })
  const place = await databases('delta')
  const ran = await Promise.all([run(migrating, place), run(migrating, place), run(migrating, place)])
  assert.deepEqual(ran.flat(), ['delta/0001-a'])
})

test('a file that was changed or is gone stops the use of the databases', async () => {
  const place = await databases('epsilon')
  await run(await module('epsilon', { '0001-a.sql': table }), place)
  const changed = await module('epsilon', { '0001-a.sql': `${table} SETTINGS index_granularity = 1024` })
  await assert.rejects(run(changed, place), failsWith('changed', /0001-a.*epsilon/))
  await rm(join(folders, 'epsilon'), { recursive: true })
  await assert.rejects(run(await module('epsilon', { '0002-b.sql': table }), place), failsWith('gone', /0001-a/))
})

test('a statement that may not run twice is refused before anything runs', async () => {
  for (const [index, statement] of [
    'CREATE TABLE {system}.t (a Int64) ENGINE = MergeTree ORDER BY a',
    'INSERT INTO {system}.t VALUES (1)',
    'DROP TABLE {system}.t',
    'ALTER TABLE {system}.t ADD COLUMN b String',
    'ALTER TABLE {system}.t ADD COLUMN IF NOT EXISTS b String, ADD COLUMN c String',
    'ALTER TABLE {system}.t DELETE WHERE 1',
    'RENAME TABLE {system}.t TO {system}.u',
  ].entries()) {
    const migrating = await module(`zeta${index}`, { '0001-a.sql': `${table};${statement}` })
    await assert.rejects(
      openWarehouseMigrations([migrating], { metadata, warehouse, leases }),
      failsWith('not_repeatable', /zeta/),
    )
  }
})

test('a file without a number is named', async () => {
  const migrating = await module('eta', { 'table.sql': table })
  await assert.rejects(
    openWarehouseMigrations([migrating], { metadata, warehouse, leases }),
    failsWith('unnamed', /table\.sql/),
  )
})
