import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isTest } from '../boundaries/source.ts'

/** Code between fences in a doc comment, or in a document. */
export interface Example {
  /** From the root. */
  readonly file: string
  /** Of its first line of code. */
  readonly line: number
  readonly language: string
  readonly lines: readonly string[]
}

const folders = ['src', 'connectors', 'packs']

/** The ```ts and ```tsx examples in the doc comments of all product files. */
export function examplesInCode(root: string): Example[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
    )
    .filter((file) => /\.tsx?$/.test(file) && !isTest(file))
    .toSorted()
    .flatMap((file) => fenced(file, withoutStars(readFileSync(join(root, file), 'utf8'))))
    .filter(({ language }) => language === 'ts' || language === 'tsx')
}

/** The ```sh examples of one document. */
export function commandsIn(root: string, file: string): Example[] {
  return fenced(file, readFileSync(join(root, file), 'utf8').split('\n')).filter(({ language }) => language === 'sh')
}

/** The lines of doc comments as their reader sees them; all others empty. */
function withoutStars(text: string): string[] {
  return text.split('\n').map((line) => (/^\s*\*(?!\/) ?(.*)$/.exec(line)?.[1] ?? '').replaceAll('*\\/', '*/'))
}

function fenced(file: string, lines: readonly string[]): Example[] {
  const examples: Example[] = []
  let open: { language: string; from: number } | undefined
  for (const [index, line] of lines.entries()) {
    const fence = /^```(\w*)\s*$/.exec(line)
    if (!fence) continue
    if (open)
      examples.push({ file, line: open.from + 1, language: open.language, lines: lines.slice(open.from, index) })
    open = open ? undefined : { language: fence[1]!, from: index + 1 }
  }
  if (open) throw new Error(`${file}:${open.from} opens an example that never ends. Close it with \`\`\`.`)
  return examples
}
