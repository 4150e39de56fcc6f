import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assertProperty } from '#tests/long-form'
import { parseExact } from './exact-json.ts'
import { parseJsonValue } from './parse-json.ts'

const names = (text: string): [string[], string[]] => [
  Object.keys(parseJsonValue(text) as object),
  Object.keys(parseExact(text) as object),
]

test('a name with an escape is not taken for a name that was read before at the same place', () => {
  const texts: [before: string, text: string, name: string][] = [
    [String.raw`{"a":1,"\\":2}`, String.raw`{"a":1,"\u0000":2}`, '\u0000'],
    [String.raw`{"b":1,"\\":2}`, String.raw`{"b":1,"\n":2}`, '\n'],
    [String.raw`{"c":1,"x\\":2}`, String.raw`{"c":1,"x\"":2}`, 'x"'],
    [String.raw`{"d":1,"\\nab":2}`, String.raw`{"d":1,"\nabc" : 2}`, '\nabc'],
    [String.raw`{"e":1,"\\u00":2}`, String.raw`{"e":1,"\u0041bcd":"\\"}`, 'Abcd'],
  ]
  for (const [before, text, name] of texts) {
    parseJsonValue(before)
    for (const found of names(text)) assert.deepEqual(found, [text[2], name])
  }
})

test('two names of which one would be read as the other keep both values', () => {
  parseJsonValue(String.raw`{"f":1,"\\":2,"g":3}`)
  const text = String.raw`{"f":1,"\n":2,"\\":3}`
  assert.deepEqual(parseJsonValue(text), { f: 1, '\n': 2, '\\': 3 })
  assert.equal(JSON.stringify(parseExact(text)), text)
})

/** A JSON text, its value, and the text in which `JSON.stringify` writes a value whose numbers kept their digits. */
interface Sample {
  readonly text: string
  readonly value: unknown
  readonly exact: string
}

const letters = ['\\', '\n', '"', '\u0000', 'n', 'u', '0', 'a', ':', ',', '{', '}', '€', ' ']
const name = fc.oneof(
  fc.array(fc.constantFrom(...letters), { maxLength: 5 }).map((found) => found.join('')),
  fc.constantFrom('__proto__', '1', '0', '\\u00', '\\nab'),
)
const written = fc.tuple(name, fc.boolean()).map(([value, allEscaped]): Sample => {
  const hex = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  const plain = JSON.stringify(value)
  return { text: allEscaped ? `"${value.replace(/[^]/g, hex)}"` : plain, value, exact: plain }
})
const scalar = fc.constantFrom('true', 'false', 'null', '-0', '1e400', '9007199254740993', '1.10', '[]', '{}')
const blank = fc.constantFrom('', '', ' ', '\n\t')

const samples = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    written,
    scalar.map((text): Sample => ({ text, value: JSON.parse(text), exact: text })),
    fc.tuple(blank, fc.array(tie('sample'), { maxLength: 3 })).map(([gap, items]): Sample => ({
      text: `[${items.map(({ text }) => gap + text + gap).join(',')}]`,
      value: items.map(({ value }) => value),
      exact: `[${items.map(({ exact }) => exact).join(',')}]`,
    })),
    fc.tuple(blank, fc.array(fc.tuple(written, tie('sample')), { maxLength: 3 })).map(([gap, entries]): Sample => {
      const own = (each: 'value' | 'exact'): [string, unknown][] =>
        entries.map(([key, sample]) => [String(key.value), sample[each]])
      const exact = Object.entries(Object.fromEntries(own('exact')))
      return {
        text: `{${entries.map(([key, { text }]) => `${gap}${key.text}${gap}:${gap}${text}`).join(',')}}`,
        value: Object.fromEntries(own('value')),
        exact: `{${exact.map(([key, text]) => `${JSON.stringify(key)}:${String(text)}`).join(',')}}`,
      }
    }),
  ),
})).sample

test('any JSON text is read as it was written, whatever was read before', async () => {
  await assertProperty(
    fc.property(fc.array(samples, { minLength: 1, maxLength: 8 }), (found) => {
      for (const { text, value, exact } of found) {
        assert.deepEqual(parseJsonValue(text), value)
        assert.equal(JSON.stringify(parseExact(text)), exact)
      }
    }),
    { short: 1_000, long: 50_000 },
  )
})

test('a text that is no JSON is refused, with an escaped name too', () => {
  for (const text of [
    '',
    '{',
    String.raw`{"\n":1`,
    String.raw`{"\n":1}}`,
    String.raw`{"\x":1}`,
    String.raw`{"\n":01}`,
  ]) {
    assert.throws(() => parseJsonValue(text), SyntaxError)
    assert.throws(() => parseExact(text), SyntaxError)
  }
})
