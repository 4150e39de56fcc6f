import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command } from 'commander'
import { z } from 'zod'
import { parseDocument } from './document.ts'
import { fieldOptions, givenValue } from './schema-options.ts'

const schema = z.strictObject({
  name: z.string().describe('what it is called'),
  rowLimit: z.int().optional(),
  detach: z.boolean().optional(),
  kind: z.enum(['events', 'table']).optional(),
  tags: z.array(z.string()).optional(),
  permissions: z.union([z.literal('all'), z.array(z.string())]).optional(),
  nested: z.object({ a: z.number() }).optional(),
})

function typed(...words: string[]) {
  const options = fieldOptions(schema, new Set())
  const command = new Command('x').exitOverride().configureOutput({ writeErr: () => {} })
  for (const { option } of options) command.addOption(option)
  command.parse(words, { from: 'user' })
  const values = command.opts()
  return Object.fromEntries(
    options
      .filter((field) => givenValue(values, field) !== undefined)
      .map((field) => [field.field, field.read(givenValue(values, field))]),
  )
}

test('words become the values that the schema wants', () => {
  assert.deepEqual(typed('--name', '12', '--row-limit', '12', '--detach', '--kind', 'table', '--tags', 'a,b'), {
    name: '12',
    rowLimit: 12,
    detach: true,
    kind: 'table',
    tags: ['a', 'b'],
  })
  assert.deepEqual(typed('--detach', 'false'), { detach: false })
})

test('a value of several kinds is JSON where it is JSON, else text', () => {
  assert.deepEqual(typed('--permissions', 'all'), { permissions: 'all' })
  assert.deepEqual(typed('--permissions', '["a.read"]'), { permissions: ['a.read'] })
})

test('a choice that is none is refused, a field that needs a document has no option', () => {
  assert.throws(() => typed('--kind', 'tabel'), /Allowed choices/)
  assert.throws(() => typed('--nested', '{}'), /unknown option/)
})

test('a number that is none reaches the server, which says what is wrong', () => {
  assert.deepEqual(typed('--row-limit', 'many'), { rowLimit: 'many' })
})

test('a document in JSON is sent with the digits of its numbers', () => {
  const text = '{"rows":[{"id":"a","row":{"id":9007199254740993,"p":1.10,"n":7}}]}'
  assert.equal(JSON.stringify(parseDocument(text, '--data')), text)
  assert.deepEqual(parseDocument('a: 1', '--data'), { a: 1 })
})
