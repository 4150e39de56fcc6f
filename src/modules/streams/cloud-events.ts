/** CloudEvents 1.0 in JSON: the row is the event's `data`. */
import { isObject, parseExact } from './exact-json.ts'
import { linesOf } from './lines.ts'
import { slices } from './slices.ts'

/**
 * One envelope a line becomes one row a line. The attributes `id`, `source`, `type`, `subject` and `time` go
 * into columns `ce_id`, `ce_source` … where the stream has them. An envelope that is none stays as it is, and
 * is rejected as a row.
 */
export async function unwrapCloudEvents(ndjson: Buffer, columns: ReadonlySet<string>): Promise<Buffer> {
  const rest = slices()
  const rows: string[] = []
  for (const { bytes } of linesOf(ndjson)) {
    const text = bytes.toString('utf8')
    rows.push(row(text, columns) ?? text.trim())
    await rest()
  }
  return Buffer.from(`${rows.join('\n')}\n`)
}

const attributes = ['id', 'source', 'type', 'subject', 'time'] as const

function row(text: string, columns: ReadonlySet<string>): string | undefined {
  let envelope: unknown
  try {
    envelope = parseExact(text)
  } catch {
    return undefined
  }
  if (!isObject(envelope) || envelope['specversion'] !== '1.0' || !isObject(envelope['data'])) return undefined
  const given = envelope
  const wanted = attributes
    .filter((name) => columns.has(`ce_${name}`) && name in given)
    .map((name): [string, unknown] => [`ce_${name}`, given[name]])
  return JSON.stringify({ ...envelope['data'], ...Object.fromEntries(wanted) })
}
