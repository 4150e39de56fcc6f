import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { coverageOf, leastCovered, percentOf } from './coverage.ts'

const choice = `/** Comments are no lines of code. */
export interface Choice { readonly a: string }

export function choose(a: boolean): string {
  if (a) {
    return 'yes'
  }
  return 'no'
}
`

test('a line is covered when one process of several ran it; a file that none loaded counts as uncovered', () => {
  const root = mkdtempSync(join(tmpdir(), 'coverage-'))
  const folder = join(root, 'coverage')
  for (const name of ['src', 'connectors', 'packs']) mkdirSync(join(root, name))
  writeFileSync(join(root, 'src/choice.ts'), choice)
  writeFileSync(join(root, 'src/types.ts'), 'export type Only = string\n')
  writeFileSync(join(root, 'src/unused.ts'), 'export const one = 1\n\nexport const two = 2\n')
  writeFileSync(join(root, 'src/choice.test.ts'), 'void 0\n')
  const runWith = (argument: string): void => {
    const code = `require(process.argv[1]).choose(${argument})`
    execFileSync(process.execPath, ['-e', code, join(root, 'src/choice.ts')], {
      env: { ...process.env, NODE_V8_COVERAGE: folder },
      stdio: 'pipe',
    })
  }
  runWith('true')
  const once = coverageOf(root, folder)
  assert.deepEqual(
    once.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    [
      { path: 'src/choice.ts', lines: 6, covered: 5 },
      { path: 'src/types.ts', lines: 0, covered: 0 },
      { path: 'src/unused.ts', lines: 2, covered: 0 },
    ],
  )
  assert.equal(percentOf(once), (100 * 5) / 8)
  assert.equal(leastCovered(once, 1)[0]?.path, 'src/unused.ts')
  runWith('false')
  assert.equal(coverageOf(root, folder).find(({ path }) => path === 'src/choice.ts')?.covered, 6)
  rmSync(root, { recursive: true })
})
