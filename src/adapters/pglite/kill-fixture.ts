import { pgliteMetadata } from './metadata.ts'

/** Run by the kill test: commits rows one after the other and says each, until it is killed. */
const directory = process.argv[2]
if (directory === undefined) throw new Error('needs the directory of the database')
const metadata = await pgliteMetadata({ directory, durability: 'disk' })
await metadata.script('create table if not exists killed (n int primary key, pair int)')
const { rows } = await metadata.system.query<{ last: number }>('select coalesce(max(n), 0) as last from killed')
for (let n = (rows[0]?.last ?? 0) + 1; ; n += 1) {
  await metadata.system.transaction(async (session) => {
    await session.query('insert into killed (n) values ($1)', [n])
    await session.query('update killed set pair = n where n = $1', [n])
  })
  process.send?.(n)
}
