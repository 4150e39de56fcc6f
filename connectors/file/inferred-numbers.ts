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
  /** Columns whose types the settings give. */
  readonly declared: ReadonlySet<string>
  readonly settings: EngineSettings
  /** How many rows that cannot be read are left out, in formats in which the engine finds the next one. */
  readonly maxBroken: number | undefined
}

/** What is in the cells of each column, each with a SQL expression of one cell; the largest counts. */
const simpleForms = {
  notWhole: not((cell) => `match(${cell}, '^[-+]?[0-9]+$')`),
  lossy: (cell) => losesDigits(cell, `toFloat64OrNull(${cell})`),
} satisfies Forms
const allForms = {
  ...simpleForms,
  notInt64: not((cell) => `isNotNull(toInt64OrNull(${cell}))`),
  /** More than digits and at most one point: an exponent, NaN or infinity. */
  notPlain: not((cell) => `match(${cell}, '^[-+]?[0-9]*[.]?[0-9]*$')`),
  digitsBefore: (cell) => `length(extract(${cell}, '^[-+]?0*([0-9]*)'))`,
  digitsAfter: (cell) => `length(extract(${cell}, '[.]([0-9]*)'))`,
} satisfies Forms

type Forms = Readonly<Record<string, (cell: string) => string>>

function not(condition: (cell: string) => string): (cell: string) => string {
  return (cell) => `(notEmpty(${cell}) AND NOT ${condition(cell)})`
}

export async function withExactNumbers(
  columns: readonly EngineColumn[],
  file: InferredFile,
  around: Surroundings,
): Promise<readonly EngineColumn[]> {
  const sample = { columns, file, around }
  const numbers = columns.filter(({ name, type }) => type === float && !file.declared.has(name))
  // Nearly all columns are of numbers that a float keeps, which costs less to find out than everything else.
  const simple = await largestOf(simpleForms, numbers, sample)
  const others = numbers.filter((_, index) => simple?.notWhole[index] === 0 || simple?.lossy[index] === 1)
  const found = await largestOf(allForms, others, sample)
  const types = new Map(found === undefined ? [] : others.map(({ name }, index) => [name, typeOf(found, index)]))
  return columns.map((column) => ({ ...column, type: types.get(column.name) ?? column.type }))
}

type Largest<F extends Forms> = Readonly<Record<keyof F, readonly number[]>>

/**
 * Of the first rows; nothing where they cannot be read, which the reading itself reports. The cells of a row are one
 * array, because a statement with expressions for each of a thousand columns takes seconds to begin.
 */
async function largestOf<F extends Forms>(
  forms: F,
  numbers: readonly EngineColumn[],
  { columns, file, around }: { columns: readonly EngineColumn[]; file: InferredFile; around: Surroundings },
): Promise<Largest<F> | undefined> {
  if (numbers.length === 0) return undefined
  const structure = columns.map(({ name }) => `${quoteName(name)} String`).join(', ')
  const rows = sql`SELECT [${raw(numbers.map(({ name }) => quoteName(name)).join(', '))}] AS cells FROM file(${text(file.path)}, ${text(file.format)}, ${text(structure)}) LIMIT ${raw(String(sampleRows))}`
  const largest = Object.entries(forms).map(
    ([name, form]) => `maxForEach(arrayMap(cell -> toUInt32(${form('cell')}), cells)) AS ${name}`,
  )
  const [found] = await around.engine
    .rows<Largest<F>>(sql`SELECT ${raw(largest.join(', '))} FROM (${rows})`, {
      ...file.settings,
      ...(file.maxBroken === undefined ? {} : { brokenRows: { max: file.maxBroken } }),
      statement: 'wide',
      evaluation: 'interpreted',
      order: 'kept',
    })
    .catch(() => [])
  return found
}

function typeOf(largest: Largest<typeof allForms>, column: number): string {
  const [isWhole, isLossy] = [largest.notWhole[column] === 0, largest.lossy[column] === 1]
  if (isWhole && largest.notInt64[column] === 0) return 'Nullable(Int64)'
  // Decimals have no exponents, NaN or infinity; of floats, the numbers that lose digits are set apart.
  if (largest.notPlain[column] === 1 || (!isWhole && !isLossy)) return float
  const digitsAfter = largest.digitsAfter[column] ?? 0
  const digits = (largest.digitsBefore[column] ?? 0) + digitsAfter
  if (digits > maxDecimalDigits) return 'Nullable(String)'
  return `Nullable(Decimal(${digits > 38 ? maxDecimalDigits : 38}, ${digitsAfter}))`
}
