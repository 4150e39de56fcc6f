/** Lines of NDJSON, counted and cut without making text of them. */

/** Lines that are not empty. Lines of spaces alone count: the engine's own count shows them up. */
export function countLines(bytes: Buffer): number {
  let count = 0
  let start = 0
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    if (!isEmpty(bytes, start, end)) count += 1
    start = end + 1
  }
  return isEmpty(bytes, start, bytes.length) ? count : count + 1
}

export interface Line {
  /** The first line is 1; empty ones count, as in an editor. */
  readonly number: number
  readonly bytes: Buffer
}

export function* linesOf(bytes: Buffer): Generator<Line> {
  let start = 0
  for (let number = 1; start < bytes.length; number += 1) {
    const next = bytes.indexOf(10, start)
    const end = next === -1 ? bytes.length : next
    if (!isBlank(bytes, start, end)) yield { number, bytes: bytes.subarray(start, end) }
    start = end + 1
  }
}

function isEmpty(bytes: Buffer, start: number, end: number): boolean {
  return end === start || (end === start + 1 && bytes[start] === 13)
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]
    if (byte !== 32 && byte !== 9 && byte !== 13) return false
  }
  return true
}
