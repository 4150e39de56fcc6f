/** Functions of the product that are too long or take too many parameters, found by oxlint. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Crossing } from './crossing.ts'
import { isTest } from './source.ts'

const tools = join(import.meta.dirname, '..', '..', 'node_modules', '.bin')
const rules = { 'eslint(max-lines-per-function)': 'long-function', 'eslint(max-params)': 'many-parameters' } as const

interface Finding {
  readonly code: string
  readonly message: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number } }[]
}

/** `debts` are allowed, each once, as `file rule function`; one that is no longer needed is a crossing itself. */
export async function functionCrossings(root: string, debts: readonly string[]): Promise<Crossing[]> {
  const open = [...debts]
  const crossings: Crossing[] = []
  for (const { code, message, filename, labels } of await findings(root)) {
    const rule = rules[code as keyof typeof rules]
    if (rule === undefined || isTest(filename)) continue
    const name = /[`'"](\w+)[`'"]/.exec(message)?.[1] ?? 'unnamed'
    const debt = open.indexOf(`${filename} ${rule} ${name}`)
    if (debt >= 0) open.splice(debt, 1)
    else crossings.push({ file: filename, line: labels[0]?.span.line ?? 1, rule, says: advice(message, rule) })
  }
  for (const debt of open)
    crossings.push({
      file: 'tools/boundaries/debts.ts',
      line: 1,
      rule: 'paid-debt',
      says: `"${debt}" is no longer needed; remove it from the list`,
    })
  return crossings
}

function advice(message: string, rule: string): string {
  return `${message} ${rule === 'long-function' ? 'Split it along its parts.' : 'Pass an object with names.'}`
}

async function findings(root: string): Promise<readonly Finding[]> {
  const config = join(import.meta.dirname, 'functions.oxlintrc.json')
  const child = spawn(process.execPath, [join(tools, 'oxlint'), '-c', config, '--format=json', '.'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output = (await child.stdout.toArray()).join('')
  return (JSON.parse(output) as { diagnostics: readonly Finding[] }).diagnostics
}
