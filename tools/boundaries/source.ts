import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Source {
  /** From the root, with `/`. */
  readonly path: string
  readonly lines: number
  readonly imports: readonly Import[]
  readonly defaultExport: boolean
  /** Lines where `any` is used with no reason on them or in the two before. */
  readonly bareAny: readonly number[]
  /** The text without doc comments, each at its line. */
  readonly code: string
}

export interface Import {
  readonly from: string
  readonly typeOnly: boolean
  readonly line: number
}

const roots = ['src', 'connectors', 'packs', 'tests', 'tools', 'bench', 'examples', 'bin']

export function readSources(root: string): Source[] {
  const found: Source[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.name.startsWith('.')) continue
      if (entry.isDirectory() || (entry.isSymbolicLink() && statSync(join(root, path)).isDirectory())) {
        if (entry.name !== 'node_modules') walk(path)
      } else if (/\.(ts|tsx|mts|mjs|sql)$/.test(entry.name))
        found.push(readSource(path, readFileSync(join(root, path), 'utf8')))
      else if (entry.name.endsWith('.ts.txt')) found.push(readTemplate(path, readFileSync(join(root, path), 'utf8')))
    }
  }
  const there = new Set(readdirSync(root))
  for (const folder of roots) if (there.has(folder)) walk(folder)
  return found
}

/** Statements begin a line, as the formatter has it; comments and templates do not count. */
const statement = /^(?:import|export)\s+(?:(type)\s)?(?:[\w$*{][^'"`;()=]*?\sfrom\s+)?(['"])([^'"\n]+)\2/gm
const dynamic = /^(?!\s*(?:\*|\/\/)).*?\bimport\(\s*(['"])([^'"\n]+)\1/gm
const typeQuery = /(?:typeof\s+|:\s*|<\s*)import\(\s*$/

export function readSource(path: string, text: string): Source {
  const code = withoutComments(text)
  const imports: Import[] = []
  for (const match of code.matchAll(statement)) {
    const onlyTypes =
      match[1] === 'type' || /^(?:import|export)\s*\{\s*(?:type\s+[\w$]+(?:\s+as\s+[\w$]+)?\s*,?\s*)+\}/.test(match[0])
    imports.push({ from: match[3]!, typeOnly: onlyTypes, line: lineAt(code, match.index) })
  }
  for (const match of code.matchAll(dynamic)) {
    const before = match[0].slice(0, match[0].lastIndexOf(match[1]!, match[0].length - 2 - match[2]!.length))
    imports.push({ from: match[2]!, typeOnly: typeQuery.test(before), line: lineAt(code, match.index) })
  }
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  return {
    path,
    lines,
    imports,
    bareAny: bareAnyIn(text),
    code,
    defaultExport: /^export default\b|^export\s*\{[^}]*\bas default\b/m.test(code),
  }
}

/** Of a file that other files are made from, only the faces count that it imports. */
function readTemplate(path: string, text: string): Source {
  const source = readSource(path, text)
  return {
    ...source,
    defaultExport: false,
    imports: source.imports.filter(({ from }) => from.startsWith('#') && !from.includes('__')),
  }
}

function bareAnyIn(text: string): number[] {
  if (!/\bany\b/.test(text)) return []
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const used = /(?:[:<,|&]|\bas|=>)\s*any\b(?!`)/.test(line.replace(/\/\/.*|(['"`]).*?\1|^\s*\*.*/g, ''))
    return used && !/(?:\/\/|\*).*\bany\b/.test(lines.slice(Math.max(0, index - 2), index + 1).join(' '))
      ? [index + 1]
      : []
  })
}

/** Doc comments that begin a line become blanks, so that places stay. */
function withoutComments(text: string): string {
  return text.replace(/^\/\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, ' '))
}

export function lineAt(text: string, index: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

/** Tests, and what only tests load: suites of ports, fixtures, samples. */
export function isTest(path: string): boolean {
  return /\.(test|journey)\.tsx?$|-fixture\.ts$|\/test-[^/]+\.ts$|\/samples\.ts$|^(tests|bench)\/|\/(suites|fixtures)\//.test(
    path,
  )
}
