import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOf, isMillraceError } from '#sdk'
import { failureOfEngine, failureOfLoad, failureOfServer } from './failures.ts'

const address = { host: 'db', port: 5432, database: 'shop', user: 'ann', password: 'p', schema: 'public', table: 't' }
const coded = (code: string, message = 'it says so') => Object.assign(new Error(message), { code })
const about = (failure: Error | undefined) => [isMillraceError(failure) && failure.code, failureOf(failure)?.kind]

test('the code of the server decides, whatever language its text has', () => {
  for (const [code, expected] of [
    ['28P01', ['postgresql.credentials', 'credentials']],
    ['3D000', ['postgresql.database', 'not_found']],
    ['42P01', ['postgresql.table', 'not_found']],
    ['42501', ['postgresql.permission', 'permission']],
    ['53300', ['postgresql.busy', 'capacity']],
    ['57P01', ['postgresql.unreachable', 'transient']],
    ['ECONNREFUSED', ['postgresql.unreachable', 'transient']],
  ] as const)
    assert.deepEqual(about(failureOfServer(coded(code, 'la conexión'), address)), expected, code)
})

test('what refused a load tells the rows from the table and from the server', () => {
  for (const [code, expected] of [
    ['42P10', ['postgresql.key', 'schema']],
    ['23505', ['postgresql.rows', 'data']],
    ['42703', ['postgresql.rows', 'schema']],
    ['53100', ['postgresql.rows', 'capacity']],
    ['57P01', ['postgresql.unreachable', 'transient']],
  ] as const)
    assert.deepEqual(about(failureOfLoad(coded(code), address)), expected, code)
})

test('the reader of the engine has only texts', () => {
  for (const [text, expected] of [
    ['FATAL: password authentication failed for user "ann"', ['postgresql.credentials', 'credentials']],
    ['ERROR:  permission denied for table t', ['postgresql.query', 'permission']],
    ['ERROR:  syntax error at or near "x"', ['postgresql.query', 'configuration']],
    ['Connection to `db:5432` failed: timeout expired', ['postgresql.unreachable', 'transient']],
  ] as const)
    assert.deepEqual(about(failureOfEngine(text, address)), expected, text)
  assert.equal(failureOfEngine('something else', address), undefined)
})
