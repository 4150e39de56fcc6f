/** What a masked column shows, as engine SQL over the stored value. Nulls stay null; a masked value keeps the type of its column. */
import { engineType, type Column, type ColumnType } from '#core/dataset'
import { sqlString } from '#core/sql-text'
import type { MaskKind } from './policy.ts'

export interface MaskedColumn {
  readonly sql: string
  readonly column: Column
}

/** `value` is the stored column; `key` is SQL for the secret that hashes are made with. */
export function maskColumn(column: Column, how: MaskKind, value: string, key: string): MaskedColumn {
  const shown = how === 'null' ? undefined : shownOf(column.type, how, value, key)
  if (shown === undefined)
    return {
      sql: `CAST(NULL, ${sqlString(`Nullable(${engineType(column.type)})`)})`,
      column: { ...column, nullable: true },
    }
  return { sql: column.nullable ? `if(isNull(${value}), NULL, ${shown('assumeNotNull')})` : shown(''), column }
}

type Shown = (wrap: '' | 'assumeNotNull') => string

/** `undefined` where a value of this type can only be left out. */
function shownOf(type: ColumnType, how: Exclude<MaskKind, 'null'>, stored: string, key: string): Shown | undefined {
  const over =
    (sql: (value: string) => string): Shown =>
    (wrap) =>
      sql(wrap === '' ? stored : `${wrap}(${stored})`)
  if (type === 'string') return over((value) => textShown(how, value, key))
  if (type === 'json') return how === 'redact' ? () => `'"***"'` : undefined
  if (how === 'hash' && type === 'integer')
    return over((value) => `reinterpretAsInt64(substring(SHA256(concat(${key}, toString(${value}))), 1, 8))`)
  if (how !== 'generalise') return undefined
  if (type === 'integer' || type.startsWith('decimal')) return over((value) => firstDigit(value, engineType(type)))
  if (type === 'number') return over(firstDigitOfFloat)
  if (type === 'date') return over(monthOf)
  if (type === 'timestamp') return over((value) => `toDateTime64(${monthOf(value)}, 6, 'UTC')`)
  return undefined
}

function textShown(how: Exclude<MaskKind, 'null'>, value: string, key: string): string {
  switch (how) {
    case 'redact':
      return "'***'"
    case 'hash':
      return `lower(left(hex(SHA256(concat(${key}, ${value}))), 32))`
    case 'partial':
      return `concat('***', if(lengthUTF8(${value}) >= 8, rightUTF8(${value}, 4), ''))`
    case 'generalise':
      return `concat(leftUTF8(${value}, 1), '***')`
  }
}

/** 1234 is 1000, 37 is 30, 5 is 0: by its text, so that no digit of a long decimal is rounded. */
function firstDigit(value: string, type: string): string {
  const whole = `splitByChar('.', toString(abs(${value})))[1]`
  const kept = `if(length(${whole}) < 2, '0', concat(left(${whole}, 1), repeat('0', length(${whole}) - 1)))`
  return `CAST(concat(if(${value} < 0, '-', ''), ${kept}), '${type}')`
}

function firstDigitOfFloat(value: string): string {
  const power = `exp10(floor(log10(abs(${value}))))`
  return `if(isFinite(${value}) AND abs(${value}) >= 10, sign(${value}) * floor(abs(${value}) / ${power}) * ${power}, 0)`
}

function monthOf(value: string): string {
  return `makeDate32(toYear(${value}), toMonth(${value}), 1)`
}
