import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { jsonPlace } from './json-place.ts'

test('the first fault is found with its line and column', () => {
  const cases: [string, number, number, RegExp][] = [
    ['', 1, 1, /ends too early/],
    ['{', 1, 2, /ends too early/],
    ['{"a":1,}', 1, 8, /name in double quotes, found "}"/],
    ['{"a":1\n"b":2}', 2, 1, /expected "," or "}"/],
    ["{'a':1}", 1, 2, /double quotes/],
    ['[1,2', 1, 5, /ends too early/],
    ['[1,,2]', 1, 4, /unexpected ","/],
    ['[01]', 1, 2, /unexpected/],
    ['{"a" 1}', 1, 6, /expected ":"/],
    ['[nul]', 1, 2, /unexpected "n"/],
    ['{} {}', 1, 4, /after the end/],
    ['["a\nb"]', 1, 4, /broken text/],
    [String.raw`["a\x"]`, 1, 4, /broken text/],
    ['[\n  1,\n  NaN\n]', 3, 3, /unexpected "N"/],
  ]
  for (const [text, line, column, reason] of cases) {
    assert.throws(() => JSON.parse(text))
    const place = jsonPlace(text)
    assert.deepEqual([place.line, place.column], [line, column], text)
    assert.match(place.reason, reason, text)
  }
})

test('for every text that is not JSON a place within it is named, and the text before it could be the beginning of JSON', () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', 'x', '{', ':', '\\', '0'))
    .map(([text, at, noise]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + noise + text.slice(place + 1)
    })
  fc.assert(
    fc.property(broken, (text) => {
      try {
        JSON.parse(text)
        return
      } catch {
        const { line, column } = jsonPlace(text)
        const lines = text.split('\n')
        assert.ok(line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1)
      }
    }),
    { numRuns: 500 },
  )
})

test('a million open brackets cost no stack', () => {
  assert.match(jsonPlace('['.repeat(1_000_000)).reason, /ends too early/)
})

test('strings of many millions of characters and escapes cost no stack', () => {
  for (const part of ['x', '\\n']) {
    const name = part.repeat(9_000_000)
    assert.deepEqual(jsonPlace(`["${name}",]`), {
      line: 1,
      column: name.length + 5,
      reason: 'unexpected "]"',
    })
  }
})
