/**
 * What the engine complained about, in words that hold for every engine. The adapter of the engine reads its texts.
 *
 * ```ts
 * import type { EngineFailure } from '#core/engine-failure'
 *
 * const failure: EngineFailure = ports.warehouse.readFailure('Row has more columns than expected', '4')
 * failure.reading // { kind: 'row_length', row: '4', compared: 'more' }
 * ```
 */
export interface EngineFailure {
  /** The engine's text. */
  readonly message: string
  /** Its first sentence, without what only the engine's makers need. */
  readonly reason: string
  /** What of a file could not be read; absent where the failure is about something else. */
  readonly reading?: ReadingFailure
  /** What of a statement is wrong; absent where the failure is about something else. */
  readonly statement?: StatementFailure
}

export type StatementFailure =
  /** A column, table, function or parameter that there is not; the kind of the error says which. */
  { readonly kind: 'name'; readonly name: string } | SyntaxFailure

/** Lines and columns count from 1, as positions do. */
export interface SyntaxFailure {
  readonly kind: 'syntax'
  readonly position: string
  readonly line?: string
  readonly column?: string
  /** The text at the position. */
  readonly near?: string
  /** What could be there instead. */
  readonly expected: readonly string[]
  /** A second statement follows. */
  readonly several: boolean
}

/** Rows count from 1. */
export type ReadingFailure =
  /** A row has another number of values than the columns. */
  | { readonly kind: 'row_length'; readonly row: string; readonly compared: 'fewer' | 'more' }
  /** A value does not fit its column. `value` and `type` (the engine's) are absent where it does not name them. */
  | {
      readonly kind: 'value'
      readonly row: string
      readonly column: string
      readonly value?: string
      readonly type?: string
    }
  /** In place of the text of a row: the engine has not kept it. */
  | { readonly kind: 'no_row_text' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'disk_full' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadable'; readonly row?: string; readonly because?: UnreadableBecause }

/**
 * Rows have different numbers of values; there is no row behind the header; text follows the closing quote of a value;
 * the file is not compressed as its name says, or is cut off.
 */
export type UnreadableBecause = 'row_lengths' | 'no_rows' | 'quotes' | 'compression'
