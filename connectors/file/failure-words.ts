/** How errors name the rows and columns of a file. */
import { columnTypeOf, withArticle } from '#sdk'

/** Rows are counted from 1; the header is no row, so that the row has another number than its line in an editor. */
export function rowWords(row: string | number, hasHeader: boolean): string {
  return `Row ${row}${hasHeader ? ' (without the header)' : ''}`
}

/** To follow `column "x", which …`, by the engine's type. */
export function columnWords(engineType: string): string {
  const { type } = columnTypeOf(engineType)
  if (/\bUInt64\b/.test(engineType)) return 'takes whole numbers from 0 to 18,446,744,073,709,551,615'
  if (engineType.startsWith('Array(')) return 'holds lists of one type'
  return `is ${withArticle(type)} column`
}
