/**
 * What a cell keeps of its rows. Each state gives the same answer in any order and grouping of the
 * rows (floating-point sums within a bound), so cells may be merged as the engine likes.
 *
 * The engine sees a state four ways: as a column of the cells table, made of rows, combined from
 * other states, and read out as text.
 */
import type { ColumnType } from '#core/dataset'
import { engineType } from '#core/dataset'
import { sqlString } from '#core/sql-text'

export interface State {
  /** Its column in the cells table. */
  readonly column: string
  readonly type: string
  /** An aggregate over rows, whose values are nullable: null values are left out. */
  readonly ofRows: string
  /** An aggregate over states: all of them, or those of rows where `when` holds. */
  readonly combined: (states: string, when?: string) => string
  /** Of one state: text or null. */
  readonly read: (state: string) => string
  /** The same as a number, for the views. */
  readonly number: (state: string) => string
}

/** A percentile's answer is this close to the true one, relative to it. */
export const percentileError = 0.01

const plain = { read: (state: string) => `toString(${state})`, number: (state: string) => `toFloat64(${state})` }
const finalized = {
  read: (state: string) => `toString(finalizeAggregation(${state}))`,
  number: (state: string) => `toFloat64(finalizeAggregation(${state}))`,
}

function aggregate(name: string, parameters = ''): State['combined'] {
  return (states, when) =>
    when === undefined ? `${name}${parameters}(${states})` : `${name}If${parameters}(${states}, ${when})`
}

/** Rows that have a value. */
export function countState(column: string, value: string): State {
  return {
    column,
    type: 'SimpleAggregateFunction(sum, UInt64)',
    ofRows: `count(${value})`,
    combined: aggregate('sum'),
    ...plain,
  }
}

/** Integers in 128 bits and decimals with 18 digits to spare cannot overflow before 10^18 rows. */
export function sumState(column: string, value: string, type: ColumnType): State {
  if (type === 'number') {
    return {
      column,
      type: 'AggregateFunction(sumKahan, Nullable(Float64))',
      ofRows: `sumKahanState(${nullable(value, 'Float64')})`,
      combined: aggregate('sumKahanMergeState'),
      ...finalized,
    }
  }
  const { wide, widened } = wideSum(type, value)
  return {
    column,
    type: `SimpleAggregateFunction(sum, ${wide})`,
    ofRows: `ifNull(sum(${widened}), CAST(0, '${wide}'))`,
    combined: aggregate('sum'),
    ...plain,
  }
}

function wideSum(type: ColumnType, value: string): { wide: string; widened: string } {
  const digits = /^decimal\((\d+),(\d+)\)$/.exec(type)
  if (!digits) return { wide: 'Int128', widened: `toInt128(${value})` }
  const wide = `Decimal(${Number(digits[1]) > 20 ? 76 : 38}, ${digits[2]})`
  return { wide, widened: `CAST(${value}, 'Nullable(${wide})')` }
}

export function extremeState(column: string, value: string, type: ColumnType, which: 'min' | 'max'): State {
  const nullableType = `Nullable(${engineType(type)})`
  return {
    column,
    type: `SimpleAggregateFunction(${which}, ${nullableType})`,
    ofRows: `CAST(${which}(${value}), '${nullableType}')`,
    combined: aggregate(which),
    ...plain,
  }
}

/** Every distinct value is kept (as itself or its 128-bit hash): exact, at 8 to 16 bytes a value and cell. */
export function distinctState(column: string, value: string, type: ColumnType): State {
  const kept = type === 'number' ? `${value} + 0.` : value
  const engine = engineType(type)
  return {
    column,
    type: `AggregateFunction(uniqExact, Nullable(${engine}))`,
    ofRows: `uniqExactState(${nullable(kept, engine)})`,
    combined: aggregate('uniqExactMergeState'),
    ...finalized,
  }
}

/**
 * Logarithmic buckets that only count, so merging them loses nothing more. The engine's sketch
 * (26.7) is off by one bucket for values below 1, so it is given values 2^64 times as large: then
 * the stated error holds down to 5e-20.
 */
export function percentileState(column: string, value: string, p: number): State {
  const level = `(${percentileError}, ${p / 100})`
  const number = `toFloat64(${value})`
  const scaled = `if(abs(${number}) < 1e288, ${number}, sign(${number}) * 1e288) * ${scale}`
  return {
    column,
    type: `AggregateFunction(quantileDD${level}, Nullable(Float64))`,
    ofRows: `quantileDDState${level}(${nullable(scaled, 'Float64')})`,
    combined: aggregate('quantileDDMergeState', level),
    read: (state) => `toString(finalizeAggregation(${state}) / ${scale})`,
    number: (state) => `toFloat64(finalizeAggregation(${state}) / ${scale})`,
  }
}

const scale = '18446744073709551616.'

/** States are typed by their argument: one type, whether or not this dataset's column may be null. */
function nullable(sql: string, type: string): string {
  return `CAST(${sql}, ${sqlString(`Nullable(${type})`)})`
}
