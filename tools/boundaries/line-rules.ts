/** Rules about single lines of the product's code. */
import type { Crossing } from './crossing.ts'
import { isTest, type Source } from './source.ts'
import { unitOf } from './units.ts'

export interface LineRule {
  readonly rule: string
  readonly mayBreak: (path: string) => boolean
  /** What is wrong with a line without its comment. */
  readonly find: (code: string, path: string) => string | undefined
}

export function lineCrossings(rules: readonly LineRule[], { path, code }: Source): Crossing[] {
  if (isTest(path) || unitOf(path).layer === 'outside' || path.includes('/golden/')) return []
  const lines = code.split('\n').map((line) => line.replace(/^\s*(\*|\/\/|\/\*).*/, ''))
  return rules
    .filter(({ mayBreak }) => !mayBreak(path))
    .flatMap(({ rule, find }) =>
      lines.flatMap((line, index) => {
        const says = find(line, path)
        return says === undefined ? [] : [{ file: path, line: index + 1, rule, says }]
      }),
    )
}
