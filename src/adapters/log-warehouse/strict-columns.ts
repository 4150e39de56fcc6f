/**
 * How NDJSON becomes typed columns without a silent change: the engine's own readers wrap integers that
 * are too long, cut decimals, read "" as 0 and move 30 February into March. So each column is read
 * in a form that keeps what was written, converted in the same statement, and checked there.
 */
import { quoteName } from '#core/dataset'
import type { TopicColumn } from '#ports/log'

export interface StrictColumn {
  /** For the structure of `input('…')`. */
  readonly read: string
  /** What the table's column gets. */
  readonly value: string
  /** Conditions that break the block, each with what it means. */
  readonly faults: readonly { readonly when: string; readonly says: string }[]
  /** Of a column of integers or decimals. */
  readonly exact?: ExactDigits
}

/** The engine drops the digits behind `placesRead` before the statement can see them. */
export interface ExactDigits {
  readonly placesRead: number
  readonly placesKept: number
  /** What is wrong with a number that needs more than `placesKept`. */
  readonly says: string
}

const instant =
  '^(19|2[0-2])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' +
  '([T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?)?$'
const day = '^(19|2[0-2])[0-9]{2}-[0-9]{2}-[0-9]{2}$'

export function strictColumn(column: TopicColumn): StrictColumn {
  const name = quoteName(column.name)
  const plain = plainColumn(column, name)
  const faults = [...plain.faults]
  if (column.required) faults.push({ when: `isNull(${name})`, says: `column "${column.name}" is required` })
  return { ...plain, value: column.required ? `assumeNotNull(${plain.value})` : plain.value, faults }
}

function plainColumn(column: TopicColumn, name: string): StrictColumn {
  const type = column.type.replaceAll(' ', '')
  // `json-columns.ts` has made a JSON string of the value's text.
  if (column.json === true) return { read: `${name} Nullable(String)`, value: name, faults: [] }
  if (type === 'Int64')
    return exactNumber(column.name, {
      scale: 0,
      reading: { precision: 38, scale: 18 },
      convert: (exact) => `toInt64(${exact})`,
      tooLong: () => '0',
      kind: 'an integer',
    })
  const decimal = /^Decimal\((\d+),(\d+)\)$/.exec(type)
  if (decimal) {
    const [precision, scale] = [Number(decimal[1]), Number(decimal[2])]
    const reading = readingDecimal(precision, scale)
    const convert = (exact: string) =>
      `toDecimal${precision > 38 ? 256 : 128}(${exact}, ${scale})::Nullable(Decimal(${precision}, ${scale}))`
    // The engine's decimals hold more digits than their precision says.
    const largest = `toDecimal${reading.precision > 38 ? 256 : 128}('${'9'.repeat(precision - scale) || '0'}.${'9'.repeat(scale) || '0'}', ${scale})`
    const tooLong = (exact: string) => `ifNull(abs(${exact}) > ${largest}, 0)`
    const kind = `a decimal with ${precision} digits, ${scale} after the point`
    return exactNumber(column.name, { scale, reading, convert, tooLong, kind })
  }
  if (type === 'Float64') {
    return {
      read: `${name} Nullable(Float64)`,
      value: name,
      faults: [
        { when: `ifNull(not isFinite(${name}), 0)`, says: `column "${column.name}" needs a number within range` },
      ],
    }
  }
  if (type.startsWith('DateTime64')) {
    const value = `parseDateTime64BestEffortOrNull(${name}, 6, 'UTC')`
    return {
      read: `${name} Nullable(String)`,
      value,
      faults: [
        {
          when: `isNotNull(${name}) and (isNull(${value}) or not match(assumeNotNull(${name}), '${instant}'))`,
          says: `column "${column.name}" needs a time such as 2026-01-31T12:00:00Z`,
        },
      ],
    }
  }
  if (type === 'Date32') {
    const value = `toDate32OrNull(${name})`
    return {
      read: `${name} Nullable(String)`,
      value,
      faults: [
        {
          when: `isNotNull(${name}) and (not match(assumeNotNull(${name}), '${day}') or ifNull(toString(${value}) != ${name}, 1))`,
          says: `column "${column.name}" needs a date such as 2026-01-31`,
        },
      ],
    }
  }
  return { read: `${name} Nullable(${column.type})`, value: name, faults: [] }
}

/** Room for 18 more digits after the point than the column keeps, as far as the engine's decimals reach. */
export function readingDecimal(precision: number, scale: number): { precision: number; scale: number } {
  if (precision <= 20) return { precision: 38, scale: scale + 18 }
  return { precision: 76, scale: scale + Math.min(18, 76 - precision) }
}

interface ExactNumber {
  /** How many digits after the point the column keeps. */
  readonly scale: number
  /** As what it is read, with room for digits that the column has no place for. */
  readonly reading: { readonly precision: number; readonly scale: number }
  readonly convert: (exact: string) => string
  /** The condition for a number that the column cannot hold. */
  readonly tooLong: (exact: string) => string
  readonly kind: string
}

/** A number, or text that holds one: 64-bit integers and decimals travel as text. */
function exactNumber(column: string, { scale, reading, convert, tooLong, kind }: ExactNumber): StrictColumn {
  const says = `column "${column}" needs ${kind}`
  const decimal = `Decimal(${reading.precision}, ${reading.scale})`
  const name = quoteName(column)
  const number = `variantElement(${name}, '${decimal}')`
  const text = `ifNull(variantElement(${name}, 'String'), '')`
  // `toDecimal…OrNull` drops digits too, so the text may have only zeros behind those that the column keeps.
  const plain = `^-?[0-9]+([.]${scale === 0 ? '0+' : `[0-9]{1,${scale}}0*`})?$`
  const fromText = `if(match(${text}, '${plain}'), toDecimal${reading.precision > 38 ? 256 : 128}OrNull(${text}, ${reading.scale}), null)`
  const exact = `ifNull(${number}, ${fromText})`
  const value = convert(exact)
  return {
    read: `${name} Variant(${decimal}, String)`,
    value,
    faults: [
      {
        when: `isNotNull(${name}) and (isNull(${exact}) or ${tooLong(exact)} or ifNull(${value} != ${exact}, 1))`,
        says,
      },
    ],
    exact: { placesRead: reading.scale, placesKept: scale, says },
  }
}

/**
 * The settings that go with it. With a json column among them, a text column keeps an object or array as its JSON text. One thread and one block keep the order of the rows and make the insert one part.
 */
export function strictSettings(rows: number, json: boolean): Record<string, string | number> {
  const nested = json ? 1 : 0
  return {
    max_threads: 1,
    max_insert_threads: 1,
    max_block_size: rows + 1,
    max_insert_block_size: rows + 1,
    min_insert_block_size_rows: rows + 1,
    min_insert_block_size_bytes: 0,
    insert_null_as_default: 0,
    async_insert: 0,
    input_format_parallel_parsing: 0,
    input_format_skip_unknown_fields: 0,
    input_format_null_as_default: 0,
    input_format_allow_errors_num: 0,
    input_format_allow_errors_ratio: 0,
    input_format_column_name_matching_mode: 'match_case',
    input_format_json_read_bools_as_numbers: 0,
    input_format_json_read_bools_as_strings: 0,
    input_format_json_read_numbers_as_strings: 0,
    input_format_json_read_objects_as_strings: nested,
    input_format_json_read_arrays_as_strings: nested,
    input_format_json_throw_on_bad_escape_sequence: 1,
  }
}
