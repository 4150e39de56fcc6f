import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { MillraceError } from '#core/errors'
import { asking, type Asking } from './ask.ts'
import { exploreFixture, type ExploreFixture } from './explore-fixture.ts'
import { queryGuard } from './guard.ts'
import { keptAnswers } from './kept-answers.ts'
import { workspaceTurns } from './turns.ts'

/** `@file` is a file with a secret, `@out` one that must not be there afterwards. */
const refused: readonly string[] = [
  // files and networks
  "SELECT file('@file')",
  "SELECT * FROM file('@file')",
  "SELECT * FROM file('@file', 'CSV', 's String')",
  "SELECT FILE('@file')",
  "SELECT `file`('@file')",
  "SELECT * FROM url('http://127.0.0.1:1/', 'CSV')",
  "SELECT * FROM s3('http://127.0.0.1:1/b/k', 'CSV')",
  "SELECT * FROM hdfs('hdfs://h/x', 'CSV')",
  "SELECT * FROM remote('127.0.0.1', 'system', 'one')",
  "SELECT * FROM remoteSecure('127.0.0.1', system.one)",
  "SELECT * FROM cluster('default', system.one)",
  "SELECT * FROM clusterAllReplicas('default', system.one)",
  "SELECT * FROM postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')",
  "SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
  "SELECT * FROM mongodb('127.0.0.1:1', 'd', 't', 'u', 'p', 's String')",
  "SELECT * FROM sqlite('@file', 't')",
  "SELECT * FROM redis('127.0.0.1:1', 'k', 'k String')",
  "SELECT * FROM executable('id', TSV, 's String')",
  "SELECT * FROM filesystem('/etc')",
  "SELECT * FROM deltaLakeLocal('/tmp')",
  "SELECT * FROM icebergLocal('/tmp')",
  "SELECT * FROM format(CSV, 's String', 'a')",
  "SELECT * FROM input('s String')",
  "SELECT * FROM `file`('@file', CSV)",
  "SELECT * FROM odbc('DSN=x', 'd', 't')",
  "SELECT * FROM jdbc('x', 'd', 't')",
  "SELECT 1 IN file('@file', 'CSV', 's String')",
  "SELECT 'x' IN (SELECT * FROM file('@file', 'CSV', 's String'))",
  "WITH s AS (SELECT * FROM file('@file', 'CSV')) SELECT * FROM s",
  "SELECT (SELECT any(c1) FROM file('@file', 'CSV'))",
  "SELECT * FROM orders JOIN file('@file', 'CSV', 's String') AS f ON f.s = customer",
  "SELECT arrayMap(x -> file('@file'), [1])",
  "SELECT * FROM (SELECT * FROM (SELECT * FROM url('http://127.0.0.1:1/')))",
  "SELECT 1 UNION ALL SELECT length(file('@file'))",
  // other workspaces and the engine's own tables
  'SELECT * FROM ws_b.orders',
  'SELECT * FROM `ws_b`.orders',
  'SELECT * FROM `ws_b`.`orders`',
  'SELECT * FROM "ws_b"."orders"',
  'SELECT * FROM ws_b . orders',
  'SELECT * FROM ws_b/**/./**/orders',
  'SELECT * FROM ws_b.orders, `ws_b.orders`',
  "SELECT 'x' IN ws_b.orders",
  "SELECT 'x' NOT IN `ws_b`.`orders`",
  "SELECT 'x' GLOBAL IN (ws_b.orders)",
  "SELECT in('x', ws_b.orders)",
  "SELECT arrayExists(x -> x IN ws_b.orders, ['a'])",
  'SELECT * FROM orders o JOIN ws_b.orders p ON 1 = 1',
  'SELECT * FROM orders, ws_b.orders',
  'WITH ws_b AS (SELECT 1) SELECT * FROM ws_b.orders',
  'WITH `ws_b.orders` AS (SELECT 1) SELECT * FROM ws_b.orders',
  'SELECT * FROM ws_a__system.cells',
  'SELECT * FROM ws_a.orders',
  'SELECT * FROM system.tables',
  'SELECT * FROM system.one',
  'SELECT * FROM information_schema.tables',
  'SELECT * FROM INFORMATION_SCHEMA.TABLES',
  'SELECT * FROM default.kept',
  "SELECT * FROM merge('ws_b', '.*')",
  "SELECT * FROM merge('orders')",
  "SELECT * FROM merge(REGEXP('ws_.*'), 'orders')",
  "SELECT * FROM dictionary('d')",
  "SELECT * FROM loop('ws_b', 'orders')",
  'SELECT * FROM loop(ws_b.orders)',
  "SELECT * FROM mergeTreeIndex('ws_b', 'orders')",
  'SELECT * FROM view(SELECT * FROM ws_b.orders)',
  "SELECT * FROM viewIfPermitted(SELECT * FROM ws_b.orders ELSE null('s String'))",
  "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1))",
  'SELECT * FROM (EXPLAIN SELECT 1)',
  "SELECT * FROM eval('SELECT 1')",
  "SELECT dictGet('ws_b.d', 'a', 1)",
  "SELECT joinGet('ws_b.j', 'a', 1)",
  "SELECT hasColumnInTable('ws_b', 'orders', 'secret')",
  "SELECT dictHas('d', 1)",
  'SELECT * FROM {t:Identifier}',
  'SELECT {c:Identifier} FROM orders',
  'SELECT * FROM {d:Identifier}.orders',
  'SELECT * FROM nosuch',
  'SELECT * FROM `orders `',
  'SELECT * FROM `ord\\ners`',
  // what it runs on
  'SELECT currentUser()',
  'SELECT user()',
  'SELECT hostName()',
  'SELECT hostname()',
  'SELECT FQDN()',
  'SELECT version()',
  'SELECT currentDatabase()',
  'SELECT DATABASE()',
  "SELECT getSetting('max_threads')",
  "SELECT getServerSetting('path')",
  "SELECT getMacro('x')",
  'SELECT queryID()',
  'SELECT serverUUID()',
  'SELECT uptime()',
  'SELECT tcpPort()',
  'SELECT filesystemAvailable()',
  'SELECT @@version',
  'SELECT currentProfiles()',
  "SELECT getClientHTTPHeader('x')",
  'SELECT showCertificate()',
  'SELECT buildId()',
  'SELECT getOSKernelVersion()',
  'SELECT addressToLine(1)',
  "SELECT demangle('x')",
  'SELECT addressToSymbol(1)',
  "SELECT logTrace('x')",
  'SELECT tid()',
  'SELECT shardNum()',
  "SELECT catboostEvaluate('/x', 1)",
  "SELECT aiGenerate('x')",
  'SELECT regionToName(1)',
  "SELECT generateSerialID('x')",
  'SELECT zookeeperSessionUptime()',
  "SELECT formatQuery('SELECT 1')",
  'SELECT chdb()',
  // waiting and breaking
  'SELECT sleep(3)',
  'SELECT sleepEachRow(1) FROM orders',
  'SELECT SLEEP(3)',
  'SELECT aggThrow(1)(1)',
  "SELECT * FROM generateRandom('a Int')",
  'SELECT * FROM numbers_mt(1000)',
  'SELECT * FROM zeros(10)',
  'SELECT * FROM primes(10)',
  "SELECT * FROM fuzzQuery('SELECT 1', 10, 1)",
  "SELECT * FROM null('x Int')",
  // settings, formats, other statements
  'SELECT 1 SETTINGS readonly = 0',
  'SELECT * FROM (SELECT 1 SETTINGS max_threads = 1)',
  'SELECT 1 FORMAT Null',
  "SELECT 1 INTO OUTFILE '@out'",
  "SELECT 1 INTO OUTFILE '@out' FORMAT CSV",
  "SELECT * FROM orders UNION ALL SELECT * FROM orders INTO OUTFILE '@out'",
  'SELECT 1 FORMAT CSV SETTINGS max_threads = 1',
  'SELECT 1; SELECT 2',
  'SELECT 1; DROP TABLE orders',
  'SELECT 1;;SELECT 2',
  'SELECT 1 ; -- x\n DROP TABLE orders',
  'SELECT 1 /* ; */ ; DROP TABLE orders',
  "SELECT ';' ; DROP TABLE orders",
  'SELECT $a$;$a$; DROP TABLE orders',
  "SELECT x'\\'; DROP TABLE orders; --'",
  'DROP TABLE orders',
  'TRUNCATE TABLE orders',
  'ALTER TABLE orders DELETE WHERE 1',
  'INSERT INTO orders (id) VALUES (1)',
  'INSERT INTO orders SELECT * FROM orders',
  "INSERT INTO FUNCTION file('@out', 'CSV', 'a Int') SELECT 1",
  'CREATE TABLE x (a Int) ENGINE = Memory',
  "CREATE FUNCTION f AS x -> file('@file')",
  'CREATE VIEW v AS SELECT 1',
  'RENAME TABLE orders TO x',
  'OPTIMIZE TABLE orders',
  'DELETE FROM orders WHERE 1',
  'UPDATE orders SET id = 1 WHERE 1',
  'SET max_threads = 1',
  'USE ws_b',
  'SHOW TABLES',
  'SHOW DATABASES',
  'SHOW CREATE TABLE orders',
  'DESCRIBE TABLE orders',
  "DESCRIBE file('@file')",
  'EXISTS TABLE orders',
  'EXPLAIN SELECT 1',
  'EXPLAIN ESTIMATE SELECT * FROM ws_b.orders',
  'KILL QUERY WHERE 1',
  'SYSTEM SHUTDOWN',
  'SYSTEM FLUSH LOGS',
  "ATTACH TABLE x FROM '/tmp' (a Int) ENGINE = MergeTree ORDER BY a",
  'DETACH TABLE orders',
  'GRANT ALL ON *.* TO x',
  'CHECK TABLE orders',
  "BACKUP TABLE ws_b.orders TO File('@out')",
  'WATCH orders',
  'BEGIN TRANSACTION',
  'EXECUTE AS x SELECT 1',
  'graph = 1 SELECT 1',
  '(SELECT 1) SETTINGS max_threads = 1',
  'FROM ws_b.orders SELECT *',
  'WITH x AS (INSERT INTO orders VALUES (1)) SELECT 1',
  'PARALLEL WITH SELECT 1',
  'SELECT 1 PARALLEL WITH DROP TABLE orders',
  // cutting short what is inspected
  "SELECT file('@file') SETTINGS limit = 4",
  "SELECT file('@file') FORMAT JSONEachRow SETTINGS limit = 4",
  "SELECT file('@file') FORMAT JSONEachRow",
  "SELECT * FROM (SELECT file('@file')) SETTINGS offset = 100",
  "SELECT file('@file') FORMAT Null",
  "SELECT file('@file') FORMAT TSVRaw",
  "SELECT file('@file') AS `a (children 0)`",
  // names out of sight
  "SELECT COLUMNS('.*') FROM orders",
  'SELECT * APPLY(file) FROM orders',
  'SELECT * APPLY(x -> sleep(3)) FROM orders',
  "SELECT orders.COLUMNS('a') FROM orders",
  'SELECT COLUMNS(id) APPLY(sleep) FROM orders',
  // encodings and shapes
  'SELECT * FROM \u201cws_b\u201d.\u201corders\u201d',
  'SELECT\u00a0*\u00a0FROM\u00a0ws_b.orders',
  '-- x\nSELECT * FROM ws_b.orders',
  '#! x\nSELECT * FROM ws_b.orders',
  'SELECT * /* ws_a. */ FROM /**/ ws_b /* . */ . orders',
  'SELECT 1 -- \u2028\n FROM system.one',
  'SELECT 1\0',
  'SELECT',
  '',
  '   ',
  '-- nothing',
  '/* open',
  "SELECT 'open",
  'SELECT `open',
  'SELECT * FROM %77s_b.orders',
  'SELECT * FROM numbers(1) WHERE number IN (SELECT 1 FROM ws_b.orders)',
  'SELECT ws_b.orders.secret FROM ws_b.orders',
  'SELECT * FROM orders ARRAY JOIN (SELECT groupArray(secret) FROM ws_b.orders) AS s',
  `SELECT ${'('.repeat(2000)}1${')'.repeat(2000)}`,
  `SELECT ${'-'.repeat(5000)}1`,
  `SELECT ${Array.from({ length: 60_000 }, () => 1).join(',')}`,
  `SELECT '${'x'.repeat(200_000)}'`,
]

/** Allowed to run, held by time, rows or memory. */
const bounded: readonly string[] = [
  'SELECT count() FROM numbers(100000000000000) WHERE sipHash64(number) = 1',
  'SELECT groupArray(number) FROM numbers(100000000000)',
  "SELECT groupArray(repeat('x', 1000000)) FROM numbers(100000)",
  'SELECT count() FROM orders a, orders b, orders c, orders d, orders e',
  'SELECT range(1000000000)',
  'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count() FROM t',
  'SELECT arrayMap(x -> arrayMap(y -> y * x, range(100000)), range(100000))',
  "SELECT max(length(replaceRegexpAll(concat(repeat('a', 10000), toString(number)), '(a*)*b', ''))) FROM numbers(100000000)",
  'SELECT randomString(4000000000)',
]

/** May run, and must not tell whether `ws_b.orders` holds the secret: names that stand for a table only in disguise. */
const blind: readonly string[] = [
  "SELECT ws_b.orders AS customers, '@secret' IN customers AS told",
  "WITH ws_b.orders AS customers SELECT '@secret' IN customers AS told",
  "WITH t AS (SELECT 1), ws_b.orders AS t SELECT '@secret' IN t AS told",
  "WITH t AS (SELECT 'x') SELECT '@secret' IN t AS told, ws_b.orders AS t",
  "SELECT '@secret' IN (SELECT secret FROM orders) AS told",
  "SELECT '@secret' IN tuple(ws_b.orders) AS told",
  "SELECT arrayExists(t -> '@secret' IN t, [ws_b.orders]) AS told",
  "SELECT count() AS told FROM orders AS ws_b WHERE '@secret' IN ws_b",
  "SELECT '@secret' IN `ws_b.orders` AS told",
  "SELECT '@secret' IN orders AS told FROM `ws_b.orders` AS orders",
  'SELECT ws_b.orders.secret AS told FROM `ws_b.orders` AS ws_b',
  "WITH ws_b AS (SELECT 1 AS orders) SELECT '@secret' IN (SELECT orders FROM ws_b) AS told",
  "SELECT told FROM (SELECT 'ws_b.orders' AS t, '@secret' IN t AS told)",
  "SELECT * FROM orders AS o WHERE '@secret' IN (SELECT o.secret)",
  'SELECT _table AS told FROM orders LIMIT 1',
  "SELECT _database AS told FROM orders WHERE '@secret' = _database",
]

describe('hostile SQL', { timeout: 300_000 }, () => {
  let fixture: ExploreFixture
  let asked: Asking
  before(async () => {
    fixture = await exploreFixture()
    const guard = queryGuard(fixture.warehouse, fixture.datasets)
    asked = asking({
      warehouse: fixture.warehouse,
      guard,
      kept: keptAnswers(() => performance.now()),
      turns: workspaceTurns(4, 100),
      limits: { seconds: 3, memoryBytes: 300_000_000 },
    })
  })
  after(() => fixture.close())

  for (const given of refused) {
    test(`is refused: ${given.length > 100 ? `${given.slice(0, 60)}… (${given.length} characters)` : JSON.stringify(given)}`, async () => {
      const out = `${fixture.secretFile}.out`
      const sql = given.replaceAll('@file', fixture.secretFile).replaceAll('@out', out)
      const question = { sql, parameters: { t: 'orders', c: 'id', d: 'ws_b' }, limit: 10 }
      await assert.rejects(asked.answer('a', question, new AbortController().signal), (error) => {
        assert.ok(error instanceof MillraceError, String(error))
        assert.ok(['explore.refused', 'explore.syntax'].includes(error.code), `${error.code}: ${error.message}`)
        assert.ok(!error.message.includes(fixture.secret))
        return true
      })
      assert.equal(existsSync(out), false)
    })
  }

  for (const sql of bounded) {
    test(`is held within bounds: ${sql}`, async () => {
      const began = performance.now()
      await assert.rejects(
        asked.answer('a', { sql, parameters: {}, limit: 10 }, new AbortController().signal),
        (error) => {
          assert.ok(error instanceof MillraceError, String(error))
          assert.ok(
            ['explore.too_long', 'explore.too_much', 'explore.failed', 'explore.refused'].includes(error.code),
            `${error.code}: ${error.message}`,
          )
          return true
        },
      )
      assert.ok(performance.now() - began < 20_000)
    })
  }

  for (const given of blind) {
    test(`tells nothing: ${given}`, async () => {
      const sql = given.replaceAll('@secret', fixture.secret)
      const answer = await asked
        .answer('a', { sql, parameters: {}, limit: 10 }, new AbortController().signal)
        .catch((error: unknown) => {
          assert.ok(error instanceof MillraceError, String(error))
          return { rows: [] as unknown[][] }
        })
      assert.ok(
        !answer.rows.some((row) => row.some((value) => value === 1 || value === true || value === fixture.secret)),
        JSON.stringify(answer.rows),
      )
    })
  }

  test('a dataset named like another workspace’s table is its own', async () => {
    const answer = await asked.answer(
      'a',
      { sql: 'SELECT * FROM `ws_b.orders`', parameters: {}, limit: 10 },
      new AbortController().signal,
    )
    assert.deepEqual(answer.rows, [['mine']])
  })

  test('a parameter is a value, whatever it holds', async () => {
    const hostile = "x' UNION ALL SELECT secret FROM ws_b.orders --"
    const answer = await asked.answer(
      'a',
      { sql: 'SELECT {p:String} AS p', parameters: { p: hostile }, limit: 10 },
      new AbortController().signal,
    )
    assert.deepEqual(answer.rows, [[hostile]])
  })

  test('everything is still there', async () => {
    const answer = await asked.answer(
      'a',
      { sql: 'SELECT count() FROM orders', parameters: {}, limit: 10 },
      new AbortController().signal,
    )
    assert.deepEqual(answer.rows, [['1000']])
  })
})
