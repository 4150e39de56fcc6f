import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { isNumber, isObject } from '#core/exact-json'
import { fields, table } from './table.ts'

export interface Output {
  /** Data, to standard output. */
  print(text: string): void
  /** Progress and notes, to standard error. */
  say(line: string): void
  readonly json: boolean
}

export function output(json: boolean): Output {
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (line) => void process.stderr.write(`${line}\n`),
    json,
  }
}

/** An answer of the API: JSON for programs; a table of items or the fields of one thing for people. */
export function showAnswer(answer: unknown, out: Output, columns: readonly string[] | undefined): void {
  if (out.json) {
    if (answer !== undefined) out.print(JSON.stringify(answer, undefined, 2))
    return
  }
  if (answer === undefined) return out.say('done')
  if (typeof answer !== 'object' || answer === null) return out.print(String(answer))
  const list = itemsOf(answer)
  if (!list) return out.print(fields(answer))
  if (list.about) out.print(`${fields(list.about)}\n`)
  if (list.items.length === 0) return out.say('nothing there')
  const headers = columns ?? shownColumns(list.items)
  out.print(
    table(
      headers,
      list.items.map((item) => headers.map((name) => item[name])),
      process.stdout.columns,
    ),
  )
  if (list.next) out.say(`There is more: --cursor ${list.next}, or --all`)
}

type Item = Readonly<Record<string, unknown>>

interface List {
  readonly items: readonly Item[]
  readonly next?: string
  /** The rest of the answer, where it is more than a list. */
  readonly about?: object
}

function itemsOf(answer: object): List | undefined {
  if (Array.isArray(answer)) return isItems(answer) ? { items: answer } : undefined
  const { items, next, ...rest } = answer as { items?: unknown; next?: unknown }
  if (Array.isArray(items) && isItems(items)) return { items, ...(typeof next === 'string' && { next }) }
  const lists = Object.entries(rest).filter(
    (entry): entry is [string, Item[]] => Array.isArray(entry[1]) && isItems(entry[1]),
  )
  const [only] = lists
  if (!only || lists.length > 1) return undefined
  return { items: only[1], about: Object.fromEntries(Object.entries(rest).filter(([name]) => name !== only[0])) }
}

function isItems(list: readonly unknown[]): list is readonly Item[] {
  return list.every(isObject)
}

/** What fits on a line: simple values first, a few of them. */
function shownColumns(items: readonly Item[]): string[] {
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))]
  const isSimple = (value: unknown) => typeof value !== 'object' || value === null || isNumber(value)
  const simple = names.filter((name) => items.every((item) => isSimple(item[name])))
  return (simple.length > 0 ? simple : names).slice(0, 7)
}

/** A streamed answer goes where it was asked to go, byte by byte. */
export async function writeStream(response: Response, file: string | undefined): Promise<void> {
  if (!response.body) return
  const source = Readable.fromWeb(response.body as WebStream)
  if (file !== undefined) return pipeline(source, createWriteStream(file))
  await pipeline(source, process.stdout, { end: false })
}
