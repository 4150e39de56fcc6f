import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bound, join, literal, name, render, secret, secretsIn, show, sql, text } from './index.ts'

test('what a person wrote gets into SQL as a bound value or a quoted name, never as text', () => {
  const hostile = "x'); DROP TABLE t; --"
  const { text: written, parameters } = render(
    sql`SELECT ${name('a`b')} FROM file(${text(hostile)}) LIMIT ${bound(3, 'UInt64')}`,
  )
  assert.equal(written, 'SELECT `a\\`b` FROM file({v1:String}) LIMIT {v2:UInt64}')
  assert.deepEqual(parameters, { v1: hostile, v2: 3 })
})

test('secrets are bound and never shown', () => {
  const fragment = sql`postgresql(${text('h')}, ${secret('hunter2')})`
  assert.equal(show(fragment), "postgresql('h', '***')")
  assert.deepEqual(render(fragment).parameters, { v1: 'h', v2: 'hunter2' })
  assert.deepEqual(secretsIn(fragment), ['hunter2'])
})

test('literals escape quotes and backslashes', () => {
  assert.equal(literal("it's \\ here"), "'it\\'s \\\\ here'")
  assert.equal(show(join([sql`a`, sql`b`], ' AND ')), 'a AND b')
})
