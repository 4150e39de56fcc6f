/** What the log knows about blocks: their ids and the rows they stand for. See SPEC.md. */
import type { Metadata, Sql } from '#ports/metadata'
import type { TopicName } from '#ports/log'

export interface Intent {
  readonly id: string
  readonly count: number
  readonly tag: string | undefined
  readonly rememberUntil: number
  readonly replaces: boolean
}

export interface Entry {
  readonly id: string
  readonly from: bigint
  readonly count: number
  readonly tag: string | undefined
  /** Known from an earlier call; otherwise recorded by this one. */
  readonly known: boolean
}

export interface Journal {
  /** Records the unknown ids as the rows after `end`, in the order given; one durable statement. */
  intend(topic: TopicName, end: bigint, intents: readonly Intent[]): Promise<readonly Entry[]>
  /** What is recorded under an id; right when no group of the topic is under way. */
  find(topic: TopicName, id: string): Promise<Entry | undefined>
  /** The last entries with rows behind a position, latest first. */
  latest(topic: TopicName, after: bigint, limit: number): Promise<readonly Entry[]>
  /** Rows up to this position were replaced. */
  replacedUpTo(topic: TopicName): Promise<bigint>
  /** Records that they are. */
  replaced(topic: TopicName, position: bigint): Promise<void>
  /** The last entry whose rows replace those behind `position`. */
  replacement(topic: TopicName, position: bigint): Promise<Entry | undefined>
  forget(topic: TopicName, id: string): Promise<void>
  /** Forgets the entries that begin past a position: their rows were never inserted. */
  void(topic: TopicName, position: bigint): Promise<void>
  /** Deletes ids that nobody needs any more, at most `limit`; returns how many. */
  purge(now: number, limit: number): Promise<number>
  remove(topic: TopicName): Promise<void>
}

interface Row {
  readonly id: string
  readonly first: string | number | bigint
  readonly rows: string | number | bigint
  readonly tag: string | null
  readonly known: boolean
}

const columns = 'id, first::text as first, rows::text as rows, tag, true as known'

export function journal(metadata: Metadata): Journal {
  const sql = metadata.system
  return {
    intend: (topic, end, intents) => intend(sql, topic, end, intents),
    async find(topic, id) {
      const { rows } = await sql.query<Row>(
        `select ${columns} from log.block where workspace = $1 and topic = $2 and id = $3`,
        [topic.workspace, topic.name, id],
      )
      return rows[0] && entry(rows[0])
    },
    async latest(topic, after, limit) {
      const { rows } = await sql.query<Row>(
        `select ${columns} from log.block where workspace = $1 and topic = $2 and rows > 0 and log.block.first > $3::bigint order by log.block.first desc limit $4`,
        [topic.workspace, topic.name, String(after), limit],
      )
      return rows.map(entry)
    },
    async replacedUpTo(topic) {
      const { rows } = await sql.query<{ position: string }>(
        'select position::text as position from log.replaced where workspace = $1 and topic = $2',
        [topic.workspace, topic.name],
      )
      return BigInt(rows[0]?.position ?? 0)
    },
    async replaced(topic, position) {
      await sql.query(
        `insert into log.replaced (workspace, topic, position) values ($1, $2, $3::bigint)
         on conflict (workspace, topic) do update set position = excluded.position`,
        [topic.workspace, topic.name, String(position)],
      )
    },
    async replacement(topic, position) {
      const { rows } = await sql.query<Row>(
        `select ${columns} from log.block where workspace = $1 and topic = $2 and replaces and log.block.first > $3::bigint + 1 order by log.block.first desc limit 1`,
        [topic.workspace, topic.name, String(position)],
      )
      return rows[0] && entry(rows[0])
    },
    async forget(topic, id) {
      await sql.query('delete from log.block where workspace = $1 and topic = $2 and id = $3', [
        topic.workspace,
        topic.name,
        id,
      ])
    },
    async void(topic, position) {
      await sql.query('delete from log.block where workspace = $1 and topic = $2 and first > $3::bigint and rows > 0', [
        topic.workspace,
        topic.name,
        String(position),
      ])
    },
    async purge(now, limit) {
      const { affected } = await sql.query(
        `delete from log.block where ctid in (select ctid from log.block where remember_until < to_timestamp($1::float8 / 1000) limit $2)`,
        [now, limit],
      )
      return affected
    },
    async remove(topic) {
      await sql.transaction(async (session) => {
        await session.query('delete from log.block where workspace = $1 and topic = $2', [topic.workspace, topic.name])
        await session.query('delete from log.replaced where workspace = $1 and topic = $2', [
          topic.workspace,
          topic.name,
        ])
        await session.query('delete from log.consumer where workspace = $1 and topic = $2', [
          topic.workspace,
          topic.name,
        ])
      })
    },
  }
}

async function intend(sql: Sql, topic: TopicName, end: bigint, intents: readonly Intent[]): Promise<readonly Entry[]> {
  const { rows } = await sql.query<Row>(
    `with given as (
       select * from unnest($4::text[], $5::bigint[], $6::text[], $7::float8[], $8::boolean[]) with ordinality as g (id, rows, tag, until, replaces, n)
     ), known as (
       select id, first, rows, tag from log.block where workspace = $1 and topic = $2 and id = any($4::text[])
     ), fresh as (
       select id, rows, tag, until, replaces,
         $3::bigint + 1 + (coalesce(sum(rows) over (order by n rows between unbounded preceding and 1 preceding), 0))::bigint as first
       from given where id not in (select id from known)
     ), recorded as (
       insert into log.block (workspace, topic, id, first, rows, tag, remember_until, replaces)
       select $1, $2, id, first, rows, tag, to_timestamp(until / 1000), replaces from fresh
     )
     select ${columns} from known
     union all select id, first::text, rows::text, tag, false from fresh`,
    [
      topic.workspace,
      topic.name,
      String(end),
      intents.map((intent) => intent.id),
      intents.map((intent) => intent.count),
      intents.map((intent) => intent.tag ?? null),
      intents.map((intent) => intent.rememberUntil),
      intents.map((intent) => intent.replaces),
    ],
  )
  return rows.map(entry)
}

function entry(row: Row): Entry {
  return { id: row.id, from: BigInt(row.first), count: Number(row.rows), tag: row.tag ?? undefined, known: row.known }
}
