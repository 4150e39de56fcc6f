/** PGlite made to end for real: its log loses its folder, or a statement overflows its stack. */
import assert from 'node:assert/strict'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { MetadataError } from '#ports/metadata'
import type { Metadata } from '#ports/metadata'
import { pgliteMetadata } from './metadata.ts'

const home = async () => await mkdtemp(join(tmpdir(), 'millrace-panic-'))
const failure = async (work: Promise<unknown>): Promise<MetadataError> =>
  await work.then(
    () => assert.fail('it was taken'),
    (error) => {
      assert.ok(error instanceof MetadataError, String(error))
      return error
    },
  )
const numbers = async (metadata: Metadata): Promise<readonly number[]> =>
  (await metadata.system.query<{ n: number }>('select n from t order by n')).rows.map(({ n }) => n)

test('PGlite: after a panic every call says so, and once its cause is gone all that was acknowledged is there', async () => {
  const at = await home()
  const log = join(at, 'metadata', 'pg_wal')
  const metadata = await pgliteMetadata({ directory: join(at, 'metadata'), durability: 'disk' })
  await metadata.script('create table t (n int primary key, text text)')
  const acknowledged: number[] = []
  await rename(log, `${log}.away`)
  const panic = await failure(
    (async () => {
      for (let n = 1; n < 5000; n += 1) {
        const text = Array.from({ length: 500 }, () => Math.random().toString(36)).join('')
        await metadata.system.transaction(async (session) => {
          await session.query('insert into t values ($1, $2)', [n, text])
        })
        acknowledged.push(n)
      }
    })(),
  )
  assert.equal(panic.code, '57P01')
  assert.match(panic.message, /PANIC: .*pg_wal.*starts again with the next call/)
  assert.ok(acknowledged.length > 10)

  const refused = await Promise.all([1, 2, 3].map(() => failure(metadata.system.query('select 1'))))
  for (const { code, message } of refused) {
    assert.equal(code, '57P01')
    assert.match(message, /pg_wal/, 'says why it does not start')
  }

  await rename(`${log}.away`, log)
  await sleep(1_000)
  const [rows, one] = await Promise.all([
    numbers(metadata),
    metadata.inWorkspace('a').query<{ one: number }>('select 1 as one'),
  ])
  assert.deepEqual(rows.slice(0, acknowledged.length), acknowledged)
  assert.ok(rows.length <= acknowledged.length + 1, 'only the one that was under way may be there besides')
  assert.equal(one.rows[0]?.one, 1)
  await metadata.system.query('insert into t values (100000)')
  await metadata.close()

  const again = await pgliteMetadata({ directory: join(at, 'metadata'), durability: 'disk' })
  assert.deepEqual(await numbers(again), [...rows, 100000])
  await again.close()
  await rm(at, { recursive: true })
})

test('PGlite: a statement that it gives no answer to does not count as done, and ends it, since it is not sound any more', async () => {
  const at = await home()
  const metadata = await pgliteMetadata({ directory: join(at, 'metadata'), durability: 'disk' })
  await metadata.script('create table t (n int primary key, json jsonb)')
  await metadata.system.query('insert into t values (1)')
  const deep = '['.repeat(200_000) + ']'.repeat(200_000)
  for (const work of [
    () => metadata.system.query('insert into t values (2, $1::jsonb)', [deep]),
    () => metadata.inWorkspace('a').query('select $1::jsonb', [deep]),
    () => metadata.system.query(`insert into t values (2, '${deep}'::jsonb)`),
    () =>
      metadata.system.transaction(async (session) => {
        await session.query('insert into t values (3)')
        await session.query('insert into t values (2, $1::jsonb)', [deep])
      }),
  ]) {
    const { code, message } = await failure(work())
    assert.equal(code, '57P01')
    assert.match(message, /gave no answer/)
    assert.deepEqual(await numbers(metadata), [1])
  }
  await metadata.script('-- a script may say nothing')
  await metadata.system.query('insert into t values (2)')
  assert.deepEqual(await numbers(metadata), [1, 2])
  await metadata.close()
  await rm(at, { recursive: true })
})
