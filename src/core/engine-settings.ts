/**
 * How a statement runs, and how values are written and read: in words that hold for every engine. An adapter
 * translates them; what is left out is as the adapter has it.
 *
 * ```ts
 * const settings: EngineSettings = { times: 'rfc3339', exactNumbers: 'text' }
 * await ports.warehouse.rows("SELECT toDateTime64('2026-01-01 10:00:00', 3, 'UTC') AS at, toInt64(1) AS n", { settings })
 * // [{ at: '2026-01-01T10:00:00.000Z', n: '1' }]
 * ```
 */
export interface EngineSettings extends WrittenValues, ReadValues, Running, FileReading {}

/** Values of an answer, or of a file that is written. */
interface WrittenValues {
  /** RFC 3339 in UTC. */
  readonly times?: 'rfc3339'
  /** Integers of 64 bits and decimals in JSON. */
  readonly exactNumbers?: 'text' | 'number'
  /** Zeros at the end of a decimal are written, up to its scale. */
  readonly decimalDigits?: 'all'
  /** Infinite numbers and those that are none, in JSON. */
  readonly nonFinite?: 'null'
}

/** Values that a statement takes in. */
interface ReadValues {
  /** The zone of times without one. */
  readonly zone?: 'UTC'
  /** Times in any usual form. */
  readonly timesRead?: 'any'
  /** An empty value that a column cannot hold is refused, not replaced by the default of the column. */
  readonly emptyValues?: 'refused'
}

interface Running {
  /** Of rows with one key only the last counts. */
  readonly rowVersions?: 'latest'
  /** Ends the answer after so many rows. */
  readonly firstRows?: number
  /** Conditions of outer SELECTs are computed only for rows that passed the inner ones, whatever could be faster. */
  readonly conditions?: 'in_order'
  /** A statement that a person wrote: it changes nothing, and functions of more than linear cost are bounded. */
  readonly author?: 'untrusted'
  /** Depth and size of a statement are bounded, for parsing what a person wrote. */
  readonly parsing?: 'bounded'
  readonly maxStatementBytes?: number
  /** A statement that grows with the columns of what it reads, never with what people write. */
  readonly statement?: 'wide'
  /** Without compiling to machine code, which takes longer than a short statement. */
  readonly evaluation?: 'interpreted'
  /** Done when the statement ends; `one_part` writes all its rows as one part, whatever their number. */
  readonly insert?: 'synchronous' | 'one_part'
  /** Done when the statement ends. */
  readonly deletion?: 'synchronous'
  /** An insert that was made under the token is not made again. */
  readonly insertToken?: string
  /** Rows keep the order in which they are read. */
  readonly order?: 'kept'
}

interface FileReading {
  /** How columns of a file are inferred and its values read. `csv_text`: every column is text; `typed`: the file names its types. */
  readonly fileValues?: 'csv' | 'csv_text' | 'json' | 'typed'
  /** Every column of numbers is inferred to hold floating-point numbers: an integer of more than 64 bits is an error otherwise. */
  readonly inferredNumbers?: 'float'
  readonly csvDelimiter?: string
  /** Between the values of a custom format with the quoting of CSV. */
  readonly customDelimiter?: string
  /** A line may have fewer or more values than there are columns. */
  readonly raggedRows?: 'allowed'
  /** Rows that cannot be read are left out, up to `max`, and written into a file of the engine's machine if one is named. */
  readonly brokenRows?: { readonly max: number; readonly file?: string }
  /** A file that is written over replaces the one that is there. */
  readonly existingFile?: 'replaced'
}
