import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Session } from 'chdb'
import fc from 'fast-check'
import { engineType } from '#core/dataset'
import {
  compileExpression,
  evaluateExpression,
  parseExpression,
  printExpression,
  scopeOf,
  type Expression,
  type Field,
} from './index.ts'
import { assertProperty, seed } from '#tests/long-form'
import { expressionOf, rowOf, sampleColumns, timeTexts, type SampleRow } from './samples.ts'
import { sqlString } from '../sql-text.ts'

const engine = new Session()
after(() => engine.cleanup())

const scope = scopeOf(sampleColumns)
const types = sampleColumns.map(
  ({ name, type, nullable }) => `${name} ${nullable ? `Nullable(${engineType(type)})` : engineType(type)}`,
)
const settings =
  'settings output_format_json_quote_64bit_integers = 1, output_format_json_quote_decimals = 1, output_format_decimal_trailing_zeros = 1'

function askEngine(expressions: readonly Expression[], rows: readonly SampleRow[]): readonly (readonly Field[])[] {
  const ndjson = rows.map((row, id) => JSON.stringify({ id, ...row })).join('\n')
  const columns = expressions.map((expression, index) => `${compileExpression(expression, scope).sql} as r${index}`)
  const source = `format(JSONEachRow, ${sqlString(`id UInt32, ${types.join(', ')}`)}, ${sqlString(ndjson)})`
  const answer = engine.query(
    `select ${columns.join(', ')} from ${source} order by id format JSONCompactEachRow ${settings}`,
    'JSONCompactEachRow',
  )
  return answer
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Field[])
}

function same(engineSays: Field, weSay: Field): boolean {
  if (typeof weSay === 'boolean') return Boolean(engineSays) === weSay && engineSays !== null
  if (typeof weSay === 'number' && typeof engineSays === 'number')
    return Math.abs(weSay - engineSays) <= Math.abs(weSay) * 1e-12
  return engineSays === weSay
}

const parsed = (text: string): Expression => {
  const result = parseExpression(text)
  assert.ok('expression' in result, JSON.stringify(result))
  return result.expression
}

test('the engine and the evaluator agree on random expressions over random rows', () => {
  const property = fc.property(expressionOf, fc.array(rowOf, { minLength: 1, maxLength: 12 }), (text, rows) => {
    const expression = parsed(text)
    const answers = askEngine([expression], rows)
    for (const [index, row] of rows.entries()) {
      const ours = evaluateExpression(expression, scope, row)
      const theirs = answers[index]![0]!
      assert.ok(
        same(theirs, ours),
        `${text} is ${JSON.stringify(ours)}, the engine says ${JSON.stringify(theirs)} for ${JSON.stringify(row)}: ${compileExpression(expression, scope).sql}`,
      )
    }
  })
  return assertProperty(property, { short: 400, long: 20_000 })
})

test('a text is the date or the time that it says, or null', () => {
  const row = fc.sample(rowOf, { numRuns: 1, seed })[0]!
  const rows = timeTexts.map((t): SampleRow => ({ ...row, t }))
  const casts = ['cast(t as date)', 'cast(t as timestamp)'].map(parsed)
  const ours = rows.map((each) => [each['t'], ...casts.map((cast) => evaluateExpression(cast, scope, each))])
  const theirs = askEngine(casts, rows).map((answer, index) => [rows[index]!['t'], ...answer])
  assert.deepEqual(theirs, ours)
})

test('texts of any kind come through the engine as they are, and stay texts', () => {
  const hostile = [
    "'; drop table x; --",
    '\\',
    "\\'",
    "'''",
    '`',
    '{a:String}',
    '\0',
    '\n\r\t\b\f',
    '\u{1f600}',
    '${x}',
    '/* */',
    '--',
    "') or 1=1 or ('",
    '\\x27',
    '%_',
    '\ud7ff\ue000',
  ]
  const everything = fc.sample(fc.string({ unit: 'grapheme', maxLength: 20 }), { numRuns: 100, seed })
  const all = [...hostile, ...everything]
  const expressions = all.map((text) =>
    parsed(`concat(${printExpression({ kind: 'literal', at: '', type: 'string', text })}, '')`),
  )
  const answers = askEngine(expressions, [fc.sample(rowOf, { numRuns: 1, seed })[0]!])[0]!
  assert.deepEqual(answers, all)
})

test('a name of any kind is only ever a name', () => {
  for (const name of ['a`b', 'a\\', 'a\\`', "a'b", 'a"b', 'a.b', 'x y', '); drop table x; --']) {
    const odd = scopeOf([{ name, type: 'integer', nullable: false }])
    const expression = parsed(printExpression({ kind: 'column', at: '', name }))
    const { sql } = compileExpression(expression, odd)
    const answer = engine.query(`select ${sql} from (select toInt64(7) as ${sql})`, 'TSV')
    assert.equal(answer.trim(), '7', name)
  }
})
