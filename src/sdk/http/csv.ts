/** CSV as RFC 4180 has it, row by row; the first row names the columns. Values are text, an empty one is null. */
import type { BatchRecord } from '../batches.ts'

export async function* csvRows(chunks: AsyncIterable<string>): AsyncGenerator<BatchRecord> {
  let names: readonly string[] | undefined
  for await (const row of rowsOf(chunks)) {
    if (names === undefined) names = row
    else yield Object.fromEntries(names.map((name, index) => [name, row[index] === '' ? null : (row[index] ?? null)]))
  }
}

async function* rowsOf(chunks: AsyncIterable<string>): AsyncGenerator<string[]> {
  let row: string[] = []
  let field = ''
  let state: 'plain' | 'quoted' | 'quote in quoted' = 'plain'
  for await (const chunk of chunks)
    for (const character of chunk) {
      if (state === 'quoted') {
        if (character === '"') state = 'quote in quoted'
        else field += character
        continue
      }
      if (character === '"') {
        if (state === 'quote in quoted') field += '"'
        state = 'quoted'
        continue
      }
      state = 'plain'
      if (character === ',') {
        row.push(field)
        field = ''
      } else if (character === '\n') {
        if (row.length > 0 || field !== '') yield [...row, field]
        row = []
        field = ''
      } else if (character !== '\r' && character !== '\uFEFF') field += character
    }
  if (row.length > 0 || field !== '') yield [...row, field]
}
