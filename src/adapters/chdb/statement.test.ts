import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerInto, insertFrom, readStatement, StatementRefused } from './statement.ts'

const answer = (sql: string): string => {
  const statement = readStatement(sql, false)
  assert.equal(statement.kind, 'answer')
  return answerInto(statement, '/p', statement.format ?? 'TSV')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
const insert = (sql: string): string =>
  insertFrom(readStatement(sql, true), '/p', readStatement(sql, true).format ?? 'Values')
    .replaceAll(/\s+/g, ' ')
    .trim()

test('an answer goes into the pipe in the format the statement names', () => {
  assert.equal(answer('SELECT 1'), "SELECT 1 INTO OUTFILE '/p' APPEND FORMAT TSV")
  assert.equal(answer('SELECT 1 FORMAT JSON;'), "SELECT 1 INTO OUTFILE '/p' APPEND FORMAT JSON")
  assert.equal(
    answer('SELECT 1 FORMAT JSON SETTINGS a = 1 -- end'),
    "SELECT 1 INTO OUTFILE '/p' APPEND FORMAT JSON SETTINGS a = 1",
  )
  assert.equal(answer('SELECT 1 SETTINGS a = 1'), "SELECT 1 SETTINGS a = 1 INTO OUTFILE '/p' APPEND FORMAT TSV")
  assert.equal(
    answer("SELECT 'FORMAT x', (SELECT format FROM t) -- FORMAT JSON"),
    "SELECT 'FORMAT x', (SELECT format FROM t) INTO OUTFILE '/p' APPEND FORMAT TSV",
  )
})

test('the data of an insert comes from the pipe', () => {
  assert.equal(insert('INSERT INTO t FORMAT JSONEachRow'), "INSERT INTO t FROM INFILE '/p' FORMAT JSONEachRow")
  assert.equal(
    insert('INSERT INTO t (a) SETTINGS x = 1 FORMAT CSV'),
    "INSERT INTO t (a) FROM INFILE '/p' SETTINGS x = 1 FORMAT CSV",
  )
  assert.equal(insert('INSERT INTO t (a) VALUES'), "INSERT INTO t (a) FROM INFILE '/p' FORMAT Values")
  assert.equal(
    insert("INSERT INTO t SELECT a FROM input('a Int64') WHERE a > 1 FORMAT CSV"),
    "INSERT INTO t SELECT a FROM file('/p', 'CSV', 'a Int64') WHERE a > 1",
  )
})

test('inline data of an insert is left alone', () => {
  const sql = "INSERT INTO t VALUES (1, 'a;b') ; "
  assert.equal(readStatement(sql, false).sql, sql)
  assert.equal(readStatement(sql, false).kind, 'plain')
})

test('what the engine tells about itself is not piped', () => {
  for (const sql of ['EXPLAIN AST SELECT 1', 'SHOW TABLES', 'describe t', 'EXISTS t'])
    assert.equal(readStatement(sql, false).kind, 'about')
})

test('several statements, and none, are refused', () => {
  for (const sql of ['SELECT 1; SELECT 2', 'DROP TABLE a; DROP TABLE b', '', ' -- nothing'])
    assert.throws(() => readStatement(sql, false), StatementRefused)
})
