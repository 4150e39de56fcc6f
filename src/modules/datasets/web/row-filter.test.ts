import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkExpression, parseExpression, scopeOf } from '#core/expression'
import { rowFilter } from './row-filter.ts'

const types = ['string', 'integer', 'number', 'boolean', 'timestamp', 'date', 'decimal(12,2)', 'json'] as const
const columns = [...types.map((type, index) => ({ name: `c${index}`, type, nullable: true, tags: [] })), { name: 'odd.name', type: 'string' as const, nullable: true, tags: [] }] // prettier-ignore

test('a condition stays as it is, other text is looked for in every column', () => {
  assert.equal(rowFilter(" status = 'paid' ", columns), "status = 'paid'")
  assert.equal(rowFilter('  ', columns), undefined)
  for (const text of ['quotes', "it's", 'back\\slash', 'Order no. 7', '12.5']) {
    const parsed = parseExpression(rowFilter(text, columns) ?? '')
    assert.ok('expression' in parsed, `${text}: ${rowFilter(text, columns)} ${JSON.stringify(parsed)}`)
    assert.deepEqual(checkExpression(parsed.expression, scopeOf(columns), { expect: 'condition' }).problems, [])
  }
})
