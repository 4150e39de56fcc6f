/** The rows of a question as JSON, bounded in rows and bytes. */
import type { Readable } from 'node:stream'
import { columnTypeOf } from '#core/dataset'
import { parseJsonValue } from '#core/parse-json'
import { exploreErrors } from './errors.ts'
import { maxAnswerBytes } from './bounds.ts'

export interface AnswerRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly truncated: boolean
  readonly bytes: number
}

/** Reads `JSONCompactEachRowWithNamesAndTypes`; one row more than `limit` tells that there are more. */
export async function readAnswer(stream: Readable, limit: number): Promise<AnswerRows> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxAnswerBytes) {
      throw exploreErrors.too_much({ reason: `The answer is larger than ${maxAnswerBytes / 2 ** 20} MB of JSON.` })
    }
    chunks.push(chunk)
  }
  const [names = '[]', types = '[]', ...lines] = Buffer.concat(chunks)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
  const typeNames = parseJsonValue(types) as readonly string[]
  const columns = (parseJsonValue(names) as readonly string[]).map((name, index) => ({
    name,
    type: shownType(typeNames[index] ?? 'String'),
  }))
  return {
    columns,
    rows: lines.slice(0, limit).map((line) => parseJsonValue(line) as unknown[]),
    truncated: lines.length > limit,
    bytes,
  }
}

/** The words that datasets use for types. Counts are unsigned in the engine and plain integers to people. */
function shownType(engine: string): string {
  return /^(LowCardinality\(|Nullable\()*U?Int\d+\)*$/.test(engine) ? 'integer' : columnTypeOf(engine).type
}
