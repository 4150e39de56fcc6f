/** The elements of a list within JSON text that comes in pieces, without holding the whole. */
import { parseJsonValue } from '#core/parse-json'
import { httpFailures } from './errors.ts'
import { stepsOf } from './json-path.ts'

export interface JsonElement {
  readonly text: string
  /** It is an element of the list; otherwise the value at the path, which is no list. */
  readonly within: boolean
}

interface Level {
  readonly list: boolean
  /** The key or index of the value that comes next or is open. */
  key: string
  index: number
  /** In an object, before a key. */
  awaitsKey: boolean
}

/** Yields nothing when the list is empty; rejects when there is nothing at the path. */
export async function* jsonElements(
  chunks: AsyncIterable<string>,
  path: string,
  url: string,
): AsyncGenerator<JsonElement> {
  const scanner = new JsonScanner(stepsOf(path))
  for await (const chunk of chunks) {
    yield* scanner.push(chunk)
    if (scanner.fault() === 'bracket') break
  }
  for (const element of scanner.push(' ')) yield element
  const fault = scanner.fault()
  if (fault === 'bracket') throw httpFailures.json({ url, because: 'a closing bracket does not match the open one.' })
  if (fault === 'wrong') throw httpFailures.json({ url, because: 'it does not begin with a JSON value.' })
  if (fault === 'cut') throw httpFailures.json({ url, because: 'it ends in the middle of a value.' })
  if (fault === 'nothing') throw httpFailures.records({ url, path, found: 'nothing' })
}

type Fault = 'bracket' | 'wrong' | 'cut' | 'nothing'

class JsonScanner {
  readonly #wanted: readonly string[]
  readonly #levels: Level[] = []
  #inText = false
  #escaped = false
  /** What is being collected, and the depth at which it ends. */
  #element: { text: string; depth: number; within: boolean } | undefined
  /** The text of a key, while it is read and until its colon. */
  #key: string | undefined
  /** A value that is no object and no list is being read. */
  #inScalar = false
  #found = false
  #ended = false
  #wrong = false
  /** Nothing is read behind it. */
  #mismatch = false

  constructor(wanted: readonly string[]) {
    this.#wanted = wanted
  }

  *push(chunk: string): Generator<JsonElement> {
    for (const character of chunk) {
      if (this.#mismatch) return
      if (this.#inText) yield* this.#text(character)
      else yield* this.#structure(character)
    }
  }

  fault(): Fault | undefined {
    if (this.#mismatch) return 'bracket'
    if (this.#wrong) return 'wrong'
    if (!this.#ended) return 'cut'
    return this.#found ? undefined : 'nothing'
  }

  *#text(character: string): Generator<JsonElement> {
    this.#collect(character)
    if (this.#key !== undefined) this.#key += character
    if (this.#escaped) this.#escaped = false
    else if (character === '\\') this.#escaped = true
    else if (character === '"') {
      this.#inText = false
      if (this.#inScalar) yield* this.#end()
    }
  }

  *#structure(character: string): Generator<JsonElement> {
    if (this.#inScalar && /[\s,\]}]/.test(character)) yield* this.#end()
    if (/\s/.test(character)) return
    const level = this.#levels.at(-1)
    switch (character) {
      case '{':
      case '[':
        this.#begin(character === '[')
        this.#collect(character)
        this.#levels.push({ list: character === '[', key: '0', index: 0, awaitsKey: character === '{' })
        return
      case '}':
      case ']':
        this.#mismatch = this.#levels.pop()?.list !== (character === ']')
        if (this.#mismatch) return
        this.#collect(character)
        yield* this.#end()
        return
      case ',':
        if (level?.list === true) level.key = String((level.index += 1))
        else if (level !== undefined) level.awaitsKey = true
        return this.#collect(character)
      case ':':
        if (level !== undefined)
          Object.assign(level, { key: parseJsonValue(this.#key ?? '""') as string, awaitsKey: false })
        this.#key = undefined
        return this.#collect(character)
      default:
        return this.#beginScalar(character)
    }
  }

  #beginScalar(character: string): void {
    const level = this.#levels.at(-1)
    this.#inText = character === '"'
    if (this.#inText && level?.awaitsKey === true) this.#key = '"'
    else if (!this.#inScalar) {
      if (level === undefined && !/["\-0-9tfn]/.test(character)) this.#wrong = true
      this.#begin(false)
      this.#inScalar = true
    }
    this.#collect(character)
  }

  /** A value begins: is it the list, an element of it, or another value at the path? */
  #begin(opensList: boolean): void {
    if (this.#element !== undefined) return
    const depth = this.#levels.length
    if (this.#isAt(0)) {
      this.#found = true
      if (!opensList) this.#element = { text: '', depth, within: false }
    } else if (this.#isAt(1) && this.#levels.at(-1)?.list === true) this.#element = { text: '', depth, within: true }
  }

  #isAt(below: number): boolean {
    const levels = this.#levels
    return (
      levels.length === this.#wanted.length + below &&
      this.#wanted.every((step, index) => levels[index]?.key === step && !levels[index].awaitsKey)
    )
  }

  #collect(character: string): void {
    if (this.#element !== undefined) this.#element.text += character
  }

  *#end(): Generator<JsonElement> {
    this.#inScalar = false
    if (this.#levels.length === 0) this.#ended = true
    if (this.#element === undefined || this.#levels.length !== this.#element.depth) return
    const { text, within } = this.#element
    this.#element = undefined
    yield { text, within }
  }
}
