/**
 * `JSON.parse` that names the properties of objects right. JSON that others write comes through here or through
 * `parseExact`; only the browser reads the error answers of the server by itself.
 *
 * ```ts
 * parseJsonValue('{"a": 1, "\\n": [2]}') // { a: 1, '\n': [2] }
 * ```
 *
 * V8 has an error (https://github.com/nodejs/node/issues/63785; Node 24.21 has it): it looks for the next property by
 * the characters of the text, before it decodes escapes. It gives a property the wrong name when
 * - the name is written with an escape, and is n characters long when decoded,
 * - the first n characters of the name as it is written are the name of a property that an object parsed
 *   earlier, with as many properties and the same ones before it, has at this place.
 *
 * After `{"a":1,"\\":2}`, where the name is one backslash, `{"a":1,"\n":2}` has the property `\` instead of a new line.
 * So texts without a backslash in a name are always read right, whatever was read before, and the others are read here.
 */
export function parseJsonValue(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return hasEscapedName(text) ? valueOf(text, (number) => number) : value
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

/** Whether a name in this valid JSON text is written with an escape. */
export function hasEscapedName(text: string): boolean {
  let at = text.indexOf('\\')
  while (at !== -1) {
    const end = stringEnd(text, at)
    if (text.charCodeAt(blankEnd(text, end)) === colon) return true
    at = text.indexOf('\\', end)
  }
  return false
}

/** The value of a valid JSON text; of a name that an object has twice the last value counts, as in `JSON.parse`. */
export function valueOf(text: string, numberOf: (value: number, written: string) => unknown): unknown {
  const open: Open[] = []
  let at = 0
  for (;;) {
    at = blankEnd(text, at)
    const inside = open.at(-1)
    let value: unknown
    switch (text.charCodeAt(at)) {
      case openBrace:
        open.push({ entries: [], name: undefined })
        at += 1
        continue
      case openBracket:
        open.push([])
        at += 1
        continue
      case comma:
      case colon:
        at += 1
        continue
      case closeBrace:
      case closeBracket:
        open.pop()
        value = Array.isArray(inside) ? inside : Object.fromEntries(inside!.entries)
        at += 1
        break
      case quote: {
        const end = stringEnd(text, at + 1)
        const string = stringOf(text.slice(at, end))
        at = end
        if (inside !== undefined && !Array.isArray(inside) && inside.name === undefined) {
          inside.name = string
          continue
        }
        value = string
        break
      }
      default: {
        const end = wordEnd(text, at)
        const word = text.slice(at, end)
        value = /^[-\d]/.test(word) ? numberOf(Number(word), word) : JSON.parse(word)
        at = end
      }
    }
    const outer = open.at(-1)
    if (outer === undefined) return value
    if (Array.isArray(outer)) outer.push(value)
    else {
      outer.entries.push([outer.name!, value])
      outer.name = undefined
    }
  }
}

/** A list, or an object whose next value has this name. */
type Open = unknown[] | { readonly entries: [string, unknown][]; name: string | undefined }

function stringOf(written: string): string {
  return written.includes('\\') ? String(JSON.parse(written)) : written.slice(1, -1)
}

/** Behind the string that `at` is in, not between a backslash and what it escapes. */
function stringEnd(text: string, at: number): number {
  for (let from = at; ;) {
    const end = text.indexOf('"', from)
    if (end === -1) return text.length
    let backslashes = end
    while (backslashes > from && text.charCodeAt(backslashes - 1) === backslash) backslashes -= 1
    if ((end - backslashes) % 2 === 0) return end + 1
    from = end + 1
  }
}

/** Behind the number, `true`, `false` or `null` at `at`. */
function wordEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && !',]} \t\n\r'.includes(text.charAt(end))) end += 1
  return end
}

function blankEnd(text: string, at: number): number {
  let end = at
  while (isBlank(text.charCodeAt(end))) end += 1
  return end
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
