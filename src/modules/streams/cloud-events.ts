/** CloudEvents 1.0 in JSON: the row is the event's `data`. */
import { isObject, parseExact } from '#core/exact-json'
import { linesOf } from './lines.ts'
import { slices } from './slices.ts'

export interface Unwrapped {
  /** One row a line. */
  readonly ndjson: Buffer
  /** Lines that are no CloudEvents, and why; unchanged. */
  readonly faults: ReadonlyMap<number, string>
}

/**
 * One envelope a line becomes one row a line. The attributes `id`, `source`, `type`, `subject` and `time` go
 * into columns `ce_id`, `ce_source` … where the stream has them.
 */
export async function unwrapCloudEvents(ndjson: Buffer, columns: ReadonlySet<string>): Promise<Unwrapped> {
  const rest = slices()
  const rows: string[] = []
  const faults = new Map<number, string>()
  for (const { bytes } of linesOf(ndjson)) {
    const text = bytes.toString('utf8').trim()
    const envelope = parsed(text)
    const fault = envelope === undefined ? undefined : faultOf(envelope)
    if (fault !== undefined) faults.set(rows.length + 1, fault)
    rows.push(isObject(envelope) && fault === undefined ? row(envelope, columns) : text)
    await rest()
  }
  return { ndjson: Buffer.from(`${rows.join('\n')}\n`), faults }
}

/** An event whose attributes came as headers, in the form that has them in the envelope. */
export function envelopeOf(body: Buffer, header: (name: string) => string | undefined): Buffer {
  const given = ['specversion', ...attributes]
    .map((name) => [name, header(`ce-${name}`)] as const)
    .filter(([, value]) => value !== undefined)
  const envelope = JSON.stringify(Object.fromEntries(given.map(([name, value]) => [name, decoded(value ?? '')])))
  return Buffer.concat([Buffer.from(`${envelope.slice(0, -1)},"data":`), body, Buffer.from('}')])
}

const attributes = ['id', 'source', 'type', 'subject', 'time'] as const

function parsed(text: string): unknown {
  try {
    return parseExact(text)
  } catch {
    return undefined
  }
}

function faultOf(envelope: unknown): string | undefined {
  if (!isObject(envelope)) return 'is not a CloudEvent'
  const version = envelope['specversion']
  if (version !== '1.0')
    return `is not a CloudEvent 1.0: "specversion" is ${version === undefined ? 'missing' : JSON.stringify(version)}`
  const lacking = ['id', 'source', 'type'].find((name) => typeof envelope[name] !== 'string' || envelope[name] === '')
  if (lacking !== undefined) return `is not a CloudEvent: "${lacking}" needs a text that is not empty`
  if ('data_base64' in envelope) return 'has its data as base64; send a JSON object as "data"'
  return isObject(envelope['data']) ? undefined : 'has no JSON object as "data", so there is no row in it'
}

function row(envelope: Readonly<Record<string, unknown>>, columns: ReadonlySet<string>): string {
  const wanted = attributes
    .filter((name) => columns.has(`ce_${name}`) && name in envelope)
    .map((name): [string, unknown] => [`ce_${name}`, envelope[name]])
  return JSON.stringify({ ...(envelope['data'] as object), ...Object.fromEntries(wanted) })
}

/** Headers carry what is not ASCII as percent signs and hexadecimal digits. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
