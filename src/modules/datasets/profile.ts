/** What a dataset's columns hold, from a bounded sample: enough for a person to see what is there. */
import { quoteName, type Column } from '#core/dataset'
import type { Ports } from '#kernel/module'
import type { ReadableRows } from './index.ts'
import { rowSettings } from './rows.ts'

export interface Profile {
  readonly rows: number
  readonly columns: readonly ColumnProfile[]
}

export interface ColumnProfile {
  readonly name: string
  readonly type: string
  /** Share of rows with a value, 0 to 1. */
  readonly filled: number
  readonly distinct: number
  readonly min: string | null
  readonly max: string | null
  readonly top: readonly { readonly value: string; readonly count: number }[]
  readonly histogram: readonly { readonly from: number; readonly to: number; readonly count: number }[]
}

const sampleRows = 20_000
const bars = 16

export async function datasetProfile(
  { warehouse, log }: Pick<Ports, 'warehouse' | 'log'>,
  { dataset, from }: ReadableRows,
  signal?: AbortSignal,
): Promise<Profile> {
  const latest = dataset.kind === 'events' ? `ORDER BY ${log.positions.sql.row.newestFirst}` : ''
  const parts = dataset.columns.flatMap((column, index) =>
    measures(column, `values${index}`).map((measure, place) => `${measure} AS m${index}_${place}`),
  )
  const [answer] = await warehouse.rows<Record<string, unknown>>(
    `SELECT toUInt32(count()) AS sampled, ${parts.join(', ')} FROM (SELECT * FROM ${from} ${latest} LIMIT ${sampleRows})`,
    { lane: 'query', settings: rowSettings, limits: { seconds: 30 }, ...(signal === undefined ? {} : { signal }) },
  )
  const rows = Number(answer?.['sampled'] ?? 0)
  return {
    rows,
    columns: dataset.columns.map((column, index) => {
      const part = (place: number): unknown => answer?.[`m${index}_${place}`]
      return {
        name: column.name,
        type: column.type,
        filled: rows === 0 ? 0 : Number(part(0)) / rows,
        distinct: Number(part(1)),
        min: rows === 0 ? null : ((part(2) as string | null | undefined) ?? null),
        max: rows === 0 ? null : ((part(3) as string | null | undefined) ?? null),
        top: ((part(4) ?? []) as [string, number][]).map(([value, count]) => ({ value, count: Number(count) })),
        histogram: ((part(5) ?? []) as [number, number, number][]).map(([from, to, count]) => ({
          from,
          to,
          count: Number(count),
        })),
      }
    }),
  }
}

function measures(column: Column, values: string): string[] {
  const name = quoteName(column.name)
  const number = numeric(column, name)
  const short = `left(toString(${name}), 200)`
  return [
    `toUInt32(count(${name}))`,
    `toUInt32(uniq(${name}))`,
    `toString(min(${number === undefined ? short : name}))`,
    `toString(max(${number === undefined ? short : name}))`,
    number === undefined ? `arrayMap(t -> (ifNull(t.1, ''), toUInt32(t.2)), topK(8, 3, 'counts')(${short}))` : '[]',
    number === undefined
      ? "CAST([], 'Array(Tuple(Float64, Float64, UInt32))')"
      : histogram(`groupArrayIf(assumeNotNull(${number}), isNotNull(${name}))`, values),
  ]
}

/** Bars of one width from the least to the greatest value. */
function histogram(collected: string, values: string): string {
  const [least, width] = [`arrayMin(${values})`, `(arrayMax(${values}) - arrayMin(${values})) / ${bars}`]
  const place = `if(${width} = 0, 0, least(${bars - 1}, floor((v - ${least}) / (${width}))))`
  const bar = (edge: string) => `${least} + ${edge} * (${width})`
  return `arrayMap(i -> (${bar('i')}, ${bar('(i + 1)')}, toUInt32(arrayCount(v -> ${place} = i, ${values}))), range(if(empty((${collected} AS ${values})), 0, ${bars})))`
}

function numeric(column: Column, name: string): string | undefined {
  if (column.type === 'integer' || column.type === 'number' || column.type.startsWith('decimal'))
    return `toFloat64(${name})`
  if (column.type === 'timestamp') return `toFloat64(toUnixTimestamp64Milli(assumeNotNull(${name})))`
  return undefined
}
