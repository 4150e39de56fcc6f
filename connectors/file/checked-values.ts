/**
 * How the text of a cell becomes a typed value without a silent change: the engine's readers of text files wrap
 * integers that are too long, read `""` as 0, cut decimals and move 30 February into March. So such cells are read as
 * text, and converted and checked in the same statement.
 */
import { firstInstant, lastInstant } from '#sdk'
import type { EngineColumn } from '#sdk'

export interface CheckedValue {
  /** Of the cell, which `SELECT` names `cellName`; may name a part of itself, for itself and `fault`. */
  readonly value: string
  /** True where the cell holds something else than such a value. An empty cell holds none, and is no fault. */
  readonly fault: string
}

/** What the SQL calls the cell of the column with this index, its value, and a part of it. */
export const cellName = (index: number): string => `millrace_cell_${index}`
export const valueName = (index: number): string => `millrace_value_${index}`
const partName = (index: number): string => `millrace_part_${index}`

/**
 * Of conditions that are 0 or 1, never NULL. `AND`, `OR` and `if` of the engine copy the rows for which they evaluate
 * an operand, which costs more here than evaluating it for all.
 */
const all = (...conditions: readonly string[]): string => conditions.reduce((one, other) => `bitAnd(${one}, ${other})`)
const either = (...conditions: readonly string[]): string =>
  conditions.reduce((one, other) => `bitOr(${one}, ${other})`)

/**
 * Absent for types whose values the engine reads as they are, or refuses. A column that is declared to hold numbers
 * takes the nearest one; where the type is inferred, a number that would lose digits is a fault.
 */
export function checkedValue(
  { type, holds }: EngineColumn,
  index: number,
  isDeclared: boolean,
): CheckedValue | undefined {
  if (holds === 'json') return undefined
  const plain = /^Nullable\((.*)\)$/.exec(type)?.[1]?.replaceAll(' ', '') ?? ''
  const cell = cellName(index)
  if (/^U?Int(8|16|32|64)$/.test(plain)) {
    // An inferred integer has no point in the rows it was inferred from; many programs write `3.0` for a declared one.
    const whole = isDeclared ? `replaceRegexpOne(${cell}, '[.]0+$', '')` : cell
    return convertible(index, `to${plain}OrNull(${whole})`)
  }
  if (plain === 'Float64') {
    const value = valueName(index)
    // "inf" and "nan" are values; a number that has no room is not infinite.
    const infinite = `(ifNull(isInfinite(${value}), 0) AND match(${cell}, '[0-9]'))`
    const lossy = isDeclared ? [] : [losesDigits(cell, value)]
    return convertible(index, `toFloat64OrNull(${cell})`, infinite, ...lossy)
  }
  const decimal = /^Decimal\((\d+),(\d+)\)$/.exec(plain)
  if (decimal) return exactDecimal(index, Number(decimal[1]), Number(decimal[2]))
  if (plain === 'Bool') return truth(index)
  if (plain === 'Date32') return day(index)
  if (plain === "DateTime64(6,'UTC')") return time(index)
  return undefined
}

/** `more` are faults besides a cell that is no such value. */
function convertible(index: number, value: string, ...more: readonly string[]): CheckedValue {
  return { value, fault: all(`notEmpty(${cellName(index)})`, either(`isNull(${valueName(index)})`, ...more)) }
}

/** What a written number has between its first and its last digit that is not zero, without its point. */
const digitsOf = (written: string): string => `replaceRegexpAll(${written}, '^[-+0.]+|[0.]*([eE].*)?$|[.]', '')`
const maxPrintedDigits = 40

/**
 * Of a cell and its floating-point number. Such a number keeps any 15 digits. With more, it keeps those of the shortest
 * text that stands for it, and those with which it is printed at the length of the cell: `%.17g` writes 0.1 as
 * 0.10000000000000001. `AND` evaluates what costs most only for the cells that need it.
 */
export function losesDigits(cell: string, number: string): string {
  const written = digitsOf(cell)
  const length = `greatest(1, least(${maxPrintedDigits}, length(${written})))`
  const printed = `printf(concat('%.', toString(${length} - 1), 'e'), ${number})`
  return `ifNull(length(${cell}) > 15 AND ${cell} != toString(${number}) AND ${written} != ${digitsOf(printed)}, 0)`
}

const yes = ['true', 't', 'yes', 'y', 'on', 'enable', 'enabled', '1']
const no = ['false', 'f', 'no', 'n', 'off', 'disable', 'disabled', '0']

/** What a word of a boolean column says. */
export function truthOf(word: string): boolean | undefined {
  const lower = word.toLowerCase()
  return yes.includes(lower) ? true : no.includes(lower) ? false : undefined
}

function truth(index: number): CheckedValue {
  const word = `lower(${cellName(index)})`
  const among = (words: readonly string[]): string => `${word} IN (${words.map((each) => `'${each}'`).join(', ')})`
  return convertible(index, `multiIf(${among(yes)}, true, ${among(no)}, false, NULL)`)
}

const decimalText = '^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$'

/**
 * Read with room for up to 18 more digits after the point, so that a digit too many shows. Where the cell may have a
 * digit behind those, what was read must have all digits of the cell.
 */
function exactDecimal(index: number, precision: number, scale: number): CheckedValue {
  const [cell, exact] = [cellName(index), partName(index)]
  const wide = precision > 20
  const convert = wide ? 'toDecimal256' : 'toDecimal128'
  const reading = scale + (wide ? Math.min(18, 76 - precision) : 18)
  const read = `(if(match(${cell}, '${decimalText}'), ${convert}OrNull(${cell}, ${reading}), NULL) AS ${exact})`
  const largest = `${convert}('${'9'.repeat(precision - scale) || '0'}.${'9'.repeat(scale) || '0'}', ${scale})`
  const fits = `abs(${read}) <= ${largest} AND ${exact} = ${convert}(${exact}, ${scale})`
  const mayHaveMore = `(length(${cell}) > ${reading + 1} OR positionCaseInsensitive(${cell}, 'e') > 0)`
  const cut = `ifNull(${mayHaveMore} AND ${digitsOf(cell)} != ${digitsOf(`toString(${valueName(index)})`)}, 0)`
  return convertible(index, `if(${fits}, ${exact}, NULL)::Nullable(Decimal(${precision}, ${scale}))`, cut)
}

/** Whether a time is of a year before 1900 or after 2299, which the engine does not keep. */
function otherYears(time: string): string {
  const micros = `toUnixTimestamp64Micro(${time})`
  return `ifNull(${either(`${micros} < ${firstInstant}`, `${micros} > ${lastInstant}`)}, 0)`
}

/** A lone number such as "5" would be a day of this month, and 25:61 a time of the next day. */
function time(index: number): CheckedValue {
  const [cell, value] = [cellName(index), valueName(index)]
  /** How the characters of the cell from an offset on compare with `text`; copies none of them. */
  const compared = (offset: number, text: string): string =>
    `compareSubstrings(${cell}, '${text}', ${offset}, 0, ${text.length})`
  const clock = all(`${compared(13, ':')} = 0`, either(`${compared(11, '23')} > 0`, `${compared(14, '59')} > 0`))
  return convertible(
    index,
    `parseDateTime64BestEffortOrNull(${cell}, 6, 'UTC')`,
    `length(${cell}) < 8`,
    clock,
    otherYears(value),
  )
}

function day(index: number): CheckedValue {
  const [cell, read] = [cellName(index), partName(index)]
  const written = `match(${cell}, '^[0-9]{4}[-/.]?[0-9]{1,2}[-/.]?[0-9]{1,2}$')`
  const parsed = `(if(${written}, parseDateTime64BestEffortOrNull(${cell}, 6, 'UTC'), NULL) AS ${read})`
  return convertible(index, `if(${otherYears(parsed)}, NULL, toDate32(${read}))`)
}
