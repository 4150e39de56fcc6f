import type { SourceStream, Surroundings } from '#sdk'
import { connect } from './address.ts'
import type { PostgresAddress } from './settings.ts'

interface Found {
  readonly schema: string
  readonly name: string
  readonly columns: SourceStream['columns']
  readonly key: readonly string[] | null
}

const growing = new Set(['smallint', 'integer', 'bigint', 'date'])

/** Tables and views of every schema but the server's own; a name without a schema lies in that of the connection. */
export async function streams(address: PostgresAddress, around: Surroundings): Promise<readonly SourceStream[]> {
  const client = await connect(address, around)
  try {
    const { rows } = await client.query<Found>(
      `select c.table_schema as schema, c.table_name as name,
              json_agg(json_build_object('name', c.column_name, 'type', c.data_type, 'nullable', c.is_nullable = 'YES') order by c.ordinal_position) as columns,
              (select json_agg(a.attname order by array_position(i.indkey::int2[], a.attnum))
                 from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])
                where i.indisprimary and i.indrelid = to_regclass(format('%I.%I', c.table_schema, c.table_name))) as key
         from information_schema.columns c
        where c.table_schema not in ('pg_catalog', 'information_schema') and c.table_name not like '\\_millrace\\_%'
        group by 1, 2 order by 1, 2 limit 1000`,
    )
    return rows.map(({ schema, name, columns = [], key }) => ({
      name: `${schema}.${name}`,
      ...(schema === address.schema ? { bareName: name } : {}),
      config: { schema, table: name },
      columns,
      primaryKey: key ?? [],
      cursors: columns
        .filter(({ type, nullable }) => !nullable && (growing.has(type) || type.startsWith('timestamp')))
        .map((column) => column.name),
      modes: ['full'],
    }))
  } finally {
    await client.end()
  }
}
