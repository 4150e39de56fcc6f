/**
 * Types of columns that the engine infers to hold floating-point numbers: where such a number would lose digits, an
 * integer or a decimal that keeps them, or text where no decimal has room for them.
 */
import { quoteName, raw, sql, text } from '#sdk'
import type { EngineColumn, EngineSettings, Surroundings } from '#sdk'
import { losesDigits } from './checked-values.ts'

/** As many as the engine reads to infer a type. */
const sampleRows = 25_000
const maxDecimalDigits = 76
const float = 'Nullable(Float64)'

export interface InferredFile {
  readonly path: string
  readonly format: string
  readonly settings: EngineSettings
  /** How many rows that cannot be read are left out, in formats in which the engine finds the next one. */
  readonly maxBroken: number | undefined
}

/** What the numbers of a column have in common; a one is true. `plain`: digits and at most one point, no exponent. */
type NumberForms = readonly [
  whole: number,
  int64: number,
  lossy: number,
  plain: number,
  digitsBefore: number,
  digitsAfter: number,
]

export async function withExactNumbers(
  columns: readonly EngineColumn[],
  file: InferredFile,
  around: Surroundings,
): Promise<readonly EngineColumn[]> {
  const numbers = columns.filter(({ name, type }) => type === float && name !== '')
  // Nearly all columns are of numbers that a float keeps, which costs less to find out than everything else.
  const [simple] = await formsOf(numbers, { columns, file, around, formSql: simpleFormsSql })
  const others = numbers.filter((_, index) => simple?.[index]?.some((one) => one === 1) ?? false)
  const [forms] = await formsOf<NumberForms>(others, { columns, file, around, formSql: formsSql })
  const types = new Map(others.map(({ name }, index) => [name, forms?.[index] ? typeOf(forms[index]) : float]))
  return columns.map((column) => ({ ...column, type: types.get(column.name) ?? column.type }))
}

interface Sampling {
  readonly columns: readonly EngineColumn[]
  readonly file: InferredFile
  readonly around: Surroundings
  /** An array of the forms of a cell. */
  readonly formSql: (cell: string) => string
}

/** Of the first rows; nothing where they cannot be read. */
async function formsOf<Forms extends readonly number[]>(
  numbers: readonly EngineColumn[],
  { columns, file, around, formSql }: Sampling,
): Promise<readonly (readonly Forms[])[]> {
  if (numbers.length === 0) return []
  const structure = columns
    .filter(({ name }) => name !== '')
    .map(({ name }) => `${quoteName(name)} String`)
    .join(', ')
  const cells = sql`SELECT ${raw(numbers.map(({ name }, index) => `${quoteName(name)} AS cell_${index}`).join(', '))} FROM file(${text(file.path)}, ${text(file.format)}, ${text(structure)}) LIMIT ${raw(String(sampleRows))}`
  const select = sql`SELECT [${raw(numbers.map((_, index) => formSql(`cell_${index}`)).join(', '))}] AS forms FROM (${cells})`
  const found = await around.engine
    .rows<{ forms: readonly Forms[] }>(select, {
      ...file.settings,
      ...(file.maxBroken === undefined ? {} : { brokenRows: { max: file.maxBroken } }),
      statement: 'wide',
      evaluation: 'interpreted',
      order: 'kept',
    })
    // Rows that cannot be read are reported by the reading itself.
    .catch(() => [])
  return found.map(({ forms }) => forms)
}

const every = (cell: string, condition: string): string => `countIf(${cell} != '' AND NOT (${condition})) = 0`
const isWhole = (cell: string): string => every(cell, `match(${cell}, '^[-+]?[0-9]+$')`)
const isLossy = (cell: string): string => `countIf(${losesDigits(cell, `toFloat64OrNull(${cell})`)}) > 0`
const arrayOf = (forms: readonly string[]): string => `[${forms.map((form) => `toUInt32(${form})`).join(', ')}]`

function simpleFormsSql(cell: string): string {
  return arrayOf([isWhole(cell), isLossy(cell)])
}

/** In the order of `NumberForms`. */
function formsSql(cell: string): string {
  const longest = (pattern: string): string => `max(length(extract(${cell}, '${pattern}')))`
  return arrayOf([
    isWhole(cell),
    every(cell, `isNotNull(toInt64OrNull(${cell}))`),
    isLossy(cell),
    every(cell, `match(${cell}, '^[-+]?[0-9]*[.]?[0-9]*$')`),
    longest('^[-+]?0*([0-9]*)'),
    longest('[.]([0-9]*)'),
  ])
}

function typeOf([whole, int64, lossy, plain, digitsBefore, digitsAfter]: NumberForms): string {
  if (whole === 1 && int64 === 1) return 'Nullable(Int64)'
  // Decimals have no exponents, NaN or infinity; of floats, the numbers that lose digits are set apart.
  if (plain === 0 || (whole === 0 && lossy === 0)) return float
  const digits = digitsBefore + digitsAfter
  if (digits > maxDecimalDigits) return 'Nullable(String)'
  return `Nullable(Decimal(${digits > 38 ? maxDecimalDigits : 38}, ${digitsAfter}))`
}
