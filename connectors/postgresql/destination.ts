import { createHash } from 'node:crypto'
import type { Client } from 'pg'
import { columnTypeOf, secret, sql, text } from '#sdk'
import type { EngineColumn, Loaded, LoadMode, LoadRequest, Part, Surroundings, SelectWriter } from '#sdk'
import { postgresErrors } from './errors.ts'
import { connect, quoted } from './address.ts'
import { failureOfLoad } from './failures.ts'
import type { PostgresAddress } from './settings.ts'

export { check } from './address.ts'

export interface PostgresDestination extends PostgresAddress {
  readonly table: string
  readonly mode?: LoadMode | undefined
  readonly key?: readonly string[] | undefined
}

/**
 * The engine fills a table beside the target; one transaction then moves the rows and writes the
 * part down in `_millrace_loads`. A part that is recorded there is never moved again.
 */
export async function open(
  settings: PostgresDestination,
  around: Surroundings,
  load: LoadRequest,
): Promise<SelectWriter> {
  const address = await around.network.address(settings.host, settings.port)
  const host = address.includes(':') ? `[${address}]:${settings.port}` : `${address}:${settings.port}`
  const schema = quoted(settings.schema)
  const target = `${schema}.${quoted(settings.table)}`
  const stage = `_millrace_stage_${createHash('sha256').update(`${load.run}/${settings.table}`).digest('hex').slice(0, 24)}`
  const names = load.columns.map((column) => column.name)

  await using(settings, around, async (client) => {
    await client.query(`create table if not exists ${schema}._millrace_loads (
      pipeline text not null, part text not null, rows bigint not null, loaded_at timestamptz not null default now(), primary key (pipeline, part))`)
    const key =
      settings.mode === 'merge' && settings.key ? `, primary key (${settings.key.map(quoted).join(', ')})` : ''
    await client.query(
      `create table if not exists ${target} (${load.columns.map((column) => `${quoted(column.name)} ${postgresType(column)}`).join(', ')}${key})`,
    )
    await refuseMisfits(client, settings, names)
  })

  const into = sql`INSERT INTO FUNCTION postgresql(${text(host)}, ${text(settings.database)}, ${text(stage)}, ${text(settings.user)}, ${secret(settings.password)}, ${text(settings.schema)})`
  const drop = () =>
    using(settings, around, (client) => client.query(`drop table if exists ${schema}.${quoted(stage)}`))
  return {
    columns: load.columns,
    into,
    load: async (part) => {
      const before = await using(settings, around, async (client) => {
        const { rows } = await client.query<{ rows: string }>(
          `select rows from ${schema}._millrace_loads where pipeline = $1 and part = $2`,
          [load.pipeline.id, part.id],
        )
        if (rows[0] !== undefined) return Number(rows[0].rows)
        await client.query(`drop table if exists ${schema}.${quoted(stage)}`)
        await client.query(
          `create unlogged table ${schema}.${quoted(stage)} as select ${names.map(quoted).join(', ')} from ${target} with no data`,
        )
        return undefined
      })
      if (before !== undefined) return { rows: before, bytes: 0, duplicate: true }
      let bytes: number
      try {
        const rowSettings = settings.mode === 'merge' ? { ...part.settings, order: 'kept' as const } : part.settings
        bytes = (await around.engine.command(sql`${into} ${part.select}`, rowSettings)).bytesWritten
      } catch (error) {
        throw failureOfLoad(error, settings) ?? error
      }
      const moved = await using(settings, around, (client) =>
        move(client, settings, {
          target,
          stage: `${schema}.${quoted(stage)}`,
          schema,
          names,
          pipeline: load.pipeline.id,
          part,
        }),
      )
      return { ...moved, bytes }
    },
    abandon: async () => {
      await drop()
    },
  }
}

/** Rejects with what keeps these columns from being loaded. */
export async function fit(
  settings: PostgresDestination,
  around: Surroundings,
  columns: readonly EngineColumn[],
): Promise<void> {
  const names = columns.map(({ name }) => name)
  await using(settings, around, (client) => refuseMisfits(client, settings, names))
}

export async function existing(
  { schema, table, ...address }: PostgresDestination,
  around: Surroundings,
): Promise<readonly EngineColumn[] | undefined> {
  return await using({ schema, ...address }, around, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select column_name as name from information_schema.columns
        where table_schema = $1 and table_name = $2 and is_generated = 'NEVER' order by ordinal_position`,
      [schema, table],
    )
    return rows.length === 0 ? undefined : rows.map(({ name }) => ({ name, type: 'Nullable(String)' }))
  })
}

/** Of a table that is there; one that is not is made to fit. */
async function refuseMisfits(client: Client, settings: PostgresDestination, names: readonly string[]): Promise<void> {
  const { table, schema, mode, key = [] } = settings
  const stranger = mode === 'merge' ? key.find((name) => !names.includes(name)) : undefined
  if (stranger !== undefined) throw postgresErrors.stranger({ table, column: stranger })
  const { rows } = await client.query<{ name: string }>(
    'select column_name as name from information_schema.columns where table_schema = $1 and table_name = $2',
    [schema, table],
  )
  if (rows.length === 0) return
  const missing = names.find((name) => !rows.some((row) => row.name === name))
  if (missing !== undefined) throw postgresErrors.column({ table, column: missing })
  if (mode !== 'merge') return
  const [target, columns] = [`${quoted(schema)}.${quoted(table)}`, key.map(quoted).join(', ')]
  const merging = `insert into ${target} (${columns}) select ${columns} from ${target} on conflict (${columns}) do nothing`
  await client.query(`explain ${merging}`).catch((error: unknown) => {
    throw failureOfLoad(error, settings) ?? error
  })
}

async function move(
  client: Client,
  settings: PostgresDestination,
  way: { target: string; stage: string; schema: string; names: readonly string[]; pipeline: string; part: Part },
): Promise<Omit<Loaded, 'bytes'>> {
  const columns = way.names.map(quoted).join(', ')
  const select = `select ${columns} from ${way.stage}`
  try {
    await client.query('begin')
    const claimed = await client.query(
      `insert into ${way.schema}._millrace_loads (pipeline, part, rows) select $1, $2, count(*) from ${way.stage} on conflict do nothing returning rows`,
      [way.pipeline, way.part.id],
    )
    const duplicate = claimed.rowCount === 0
    if (!duplicate) {
      if (settings.mode === 'overwrite') await client.query(`delete from ${way.target}`)
      await client.query(
        `insert into ${way.target} (${columns}) ${settings.mode === 'merge' ? mergeOf(settings, way) : select}`,
      )
    }
    await client.query(`drop table ${way.stage}`)
    await client.query('commit')
    return { rows: Number((claimed.rows[0] as { rows: string } | undefined)?.rows ?? 0), duplicate }
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw failureOfLoad(error, settings) ?? error
  }
}

/** Of rows with the same key in one load, the last counts. */
function mergeOf(settings: PostgresDestination, way: { stage: string; names: readonly string[] }): string {
  const key = (settings.key ?? []).map(quoted)
  const others = way.names.map(quoted).filter((name) => !key.includes(name))
  const change =
    others.length === 0 ? 'nothing' : `update set ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`
  const names = way.names.map(quoted).join(', ')
  return `select distinct on (${key.join(', ')}) ${names} from ${way.stage} order by ${key.join(', ')}, ctid desc on conflict (${key.join(', ')}) do ${change}`
}

async function using<T>(
  settings: PostgresAddress,
  around: Surroundings,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await connect(settings, around)
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

function postgresType(column: EngineColumn): string {
  const type = column.holds ?? columnTypeOf(column.type).type
  if (type.startsWith('decimal')) return `numeric${type.slice('decimal'.length)}`
  return (
    {
      string: 'text',
      integer: 'bigint',
      number: 'double precision',
      boolean: 'boolean',
      timestamp: 'timestamptz',
      date: 'date',
      json: 'jsonb',
    }[type as 'string'] ?? 'text'
  )
}
