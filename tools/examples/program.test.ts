import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportsOf, programOf } from './program.ts'

const program = (code: string, line = 2): string[] =>
  programOf({ file: 'x.ts', line, language: 'ts', lines: code.split('\n') }, [], '/shows.ts')
    .split('\n')
    .slice(1)

test('a value behind a statement, or below it, becomes a check', () => {
  assert.deepEqual(program('add(1, 2) // 3\nconst sum = add(\n  1,\n) // 1\nlist()\n// [1,\n//  2]'), [
    ';shows((add(1, 2)), "3")',
    'const sum = add(',
    '  1,',
    '); shows(sum, "1")',
    ';shows((list()), "[1,\\n 2]")',
    '// [1,',
    '//  2]',
    '',
  ])
})

test('lines keep their numbers, and words stay words', () => {
  assert.deepEqual(program("fetch('http://x') // once a day", 4), ['', '', "fetch('http://x') // once a day", ''])
})

test('a value that belongs to no statement or to several names is refused with its place', () => {
  assert.throws(() => program('\n// 3'), /x\.ts:3 shows a value below no statement/)
  assert.throws(() => program('const { a, b } = f() // 3'), /x\.ts:2 shows a value behind several names/)
})

test('an example uses what its file exports without importing it, unless it names something so itself', () => {
  const exports = exportsOf(
    'export const add = 1\nexport async function take() {}\nexport interface Sum {}\nexport { a as plus, type Way } from "./y.ts"\nexport const kept = 1',
  )
  assert.deepEqual(Object.fromEntries(exports), {
    add: 'value',
    take: 'value',
    Sum: 'type',
    plus: 'value',
    Way: 'type',
    kept: 'value',
  })
  const lines = ['const kept: Sum = add(plus.take, "Way")']
  const [first] = programOf(
    { file: 'x.ts', line: 2, language: 'ts', lines },
    [{ path: '/x.ts', exports }],
    '/shows.ts',
  ).split('\n')
  assert.equal(first, "import { shows } from '/shows.ts'; import { add, type Sum, plus } from '/x.ts'")
})
