import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendLine } from './send-line.ts'

test('the line sends a row of the columns people fill, each with a value of its type', () => {
  const column = (name: string, type: string) => ({ name, type, nullable: true, tags: [] })
  const line = sendLine('http://localhost:8000', 'orders', [
    column('id', 'integer'),
    column('amount', 'decimal(18,2)'),
    column('_position', 'integer'),
  ])
  assert.match(line, /\/api\/v1\/streams\/orders\/events/)
  assert.match(line, /-d '\[\{"id":1,"amount":12.5\}\]'$/)
})
