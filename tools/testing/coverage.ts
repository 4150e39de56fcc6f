/** Line coverage from the files that V8 writes, one per process, into the folder of NODE_V8_COVERAGE. */
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isTest } from '../boundaries/source.ts'

export interface FileCoverage {
  /** From the root, with `/`. */
  readonly path: string
  /** Lines with code, without comments and types. */
  readonly lines: number
  readonly covered: number
}

interface Script {
  readonly url: string
  readonly functions: readonly { readonly ranges: readonly Range[] }[]
}

interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

/**
 * Coverage of the product's `.ts` files; one that no process loaded has no covered line. Left out: pages (`.tsx`),
 * which only the journeys run, and processes that were killed, which write nothing.
 */
export function coverageOf(root: string, folder: string, files = productFiles(root)): FileCoverage[] {
  const known = new Map(files.map((path) => [pathToFileURL(join(root, path)).href, new CoveredLines(root, path)]))
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: readonly Script[] }
    for (const script of result) known.get(script.url)?.add(script)
  }
  return [...known.values()].map((lines) => lines.sum())
}

export function percentOf(files: readonly FileCoverage[]): number {
  const total = (key: 'lines' | 'covered'): number => files.reduce((sum, file) => sum + file[key], 0)
  return (100 * total('covered')) / Math.max(1, total('lines'))
}

/** The files with the most uncovered lines. */
export function leastCovered(files: readonly FileCoverage[], count = 10): FileCoverage[] {
  const uncovered = ({ lines, covered }: FileCoverage): number => lines - covered
  return files.toSorted((a, b) => uncovered(b) - uncovered(a)).slice(0, count)
}

function productFiles(root: string): string[] {
  return ['src', 'connectors', 'packs'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .map((path) => `${top}/${path}`)
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !isTest(path)),
  )
}

class CoveredLines {
  readonly #path: string
  /** Where each line with code begins and ends, without the white space around it. */
  readonly #lines: readonly { readonly from: number; readonly to: number }[]
  readonly #covered: Uint8Array
  readonly #length: number

  constructor(root: string, path: string) {
    const code = withoutComments(stripTypeScriptTypes(readFileSync(join(root, path), 'utf8')))
    this.#path = path
    this.#length = code.length
    this.#lines = [...code.matchAll(/\S(?:.*\S)?/g)].map((match) => ({
      from: match.index,
      to: match.index + match[0].length,
    }))
    this.#covered = new Uint8Array(this.#lines.length)
  }

  /** A line is covered when any of its characters ran in any process. */
  add({ functions }: Script): void {
    const ran = new Uint8Array(this.#length)
    const ranges = functions.flatMap((each) => each.ranges)
    const outerFirst = ranges.toSorted((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset)
    for (const { startOffset, endOffset, count } of outerFirst) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset)
    this.#lines.forEach(({ from, to }, index) => {
      const first = this.#covered[index] === 1 ? -1 : ran.indexOf(1, from)
      if (first >= 0 && first < to) this.#covered[index] = 1
    })
  }

  sum(): FileCoverage {
    return {
      path: this.#path,
      lines: this.#lines.length,
      covered: this.#covered.reduce((sum, one) => sum + one, 0),
    }
  }
}

/** Blanks comments that have a line of their own, so that places stay. */
function withoutComments(code: string): string {
  return code.replace(/^[ \t]*(\/\/.*|\/\*[\s\S]*?\*\/)[ \t]*$/gm, (comment) => comment.replace(/[^\n]/g, ' '))
}
