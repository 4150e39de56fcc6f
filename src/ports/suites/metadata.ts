import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { MetadataError, isUniqueViolation } from '../metadata.ts'
import type { Metadata } from '../metadata.ts'

/** `open` answers a database where the suite may make a schema of its own; `closed` cleans up after it. */
export function registerMetadataSuite(
  name: string,
  open: () => Promise<{ metadata: Metadata; closed?: () => Promise<void> }>,
): void {
  describe(`metadata: ${name}`, () => {
    const schema = `suite_${randomUUID().slice(0, 8)}`
    let metadata: Metadata
    let closed: (() => Promise<void>) | undefined

    before(async () => {
      ;({ metadata, closed } = await open())
      await metadata.script(`
        create schema ${schema};
        create table ${schema}.note (workspace text not null, id text not null, body jsonb, amount numeric, count bigint, day date, at timestamptz, primary key (workspace, id));
        alter table ${schema}.note enable row level security;
        alter table ${schema}.note force row level security;
        create policy workspace on ${schema}.note using (workspace = current_setting('millrace.workspace', true)) with check (workspace = current_setting('millrace.workspace', true));
        create policy system on ${schema}.note to current_user using (true) with check (true);
        create table ${schema}.secret (word text);
        grant usage on schema ${schema} to millrace_app;
        grant select, insert, update, delete on ${schema}.note to millrace_app;`)
    })
    after(async () => {
      await metadata.script(`drop schema ${schema} cascade`)
      await metadata.close()
      await closed?.()
    })

    const put = async (workspace: string, id: string): Promise<void> => {
      await metadata
        .inWorkspace(workspace)
        .query(`insert into ${schema}.note (workspace, id) values ($1, $2)`, [workspace, id])
    }
    const ids = async (workspace: string): Promise<string[]> => {
      const { rows } = await metadata
        .inWorkspace(workspace)
        .query<{ id: string }>(`select id from ${schema}.note order by id`)
      return rows.map((row) => row.id)
    }

    test('values go in and come out with their types', async () => {
      const at = new Date('2026-03-29T01:30:00.123Z')
      await metadata
        .inWorkspace('types')
        .query(`insert into ${schema}.note values ('types', $1, $2, $3, $4, $5, $6)`, [
          "it's",
          JSON.stringify({ list: [1, { deep: null }] }),
          '12345678901234567890.123456789',
          9007199254740991,
          '2026-02-28',
          at,
        ])
      const { rows } = await metadata.system.query(`select * from ${schema}.note where workspace = $1`, ['types'])
      assert.deepEqual(
        { ...rows[0] },
        {
          workspace: 'types',
          id: "it's",
          body: { list: [1, { deep: null }] },
          amount: '12345678901234567890.123456789',
          count: 9007199254740991,
          day: '2026-02-28',
          at,
        },
      )
      const big = await metadata.system.query<{ n: unknown }>('select 9223372036854775807::bigint as n')
      assert.equal(big.rows[0]?.n, 9223372036854775807n)
    })

    test('the names in a JSON column come back as they were stored', async () => {
      for (const text of [String.raw`{"\\": 1, "a": 2}`, String.raw`{"\n": 1, "a": 2}`]) {
        const { rows } = await metadata.system.query<{ one: unknown; other: unknown }>(
          'select $1::text::jsonb as one, $1::text::json as other',
          [text],
        )
        assert.deepEqual(
          [JSON.stringify(rows[0]?.one), JSON.stringify(rows[0]?.other)],
          [text, text].map((each) => each.replaceAll(' ', '')),
        )
      }
    })

    test('affected counts the rows inserted, updated or deleted', async () => {
      await put('count', 'a')
      await put('count', 'b')
      const sql = metadata.inWorkspace('count')
      assert.equal((await sql.query(`update ${schema}.note set count = 1`)).affected, 2)
      assert.equal((await sql.query(`delete from ${schema}.note where id = $1`, ['a'])).affected, 1)
      assert.equal((await sql.query(`delete from ${schema}.note where id = $1`, ['a'])).affected, 0)
    })

    test('a workspace sees, changes and deletes only its own rows', async () => {
      await put('one', 'a')
      await put('two', 'b')
      assert.deepEqual(await ids('one'), ['a'])
      const one = metadata.inWorkspace('one')
      assert.equal((await one.query(`update ${schema}.note set count = 7`)).affected, 1)
      assert.equal((await one.query(`delete from ${schema}.note where id = 'b'`)).affected, 0)
      assert.deepEqual(await ids('two'), ['b'])
      assert.deepEqual(await ids('nobody'), [])
    })

    test('a workspace cannot write a row of another, nor read tables without a workspace', async () => {
      const one = metadata.inWorkspace('one')
      await assert.rejects(
        one.query(`insert into ${schema}.note (workspace, id) values ('two', 'x')`),
        hasCode('42501'),
      )
      await assert.rejects(one.query(`select * from ${schema}.secret`), hasCode('42501'))
      assert.equal((await metadata.system.query(`select * from ${schema}.secret`)).rows.length, 0)
    })

    test('the name of a workspace is data, whatever it contains', async () => {
      const odd = `o'; drop table ${schema}.note; --`
      await put(odd, 'a')
      assert.deepEqual(await ids(odd), ['a'])
    })

    test('system sees every workspace, also right after work for one of them', async () => {
      await put('three', 'a')
      const { rows } = await metadata.system.query<{ n: number }>(
        `select count(distinct workspace) as n from ${schema}.note`,
      )
      assert.ok((rows[0]?.n ?? 0) > 1)
    })

    test('a transaction is all or nothing', async () => {
      const sql = metadata.inWorkspace('tx')
      const stop = new Error('stop')
      await assert.rejects(
        sql.transaction(async (session) => {
          await session.query(`insert into ${schema}.note (workspace, id) values ('tx', 'lost')`)
          throw stop
        }),
        stop,
      )
      assert.deepEqual(await ids('tx'), [])
      const answer = await sql.transaction(async (session) => {
        await session.query(`insert into ${schema}.note (workspace, id) values ('tx', 'a')`)
        await session.query(`insert into ${schema}.note (workspace, id) values ('tx', 'b')`)
        return 'done'
      })
      assert.equal(answer, 'done')
      assert.deepEqual(await ids('tx'), ['a', 'b'])
    })

    test('a transaction whose statement failed is not kept, even when the failure was caught', async () => {
      const sql = metadata.inWorkspace('swallow')
      await assert.rejects(
        sql.transaction(async (session) => {
          await session.query(`insert into ${schema}.note (workspace, id) values ('swallow', 'a')`)
          await session
            .query(`insert into ${schema}.note (workspace, id) values ('swallow', 'a')`)
            .catch(() => undefined)
        }),
        MetadataError,
      )
      assert.deepEqual(await ids('swallow'), [])
    })

    test('a transaction is bound to its workspace from the first statement to the last', async () => {
      await metadata
        .inWorkspace('bound')
        .transaction(async (session) => {
          const { rows } = await session.query(`select distinct workspace from ${schema}.note`)
          assert.deepEqual(rows, [])
          await assert.rejects(
            session.query(`insert into ${schema}.note (workspace, id) values ('one', 'x')`),
            hasCode('42501'),
          )
        })
        .catch(() => undefined)
      assert.deepEqual(await ids('one'), ['a'])
    })

    test('a session is of no use after its transaction', async () => {
      let kept: { query(text: string): Promise<unknown> } | undefined
      await metadata.system.transaction(async (session) => {
        kept = session
      })
      await assert.rejects(async () => await kept?.query('select 1'), MetadataError)
    })

    test('many transactions at once each keep what they did', async () => {
      await metadata
        .inWorkspace('many')
        .query(`insert into ${schema}.note (workspace, id, count) values ('many', 'n', 0)`)
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          await metadata.inWorkspace('many').transaction(async (session) => {
            const { rows } = await session.query<{ count: number }>(
              `select count from ${schema}.note where id = 'n' for update`,
            )
            await session.query(`update ${schema}.note set count = $1 where id = 'n'`, [(rows[0]?.count ?? 0) + 1])
          })
        }),
      )
      const { rows } = await metadata.inWorkspace('many').query<{ count: number }>(`select count from ${schema}.note`)
      assert.equal(rows[0]?.count, 20)
    })

    test('errors carry their code, and the next call works', async () => {
      await put('errors', 'a')
      const again = put('errors', 'a')
      await assert.rejects(again, (error) => isUniqueViolation(error) && error.constraint === 'note_pkey')
      await assert.rejects(metadata.system.query('select nonsense'), hasCode('42703'))
      await assert.rejects(metadata.system.query('selec 1'), hasCode('42601'))
      assert.deepEqual(await ids('errors'), ['a'])
    })

    test('a script whose statement fails inside a transaction leaves nothing behind', async () => {
      await assert.rejects(
        metadata.script(`begin; create table ${schema}.half (a int); select nonsense; commit;`),
        hasCode('42703'),
      )
      const { rows } = await metadata.system.query(`select to_regclass($1) as t`, [`${schema}.half`])
      assert.deepEqual({ ...rows[0] }, { t: null })
    })

    test('on system several statements answer their rows one after the other', async () => {
      const { rows } = await metadata.system.query('select 1 as n; select 2 as n')
      assert.deepEqual(
        rows.map((row) => ({ ...row })),
        [{ n: 1 }, { n: 2 }],
      )
    })
  })
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof MetadataError && error.code === code
}
