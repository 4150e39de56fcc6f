import type { Example } from './read.ts'

/** What a file exports: the name, and whether it is only a type. */
export type Exports = ReadonlyMap<string, 'value' | 'type'>

/** A file whose exports an example may use without importing them. */
export interface InScope {
  readonly path: string
  readonly exports: Exports
}

const valueBegins = /^(?:['"`{[…]|-?\d|(?:true|false|null|undefined|NaN|-?Infinity)\b)/

/**
 * An example as a program whose lines keep their numbers of the file, so that a type error or a
 * stack names the right one. What a comment behind or below a statement shows becomes a check.
 */
export function programOf(example: Example, scope: readonly InScope[], checkPath: string): string {
  const body = withChecks(example)
  const imports = [`import { shows } from '${checkPath}'`, ...importsFor(example.lines.join('\n'), scope)]
  return [imports.join('; '), ...Array<string>(example.line - 2).fill(''), ...body, ''].join('\n')
}

/** Declarations and re-exports, read as text. */
export function exportsOf(text: string): Exports {
  const found = new Map<string, 'value' | 'type'>()
  for (const [, kind, name] of text.matchAll(
    /^export (?:declare )?(?:abstract )?(?:async )?(function\*?|const|let|class|interface|type|enum) ([\w$]+)/gm,
  )) {
    if (found.get(name!) !== 'value') found.set(name!, kind === 'interface' || kind === 'type' ? 'type' : 'value')
  }
  for (const [, all, list] of text.matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    for (const part of list!.split(',').filter((part) => part.trim() !== '')) {
      const [, type, name] = /^\s*(type )?(?:[\w$]+ as )?([\w$]+)\s*$/.exec(part)!
      found.set(name!, all || type ? 'type' : 'value')
    }
  }
  return found
}

function importsFor(code: string, scope: readonly InScope[]): string[] {
  const plain = code.replace(/\/\/ .*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, '')
  const declared = new Set(
    [
      ...code.matchAll(
        /\b(?:const|let|function|class|interface|type)\s+(\{[^}=]*\}|\[[^\]=]*\]|[\w$]+)|^import\s[^'"]*/gm,
      ),
    ].flatMap(([all, names]) => (names ?? all).replace(/[\w$]+\s*:/g, '').match(/[\w$]+/g) ?? []),
  )
  return scope.flatMap(({ path, exports }) => {
    const names = [...exports].filter(
      ([name]) => !declared.has(name) && new RegExp(`(?<![.\\w$])${name}\\b(?!\\s*:)`).test(plain),
    )
    for (const [name] of names) declared.add(name)
    if (names.length === 0) return []
    return [
      `import { ${names.map(([name, kind]) => (kind === 'type' ? `type ${name}` : name)).join(', ')} } from '${path}'`,
    ]
  })
}

/** `expression // value`, `const name = expression // value`, or the value in comments of its own below. */
function withChecks({ file, line, lines }: Example): string[] {
  const out = [...lines]
  for (let at = 0; at < lines.length; at += 1) {
    const [, code = '', shown = ''] = /^(|.*\S)\s*\/\/ (.*)$/.exec(lines[at]!) ?? []
    if (!valueBegins.test(shown)) continue
    let value = shown
    let end = at
    if (code === '') {
      end = at - 1
      if (end < 0 || /^\s*(\/\/.*)?$/.test(lines[end]!))
        throw new Error(`${file}:${line + at} shows a value below no statement.`)
      while (lines[at + 1]?.startsWith('// ')) value += `\n${lines[(at += 1)]!.slice(3)}`
    }
    let start = end
    while (start > 0 && /^(\s|[)\]}.])/.test(lines[start]!)) start -= 1
    out[end] = code === '' ? out[end]! : code
    const named = /^(?:export )?(?:const|let) ([\w$]+|.)/.exec(lines[start]!)?.[1]
    if (named !== undefined && !/[\w$]/.test(named))
      throw new Error(
        `${file}:${line + end} shows a value behind several names. Show one of them on a line of its own.`,
      )
    if (named === undefined) out[start] = `;shows((${out[start]}`
    out[end] += named === undefined ? `), ${JSON.stringify(value)})` : `; shows(${named}, ${JSON.stringify(value)})`
  }
  return out
}
