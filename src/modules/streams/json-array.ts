/** A JSON array or object as NDJSON, by changing the few bytes between its elements. */
import { streamErrors } from './errors.ts'
import { slices } from './slices.ts'

const quote = 34
const backslash = 92
const [comma, newline, space] = [44, 10, 32]
const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125]
const pauseEvery = 1 << 18

/**
 * Works in place. Objects that follow each other without an array are NDJSON and left as they are.
 * The inside of the elements is not checked: whoever reads the lines finds their faults.
 */
export async function toNdjson(body: Buffer): Promise<Buffer> {
  const start = firstOf(body, 0)
  if (start === body.length) return body
  const array = body[start] === openArray
  if (!array && body[start] !== openObject)
    throw streamErrors.malformed({ reason: `it begins with "${String.fromCodePoint(body[start] ?? 0)}"` })
  const original = array ? undefined : Buffer.from(body)
  const rest = slices()
  let depth = 0
  let elementHasBytes = false
  let elements = 0
  for (let at = start, pauseAt = start + pauseEvery; at < body.length; at += 1) {
    if (at >= pauseAt) {
      await rest()
      pauseAt = at + pauseEvery
    }
    const byte = body[at]
    if (byte === quote) {
      at = endOfString(body, at)
      elementHasBytes = true
    } else if (byte === openArray || byte === openObject) {
      depth += 1
      if (array && depth === 1) body[at] = space
      else elementHasBytes = true
    } else if (byte === closeArray || byte === closeObject) {
      depth -= 1
      if (depth > 0) continue
      const end = firstOf(body, at + 1)
      if (end < body.length) {
        if (original !== undefined && body[end] === openObject) return original
        throw streamErrors.malformed({ reason: `something follows its end at byte ${end + 1}` })
      }
      if (array) body[at] = space
      if (array && !elementHasBytes && elements > 0)
        throw streamErrors.malformed({ reason: 'nothing follows the last comma' })
      // White space after the end must not look like further lines.
      return array && elements === 0 && !elementHasBytes ? body.subarray(0, 0) : body.subarray(0, at + 1)
    } else if (byte === comma && array && depth === 1) {
      if (!elementHasBytes)
        throw streamErrors.malformed({ reason: `there is nothing before the comma at byte ${at + 1}` })
      body[at] = newline
      elementHasBytes = false
      elements += 1
    } else if (byte === newline || byte === 13) {
      body[at] = space
    } else if (byte !== space && byte !== 9) {
      elementHasBytes = true
    }
  }
  throw streamErrors.malformed({ reason: 'its end is missing' })
}

function firstOf(body: Buffer, from: number): number {
  let at = from
  while (at < body.length && (body[at] === space || body[at] === newline || body[at] === 13 || body[at] === 9)) at += 1
  return at
}

function endOfString(body: Buffer, from: number): number {
  for (let end = body.indexOf(quote, from + 1); end !== -1; end = body.indexOf(quote, end + 1)) {
    let slashes = 0
    while (body[end - 1 - slashes] === backslash) slashes += 1
    if (slashes % 2 === 0) return end
  }
  return body.length
}
