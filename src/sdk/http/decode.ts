/** Records out of a body as it comes: NDJSON, a JSON list, CSV. Only one record at a time is held. */
import { withArticle } from '#core/with-article'
import type { BatchRecord } from '../batches.ts'
import { httpFailures } from './errors.ts'
import { jsonElements } from './json-elements.ts'
import { at, parseBody } from './json-path.ts'
import { csvRows } from './csv.ts'
import type { HttpStream } from './client.ts'
import { shownUrl } from './follow.ts'

export type BodyFormat = 'json' | 'ndjson' | 'csv'

/** `records` is the path of the list in a JSON body. */
export async function* recordsOf(
  { body, url, headers }: HttpStream,
  { records = '$', format = formatOf(headers) }: { readonly records?: string; readonly format?: BodyFormat } = {},
): AsyncGenerator<BatchRecord> {
  const shown = shownUrl(url)
  if (format === 'csv') {
    yield* csvRows(texts(body), shown)
    return
  }
  if (format === 'ndjson') {
    let record = 0
    for await (const line of linesOfText(texts(body))) yield recordOf(parseBody(line, shown, (record += 1)))
    return
  }
  const { text: start, ended, rest } = await upTo(maxWhole, texts(body))
  if (ended) yield* listAt(parseBody(start, shown), records, shown)
  else yield* streamed(rest, records, shown)
}

async function* streamed(chunks: AsyncIterable<string>, records: string, shown: string): AsyncGenerator<BatchRecord> {
  for await (const { text, within } of jsonElements(chunks, records, shown)) {
    const value = parseBody(text, shown)
    if (within) yield recordOf(value)
    else yield* listAt(value, '$', shown, records)
  }
}

/** Longer JSON is not parsed as a whole. */
const maxWhole = 4_000_000

/** The list of records at a path; a single record is a list of one when it is all there is. */
export function listAt(whole: unknown, path: string, shown: string, written = path): readonly BatchRecord[] {
  const found = at(whole, path)
  if (Array.isArray(found)) return found.map(recordOf)
  if (written === '$' && isRecord(found)) return [found]
  throw httpFailures.records({ url: shown, path: written, found: kindOf(found) })
}

async function upTo(
  max: number,
  chunks: AsyncGenerator<string>,
): Promise<{ readonly text: string; readonly ended: boolean; readonly rest: AsyncIterable<string> }> {
  let text = ''
  while (text.length < max) {
    const { done, value } = await chunks.next()
    if (done === true) return { text, ended: true, rest: chunks }
    text += value
  }
  const begun = text
  return {
    text,
    ended: false,
    rest: (async function* () {
      yield begun
      yield* chunks
    })(),
  }
}

export function formatOf(headers: Readonly<Record<string, string>>): BodyFormat {
  const type = headers['content-type'] ?? ''
  if (/ndjson|jsonl|json-?lines/.test(type)) return 'ndjson'
  return /\bcsv\b/.test(type) ? 'csv' : 'json'
}

export function recordOf(value: unknown): BatchRecord {
  return isRecord(value) ? value : { value }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('rawJSON' in value)
}

export function kindOf(value: unknown): string {
  return value === undefined ? 'nothing' : value === null ? 'null' : withArticle(typeof value)
}

async function* texts(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of body) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

async function* linesOfText(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield line
  }
  if (rest.trim() !== '') yield rest
}
