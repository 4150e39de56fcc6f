import fc from 'fast-check'
import { parseExact } from './exact-json.ts'

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? '-0' : String(value))),
  fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }).map(String),
  fc.constantFrom('1e400', '-1E+400', '0.10', '1e-500', '-0.0'),
)
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '1', 'true', 'null', '[1]', '{"a":1}', '\u0000', '\\', '"', '/'), fc.json()) // prettier-ignore

/** JSON texts of values that are not null, in the form in which they come back. */
export const jsonTexts = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.constantFrom('true', 'false'),
    number,
    text.map((each) => JSON.stringify(each)),
    fc.array(fc.oneof(tie('value'), fc.constant('null')), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(text, tie('value')), { maxLength: 4, selector: ([name]) => name })
      .map((entries) => JSON.stringify(parseExact(`{${entries.map(([name, each]) => `${JSON.stringify(name)}:${each}`).join(',')}}`))), // prettier-ignore
  ),
})).value
