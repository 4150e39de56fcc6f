import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isMillraceError } from '#core/errors'
import {
  checkExpression,
  columnsOf,
  compileExpression,
  evaluateExpression,
  functions,
  parseExpression,
  placedUnder,
  printExpression,
  scopeOf,
  type Expression,
} from './index.ts'
import { expressionOf, sampleColumns } from './samples.ts'

const scope = scopeOf([
  { name: 'status', type: 'string', nullable: true },
  { name: 'amount', type: 'decimal(18,2)', nullable: false },
  { name: 'quantity', type: 'integer', nullable: false },
  { name: 'weight', type: 'number', nullable: true },
  { name: 'ordered_at', type: 'timestamp', nullable: false },
])

function parsed(text: string): Expression {
  const result = parseExpression(text)
  assert.ok('expression' in result, JSON.stringify(result))
  return result.expression
}

function problemsOf(text: string): readonly string[] {
  const result = parseExpression(text)
  const problems = 'problems' in result ? result.problems : checkExpression(result.expression, scope).problems
  return problems.map(({ at, code, message }) => `${at} ${code}: ${message}`)
}

const typeOf = (text: string): string => {
  const { type, nullable, problems } = checkExpression(parsed(text), scope)
  assert.deepEqual(problems, [])
  return nullable ? `${type}?` : type
}

const valueOf = (text: string): unknown => evaluateExpression(parsed(text), scopeOf([]), {})

test('the example of the face is true', () => {
  const expression = parsed("status != 'cancelled' and amount > 10")
  assert.equal(
    compileExpression(expression, scope).sql,
    "((`status` != 'cancelled') and (`amount` > toDecimal64('10', 2)))",
  )
  assert.equal(evaluateExpression(expression, scope, { status: 'paid', amount: '12.50' }), true)
  assert.deepEqual(checkExpression(expression, scope, { expect: 'condition' }).problems, [])
})

test('operators bind as in SQL', () => {
  const printed = (text: string): string => printExpression(parsed(text))
  assert.equal(printed('a + b * c - d'), '(a + (b * c)) - d')
  assert.equal(printed('not a = 1 and b or c'), '((not (a = 1)) and b) or c')
  assert.equal(printed('a between 1 and 2 and b'), '(a between 1 and 2) and b')
  assert.equal(printed('-a * 2'), '(-a) * 2')
  assert.equal(printed('a NOT IN (1, 2) Or x Is Not Null'), '(a not in (1, 2)) or (x is not null)')
  assert.equal(printed('SAL.REV / SAL.ORD'), 'SAL.REV / SAL.ORD')
  assert.equal(printed('`a b` <> "c""d"'), '"a b" != "c""d"')
  assert.equal(printed("x == 'it''s'"), "x = 'it''s'")
})

test('what is printed parses to the same again', () => {
  const bare = (expression: Expression): unknown =>
    JSON.parse(JSON.stringify(expression, (key, value: unknown) => (key === 'at' ? undefined : value)))
  fc.assert(
    fc.property(expressionOf, (text) => {
      const expression = parsed(text)
      assert.deepEqual(bare(parsed(printExpression(expression))), bare(expression))
    }),
    { numRuns: 300 },
  )
})

test('integers and decimals stay exact, a number makes numbers, a division always does', () => {
  assert.equal(typeOf('quantity + 1'), 'integer?')
  assert.equal(typeOf('amount * 0.1'), 'decimal(19,3)')
  assert.equal(typeOf('amount * quantity'), 'decimal(37,2)')
  assert.equal(typeOf('amount + quantity'), 'decimal(22,2)')
  assert.equal(typeOf('weight * 2'), 'number?')
  assert.equal(typeOf('quantity / 2'), 'number?')
  assert.equal(valueOf('0.1 + 0.2'), '0.3')
  assert.equal(valueOf('7 / 2'), 3.5)
})

test('what cannot be computed is null', () => {
  for (const text of [
    '1 / 0',
    '5 % 0',
    '9223372036854775807 + 1',
    "cast('x' as integer)",
    '1e308 * 10',
    "cast('2026-02-30' as date)",
  ])
    assert.equal(valueOf(text), null, text)
})

test('null is unknown', () => {
  assert.equal(valueOf('null = null'), null)
  assert.equal(valueOf('null and false'), false)
  assert.equal(valueOf('null or true'), true)
  assert.equal(valueOf('not (1 in (2, null))'), null)
  assert.equal(valueOf("case when null then 'a' else 'b' end"), 'b')
})

test('every problem is named with its place and what was probably meant', () => {
  assert.deepEqual(problemsOf("statsu = 'x' and lowr(status) = 'y'"), [
    '0 unknown_column: There is no column "statsu". Did you mean "status"?',
    '17 unknown_function: There is no function "lowr". Did you mean "lower"?',
  ])
  assert.match(problemsOf('amount > ')[0]!, /^9 unexpected: .*the expression ends/)
  assert.match(problemsOf('amount # 2')[0]!, /^7 unknown_character: "#"/)
  assert.match(problemsOf("status = 'x")[0]!, /^9 unclosed_quote/)
  assert.match(problemsOf("ordered_at > 'yesterday'")[0]!, /'yesterday' is not a timestamp; write it as/)
  assert.match(problemsOf('status + 1')[0]!, /concat/)
  assert.match(problemsOf('status = 1')[0]!, /string and integer do not go together/)
  assert.match(problemsOf('amount and true')[0]!, /"and" needs conditions/)
  assert.match(problemsOf('lower(status, 1)')[0]!, /it is lower\(text\)/)
  assert.match(problemsOf('')[0]!, /empty/)
  assert.match(
    checkExpression(parsed('amount'), scope, { expect: 'condition' }).problems[0]!.message,
    /a filter is a condition/,
  )
  assert.match(checkExpression(parsed('status'), scope, { expect: 'numeric' }).problems[0]!.message, /needs a number/)
  assert.deepEqual(
    placedUnder('measure.expression', [{ at: '12', code: 'x', message: '' }])[0]!.at,
    'measure.expression:12',
  )
})

test('nothing of the engine can be reached that is not in the language', () => {
  for (const text of [
    "file('/etc/passwd')",
    "url('http://x')",
    "dictGet('a','b',1)",
    'sleep(3)',
    "merge('system','.*')",
    '(select 1)',
    'a; drop table x',
    'a -- b',
    'a /* b */',
    '{x:String}',
    'a::Int64',
    'x -> y',
    '[1]',
    '@@version',
    "if(1=1, file('x'), 1)",
  ]) {
    assert.ok(problemsOf(text).length > 0, text)
  }
})

test('length, depth and number of parts are bounded', () => {
  assert.match(problemsOf('1'.repeat(10_001))[0]!, /too_long/)
  assert.match(problemsOf(`${'('.repeat(5000)}1`)[0]!, /too_deep/)
  assert.match(problemsOf(`1${' + 1'.repeat(100)}`)[0]!, /too_deep/)
  assert.match(problemsOf(`${'-'.repeat(3000)} 1`)[0]!, /too_deep/)
  assert.match(problemsOf(`${'not '.repeat(2400)} true`)[0]!, /too_deep/)
  assert.match(problemsOf(`quantity in (${Array.from({ length: 1500 }, () => 1).join(', ')})`)[0]!, /too_large/)
})

test('to compile what has problems throws them all', () => {
  assert.throws(
    () => compileExpression(parsed('a + b'), scope),
    (error) => isMillraceError(error) && error.code === 'expression.invalid' && error.problems.length === 2,
  )
})

test('the columns an expression reads are known', () => {
  assert.deepEqual(columnsOf(parsed("case when a > b then lower(c) else 'x' end")), ['a', 'b', 'c'])
})

test('every function says how it is used', () => {
  for (const [name, { usage, about }] of functions) {
    assert.ok(usage.startsWith(`${name}(`), usage)
    assert.match(about, /\.$/)
  }
  assert.ok(sampleColumns.length > 0)
})
