/**
 * A dataset: named rows with typed columns. `events` only grow, each row with a position;
 * `table` has keyed rows that change.
 *
 * ```ts
 * const spec = DatasetSpec.parse({ name: 'orders', columns: [{ name: 'amount', type: 'decimal(12,2)' }] })
 * spec.columns // [{ name: 'amount', type: 'decimal(12,2)', nullable: true, tags: [] }]
 * engineType('decimal(12,2)') // 'Decimal(12,2)'
 * columnTypeOf('Nullable(Int64)') // { type: 'integer', nullable: true }
 * ```
 */
import { z } from 'zod'

/** Names of datasets, streams and pipelines. A leading underscore is kept for Millrace itself. */
export const Name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,99}$/, 'starts with a letter, then letters, digits, "_", "-" or ".", at most 100')

export const ColumnName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/,
    'starts with a letter or "_", then letters, digits, "_", "-" or ".", at most 100',
  )
  .refine((name) => !reservedColumns.has(name), { error: 'is a name Millrace fills itself' })

/** Columns that Millrace adds to every `events` dataset. */
export const reservedColumns: ReadonlySet<string> = new Set(['_position', '_ingested_at', '_block'])

/** Views of metrics in the database of a workspace. */
export const reservedDatasets: ReadonlySet<string> = new Set(['kpi_values_minute', 'kpi_values_hour', 'kpi_values_day'])

const aliases: Readonly<Record<string, string>> = {
  text: 'string',
  varchar: 'string',
  uuid: 'string',
  int: 'integer',
  int32: 'integer',
  int64: 'integer',
  bigint: 'integer',
  long: 'integer',
  float: 'number',
  double: 'number',
  float64: 'number',
  real: 'number',
  numeric: 'decimal(38,9)',
  decimal: 'decimal(38,9)',
  bool: 'boolean',
  datetime: 'timestamp',
  timestamptz: 'timestamp',
  object: 'json',
  array: 'json',
}
const plainTypes = ['string', 'integer', 'number', 'boolean', 'timestamp', 'date', 'json'] as const
export type ColumnType = (typeof plainTypes)[number] | `decimal(${number},${number})`

/** `string integer number decimal(p,s) boolean timestamp date json`, and the usual other names for them. */
export const ColumnTypeText = z
  .string()
  .meta({ pattern: String.raw`^(${[...plainTypes, ...Object.keys(aliases)].join('|')}|decimal\(\d{1,2},\d{1,2}\))$` })
  .transform((text, context): ColumnType => {
    const given = text.trim().toLowerCase().replaceAll(' ', '')
    const name = aliases[given] ?? given
    if ((plainTypes as readonly string[]).includes(name)) return name as ColumnType
    const decimal = /^decimal\((\d{1,2}),(\d{1,2})\)$/.exec(name)
    if (decimal) {
      const [precision, scale] = [Number(decimal[1]), Number(decimal[2])]
      if (precision >= 1 && precision <= 76 && scale <= precision) return `decimal(${precision},${scale})`
    }
    context.issues.push({
      code: 'custom',
      input: text,
      message: `"${text}" is not a column type; use one of ${plainTypes.join(', ')} or decimal(precision,scale)`,
    })
    return z.NEVER
  })

export const Column = z.strictObject({
  name: ColumnName,
  type: ColumnTypeText,
  nullable: z.boolean().default(true),
  tags: z.array(z.string()).default([]),
})
export type Column = z.output<typeof Column>

export const DatasetSpec = z
  .strictObject({
    name: Name,
    kind: z.enum(['events', 'table']).default('events'),
    columns: z.array(Column).min(1).max(1000),
    key: z.array(z.string()).min(1).optional(),
  })
  .check((context) => {
    const { columns, key, kind } = context.value
    const names = new Set<string>()
    for (const [index, column] of columns.entries()) {
      if (names.has(column.name)) {
        context.issues.push({
          code: 'custom',
          input: column.name,
          path: ['columns', index, 'name'],
          message: `column "${column.name}" is there twice`,
        })
      }
      names.add(column.name)
    }
    for (const [index, name] of (key ?? []).entries()) {
      if (!names.has(name)) {
        context.issues.push({
          code: 'custom',
          input: name,
          path: ['key', index],
          message: `the key names "${name}", which is not a column`,
        })
      }
      if (key?.indexOf(name) !== index) {
        context.issues.push({
          code: 'custom',
          input: name,
          path: ['key', index],
          message: `the key names "${name}" twice`,
        })
      }
    }
    if (kind === 'table' && key === undefined) {
      context.issues.push({
        code: 'custom',
        input: key,
        path: ['key'],
        message: 'a table needs a key: the columns that tell its rows apart',
      })
    }
  })
export type DatasetSpec = z.output<typeof DatasetSpec>

/** The engine's type of a column, without its nullability. */
export function engineType(type: ColumnType): string {
  if (type.startsWith('decimal')) return `Decimal${type.slice('decimal'.length)}`
  return engineTypes[type as (typeof plainTypes)[number]]
}

const engineTypes = {
  string: 'String',
  integer: 'Int64',
  number: 'Float64',
  boolean: 'Bool',
  timestamp: "DateTime64(6, 'UTC')",
  date: 'Date32',
  json: 'String',
} as const satisfies Record<(typeof plainTypes)[number], string>

/** The column type that holds what the engine calls `type`; unknown ones become text. */
export function columnTypeOf(engine: string): { type: ColumnType; nullable: boolean } {
  const nullable = /^(LowCardinality\()?Nullable\(/.test(engine)
  const bare = engine.replace(/^LowCardinality\((.*)\)$/, '$1').replace(/^Nullable\((.*)\)$/, '$1')
  if (/^(U?Int(8|16|32|64))$/.test(bare)) return { type: bare === 'UInt64' ? 'decimal(20,0)' : 'integer', nullable }
  if (/^U?Int(128|256)$/.test(bare)) return { type: 'decimal(76,0)', nullable }
  if (/^(BF|F)loat(16|32|64)$/.test(bare)) return { type: 'number', nullable }
  const decimal = /^Decimal\((\d+), ?(\d+)\)$/.exec(bare)
  if (decimal) return { type: `decimal(${Number(decimal[1])},${Number(decimal[2])})`, nullable }
  if (bare === 'Bool') return { type: 'boolean', nullable }
  if (bare.startsWith('DateTime')) return { type: 'timestamp', nullable }
  if (bare === 'Date' || bare === 'Date32') return { type: 'date', nullable }
  if (/^(JSON|Object|Array|Map|Tuple)\b/.test(bare)) return { type: 'json', nullable }
  return { type: 'string', nullable }
}

/** Backticks for any name in the engine's SQL. */
export function quoteName(name: string): string {
  return '`' + name.replaceAll('\\', '\\\\').replaceAll('`', '\\`') + '`'
}
