import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { isMillraceError } from '#core/errors'
import { asking, type Asking } from './ask.ts'
import type { Answer } from './contract.ts'
import { exploreFixture, type ExploreFixture } from './explore-fixture.ts'
import { queryGuard, type Guard } from './guard.ts'
import { keptAnswers } from './kept-answers.ts'
import { systemReader } from '#modules/datasets'
import { workspaceTurns } from './turns.ts'

const readerOf = (workspace: string) => systemReader('test', workspace)

/** What analysts write, with how many rows it answers. */
const questions: readonly (readonly [string, number])[] = [
  ['SELECT * FROM orders LIMIT 5', 5],
  ['select count(*) as n from orders', 1],
  [
    "SELECT customer, sum(amount) AS revenue FROM orders WHERE status != 'cancelled' GROUP BY customer ORDER BY revenue DESC",
    3,
  ],
  ['SELECT toStartOfDay(ordered_at) AS day, count() FROM orders GROUP BY day ORDER BY day', 7],
  [
    "SELECT toStartOfInterval(ordered_at, INTERVAL 6 HOUR) AS t, avg(amount) FROM orders WHERE ordered_at >= '2026-11-02' GROUP BY t",
    24,
  ],
  ["SELECT date_trunc('month', ordered_at) AS m, uniq(customer), uniqExact(customer) FROM orders GROUP BY m", 1],
  ["WITH paid AS (SELECT * FROM orders WHERE status = 'paid') SELECT customer, count() FROM paid GROUP BY customer", 3],
  ['WITH 10 AS threshold, big AS (SELECT id FROM orders WHERE amount > threshold) SELECT count() FROM big', 1],
  ['WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n', 5],
  ['SELECT o.id, c.city FROM orders AS o JOIN customers AS c ON o.customer = c.name ORDER BY o.id LIMIT 3', 3],
  ['SELECT o.*, c.city FROM orders o LEFT JOIN customers c ON c.name = o.customer WHERE c.city IS NULL LIMIT 2', 2],
  ['SELECT customer, name FROM orders FULL OUTER JOIN customers ON customer = name GROUP BY ALL', 3],
  [
    'SELECT a.id FROM orders a ASOF JOIN orders b ON a.customer = b.customer AND a.ordered_at > b.ordered_at LIMIT 4',
    4,
  ],
  ["SELECT id FROM orders WHERE customer IN (SELECT name FROM customers WHERE city = 'Rome') LIMIT 2", 2],
  ["SELECT name FROM customers WHERE name NOT IN ('ann')", 2],
  ["SELECT id FROM orders WHERE (customer, status) IN (('ann', 'paid'), ('bob', 'paid')) LIMIT 1", 1],
  ['SELECT id, (SELECT max(amount) FROM orders) AS top FROM orders WHERE amount = top', 1],
  ['SELECT name FROM customers WHERE EXISTS (SELECT 1 FROM orders WHERE amount > 100)', 3],
  ['SELECT id, row_number() OVER (PARTITION BY customer ORDER BY ordered_at) AS n FROM orders QUALIFY n = 1', 3],
  [
    'SELECT customer, sum(amount) OVER w AS running FROM orders WINDOW w AS (PARTITION BY customer ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) LIMIT 10',
    10,
  ],
  ['SELECT id, lagInFrame(amount) OVER (ORDER BY id) AS before, amount - before FROM orders LIMIT 3', 3],
  [
    'SELECT rank() OVER (ORDER BY amount DESC) AS r, ntile(4) OVER (ORDER BY id), first_value(id) OVER (ORDER BY id) FROM orders LIMIT 3',
    3,
  ],
  [
    'SELECT quantile(0.95)(toFloat64(amount)), quantiles(0.5, 0.9)(id), median(id), quantileTDigest(0.99)(id), quantileDD(0.01, 0.5)(toFloat64(id)) FROM orders',
    1,
  ],
  [
    "SELECT sumIf(amount, status = 'paid'), countIf(id > 5), avgIf(amount, 1), argMax(id, amount), anyLast(customer), groupUniqArray(3)(customer), topK(2)(customer), groupArrayIf(id, id < 3) FROM orders",
    1,
  ],
  ["SELECT sum(amount) FILTER (WHERE status = 'paid') FROM orders", 1],
  [
    'SELECT countDistinct(customer), count(DISTINCT status), sumOrNull(id), uniqMerge(s) FROM (SELECT customer, status, id, uniqState(customer) AS s FROM orders GROUP BY ALL)',
    1,
  ],
  [
    "SELECT JSONExtractString(line, 'sku') AS sku, sum(JSONExtractInt(line, 'n')) FROM orders ARRAY JOIN JSONExtractArrayRaw(lines) AS line GROUP BY sku ORDER BY sku",
    7,
  ],
  ["SELECT JSON_VALUE(lines, '$[0].sku') AS sku, count() FROM orders GROUP BY sku", 7],
  [
    'SELECT arrayMap(x -> x * 2, [1, 2, 3]) AS doubled, arrayFilter(x -> x > 1, [1, 2]), arraySum([1, 2]), arrayJoin([1, 2]) AS j, [1, 2][1], has([1], 1)',
    2,
  ],
  [
    "SELECT map('a', 1)['a'], tuple(1, 'x').2, (1, 2) = (1, 2), mapKeys(map('k', 1)), CAST((1, 'a') AS Tuple(n Int8, s String)).s",
    1,
  ],
  [
    "SELECT if(amount > 10, 'big', 'small') AS size, multiIf(id = 1, 'a', id = 2, 'b', 'c'), CASE WHEN id = 1 THEN 'x' ELSE 'y' END, CASE customer WHEN 'ann' THEN 1 ELSE 0 END FROM orders LIMIT 1",
    1,
  ],
  ["SELECT coalesce(city, 'none'), ifNull(city, '?'), nullIf(name, 'ann'), isNull(city) FROM customers", 3],
  [
    "SELECT lower(customer), upper(customer), concat(customer, '-', status), customer || status, substring(customer, 1, 2), length(customer), replaceRegexpOne(customer, 'a', 'b'), splitByChar(',', 'a,b'), trim(' x '), position(customer, 'n'), format('{}-{}', customer, status) FROM orders LIMIT 1",
    1,
  ],
  [
    "SELECT customer FROM orders WHERE customer LIKE 'a%' AND customer NOT ILIKE 'B%' AND match(customer, '^a') LIMIT 1",
    1,
  ],
  [
    "SELECT toDate('2026-11-21') + INTERVAL 1 MONTH, now() - INTERVAL 1 DAY < now(), dateDiff('day', toDate('2026-01-01'), toDate('2026-02-01')), toDayOfWeek(today()), formatDateTime(now(), '%Y-%m'), toStartOfWeek(today(), 1), toTimeZone(now(), 'Europe/Berlin'), DATE '2026-01-01', extract(YEAR FROM today()), toYYYYMM(today())",
    1,
  ],
  ["SELECT ordered_at AT TIME ZONE 'Europe/Berlin' FROM orders LIMIT 1", 1],
  [
    "SELECT '12'::Int32 + 1, CAST('1.5' AS Decimal(9, 2)), toFloat64OrNull('x'), toString(1), accurateCastOrNull('7', 'UInt8'), toDecimal64('1.234', 3)",
    1,
  ],
  [
    'SELECT round(1.234, 1), floor(1.5), abs(-1), sqrt(2), 7 % 3, intDiv(7, 2), greatest(1, 2), pow(2, 3), 1 / 3, -id, NOT 1, 1 BETWEEN 0 AND 2 FROM orders LIMIT 1',
    1,
  ],
  ['SELECT DISTINCT status FROM orders', 2],
  ['SELECT customer, status, count() FROM orders GROUP BY ROLLUP(customer, status) ORDER BY 1, 2', 10],
  ['SELECT customer, count() FROM orders GROUP BY GROUPING SETS ((customer), ())', 4],
  ['SELECT customer, count() AS n FROM orders GROUP BY customer HAVING n > 300 ORDER BY n DESC LIMIT 2 OFFSET 1', 2],
  ['SELECT customer, id FROM orders ORDER BY customer, id DESC LIMIT 2 BY customer', 6],
  ['SELECT id FROM orders UNION ALL SELECT id FROM orders', 2000],
  ['SELECT customer FROM orders UNION DISTINCT SELECT name FROM customers', 3],
  ['SELECT customer FROM orders INTERSECT SELECT name FROM customers', 3],
  ['(SELECT 1 AS a) UNION ALL (SELECT 2)', 2],
  ['(WITH x AS (SELECT 1 AS a) SELECT a FROM x) UNION ALL SELECT a FROM x', 2],
  ['(WITH x AS (SELECT 1 AS a) SELECT a FROM x) INTERSECT SELECT a FROM x', 1],
  [
    'SELECT a FROM (WITH x AS (SELECT 1 AS a) SELECT a FROM x) UNION ALL SELECT a FROM (WITH x AS (SELECT 2 AS a) SELECT a FROM x)',
    2,
  ],
  [
    'WITH x AS (SELECT 1 AS a) SELECT (SELECT max(a) FROM x) AS m FROM (SELECT a FROM x) WHERE a IN (SELECT a FROM x)',
    1,
  ],
  ["SELECT n.number, toDate('2026-11-01') + n.number AS day FROM numbers(30) AS n", 30],
  ['SELECT * FROM generate_series(1, 5)', 5],
  ["SELECT * FROM values('a Int8, b String', (1, 'x'), (2, 'y'))", 2],
  [
    "SELECT day, n FROM (SELECT toDate(ordered_at) AS day, count() AS n FROM orders GROUP BY day) ORDER BY day WITH FILL FROM toDate('2026-11-01') TO toDate('2026-11-10')",
    9,
  ],
  ['SELECT * EXCEPT (lines) FROM orders LIMIT 1', 1],
  ['SELECT * REPLACE (upper(customer) AS customer) FROM orders LIMIT 1', 1],
  ['SELECT page FROM `web.clicks-eu`', 1],
  ['SELECT "page" FROM "web.clicks-eu" AS c', 1],
  ['SELECT `web.clicks-eu`.page FROM `web.clicks-eu`', 1],
  ['SELECT orders.id, orders.amount FROM orders WHERE orders.id = 3', 1],
  ["SELECT code, value FROM kpi_values_day WHERE dims['region'] = 'eu'", 1],
  ['FROM orders SELECT id LIMIT 1', 1],
  ['SELECT id -- the key\nFROM orders /* all of them */ WHERE id < 2;', 2],
  ["SELECT 'a; DROP TABLE orders' AS text, '-- no comment', '/* neither */', 'it''s', 'tab\\t'", 1],
  ['SELECT id AS settings, customer AS format, 1 AS file FROM orders ORDER BY format ASC, settings LIMIT 1', 1],
  ['SELECT cityHash64(customer) % 10, hex(MD5(customer)), bitAnd(id, 1), sipHash64(id) FROM orders LIMIT 1', 1],
  [
    "SELECT domain('https://www.example.org/x?y=1'), extractURLParameter('http://a/?u=1', 'u'), toIPv4('1.2.3.4'), geoDistance(0, 0, 1, 1), generateUUIDv4() != generateUUIDv4()",
    1,
  ],
  [
    'SELECT corr(toFloat64(id), toFloat64(amount)), stddevPop(id), varSamp(id), simpleLinearRegression(id, id), entropy(customer) FROM orders',
    1,
  ],
]

/** Functions that are allowed with the right arguments only. */
const costly: readonly (readonly [string, number])[] = [
  [
    "SELECT levenshteinDistance(customer, 'bob'), editDistance(left(customer, 100), status), jaroWinklerSimilarity('ann', lower(customer)), damerauLevenshteinDistance(substring(customer, 1, 20), customer), levenshteinDistanceUTF8({name:String}, customer) FROM orders LIMIT 1",
    1,
  ],
  [
    "SELECT hasAny(splitByChar(',', lines), ['a', 'b']), hasAll([customer, status], splitByChar(',', lines)), hasAny(splitByChar(',', lines), {names:Array(String)}), hasSubstr(splitByChar(',', lines), arraySlice(splitByChar(',', status), 1, 100)) FROM orders LIMIT 1",
    1,
  ],
  [
    'SELECT arrayFold((acc, x) -> acc + x * 2, [1, 2], toInt64(0)), arrayFold((acc, x) -> if(x > acc, x, acc), [1., 2.], toFloat64(id)), arrayFold((acc, x) -> (acc.2, acc.1 + acc.2), range(10), (toUInt64(0), toUInt64(1))) FROM orders LIMIT 1',
    1,
  ],
  ['SELECT length(h3kRing(599686042433355775, 3)), _position, _ingested_at FROM orders LIMIT 1', 1],
]

describe('questions', { timeout: 120_000 }, () => {
  let fixture: ExploreFixture
  let guard: Guard
  let asked: Asking
  let engineCalls = 0
  const kept = keptAnswers<never>(() => performance.now())
  const signal = new AbortController().signal

  let datasetVersion = 1
  before(async () => {
    fixture = await exploreFixture()
    const datasets = {
      ...fixture.datasets,
      list: async (workspace: string) =>
        (await fixture.datasets.list(workspace)).map((dataset) => ({ ...dataset, version: datasetVersion })),
    }
    guard = queryGuard({ warehouse: fixture.warehouse, datasets, views: () => ['kpi_values_day'] })
    const warehouse = {
      ...fixture.warehouse,
      stream: (...parameters: Parameters<typeof fixture.warehouse.stream>) => (
        (engineCalls += 1),
        fixture.warehouse.stream(...parameters)
      ),
    }
    asked = asking({ warehouse, guard, kept: kept as never, turns: workspaceTurns(4, 100) })
  })
  after(() => fixture.close())

  const ask = (sql: string, parameters: Record<string, unknown> = {}, limit = 5000): Promise<Answer> =>
    asked.answer(readerOf('a'), { sql, parameters: parameters as never, limit }, signal)

  for (const [sql, rows] of questions) {
    test(`is answered: ${sql}`, async () => {
      const answer = await ask(sql)
      assert.equal(answer.rowCount, rows)
      assert.ok(answer.rows.every((row) => row.length === answer.columns.length))
    })
  }

  for (const [sql, rows] of costly) {
    test(`is answered: ${sql}`, async () => {
      assert.equal((await ask(sql, { name: 'ann', names: ['a', 'b'] })).rowCount, rows)
    })
  }

  test('a view is known to SQL only when a module registers it', async () => {
    const sql = 'SELECT value FROM kpi_values_day'
    assert.equal((await guard.admit(readerOf('a'), sql, {})).lasting, false)
    const without = queryGuard({ warehouse: fixture.warehouse, datasets: fixture.datasets, views: () => [] })
    await assert.rejects(without.admit(readerOf('a'), sql, {}), /kpi_values_day/)
  })

  test('columns have the words of datasets for their types, big numbers are text, times are RFC 3339', async () => {
    const answer = await ask(
      'SELECT id, amount, ordered_at, toDate(ordered_at) AS day, customer, id > 1 AS more, count() OVER () AS n, 0.5 AS half, [1] AS list, nan AS odd FROM orders WHERE id = 2',
    )
    assert.deepEqual(
      answer.columns.map((column) => column.type),
      ['integer', 'decimal(18,2)', 'timestamp', 'date', 'string', 'integer', 'integer', 'number', 'json', 'number'],
    )
    assert.deepEqual(answer.rows, [
      ['2', '0.50', '2026-11-01T00:20:00.000000Z', '2026-11-01', 'cem', 1, '1', 0.5, [1], null],
    ])
  })

  test('replaced rows of a table are not seen', async () => {
    assert.deepEqual((await ask("SELECT city FROM customers WHERE name = 'ann'")).rows, [['Bergen']])
  })

  test('more rows than the limit are cut, and said to be', async () => {
    const answer = await ask('SELECT id FROM orders ORDER BY id', {}, 10)
    assert.deepEqual([answer.rowCount, answer.truncated], [10, true])
    assert.deepEqual((await ask('SELECT id FROM orders ORDER BY id LIMIT 10', {}, 10)).truncated, false)
    assert.deepEqual((await ask('SELECT id FROM orders UNION ALL SELECT id FROM orders', {}, 10)).rowCount, 10)
  })

  test('parameters are bound by their types', async () => {
    const answer = await ask(
      'SELECT {n:Int64} AS n, {s:String} AS s, {list:Array(Int64)} AS list, {none:Nullable(String)} AS none',
      { n: 5, s: "it's", list: [1, 2], none: null },
    )
    assert.deepEqual(answer.rows, [['5', "it's", ['1', '2'], null]])
  })

  test('the same question is worked out once while it runs, kept for a moment, and dropped when its dataset changes', async () => {
    const sql = 'SELECT customer, sum(cityHash64(id)) FROM orders GROUP BY customer'
    const before = engineCalls
    const both = await Promise.all([ask(sql), ask(`${sql} -- again`)])
    assert.deepEqual(both[0]?.rows, both[1]?.rows)
    assert.equal(engineCalls, before + 1)
    assert.equal((await ask(sql)).cached, true)
    assert.equal(engineCalls, before + 1)
    kept.changed('b', 'orders')
    assert.equal((await ask(sql)).cached, true)
    kept.changed('a', 'orders')
    assert.equal((await ask(sql)).cached, false)
    assert.equal((await ask(sql)).cached, true)
    datasetVersion += 1
    assert.equal((await ask(sql)).cached, false, 'its columns are others')
    assert.equal((await ask('SELECT now64(9)')).cached, false)
    assert.equal((await ask('SELECT now64(9)')).cached, false)
  })

  test('one of two callers may go away; the other is still answered', async () => {
    const sql = 'SELECT count(), sum(sipHash64(number)) FROM numbers(50000000)'
    const leaving = new AbortController()
    const left = asked.answer(readerOf('a'), { sql, parameters: {}, limit: 10 }, leaving.signal)
    const stays = ask(sql)
    setTimeout(() => leaving.abort(new Error('gone')), 60)
    await assert.rejects(left, /gone|cancelled/)
    assert.equal((await stays).rowCount, 1)
  })

  test('a download is the whole result', async () => {
    const read = async (format: string): Promise<Buffer> =>
      Buffer.concat(
        await (
          await asked.download(
            readerOf('a'),
            { sql: 'SELECT id, ordered_at FROM orders ORDER BY id', parameters: {}, limit: 1 },
            format,
            signal,
          )
        ).toArray(),
      )
    const lines = (await read('CSVWithNames')).toString().trim().split('\n')
    assert.deepEqual([lines.length, lines[0], lines[1]], [1001, '"id","ordered_at"', '0,"2026-11-01T00:00:00.000000Z"'])
    assert.equal((await read('Parquet')).subarray(0, 4).toString(), 'PAR1')
    assert.ok((await read('ArrowStream')).length > 1000)
    assert.equal((await read('Arrow')).subarray(0, 6).toString(), 'ARROW1')
  })

  const wrong: readonly (readonly [string, string, RegExp, RegExp | undefined])[] = [
    ['SELECT amout FROM orders', 'explore.failed', /no column "amout" here. Did you mean "amount"\?/, /^amount$/],
    ['SELECT * FROM order', 'explore.refused', /no dataset "order" in .* Did you mean "orders"\?/, /^orders$/],
    ['SELECT summ(id) FROM orders', 'explore.refused', /"summ"/, /^sum$/],
    ['SELECT id\nFROM orders\nWHER id = 1', 'explore.syntax', /line 3, column/, undefined],
    ['SELECT id FROM orders; SELECT 2', 'explore.syntax', /One query at a time/, undefined],
    ['SELECT {n:Int8}', 'explore.failed', /parameter "n" has no value/, undefined],
    ['INSERT INTO orders VALUES (1)', 'explore.refused', /A query is a SELECT/, undefined],
    ['SELECT intDiv(1, 0)', 'explore.failed', /Division by zero\.$/, undefined],
    ["SELECT toInt8('x')", 'explore.failed', /Cannot parse/, undefined],
    ["SELECT id + 'x' FROM orders", 'explore.failed', /Illegal types/, undefined],
    ['SELECT _part FROM orders', 'explore.refused', /"_part" is a column of the engine/, undefined],
    ['SELECT serverTimezone()', 'explore.refused', /"serverTimezone" is not allowed/, undefined],
    [
      'SELECT levenshteinDistance(customer, status) FROM orders',
      'explore.refused',
      /"levenshteinDistance" compares every character .* left\(text, 100\)/,
      undefined,
    ],
    ...[
      'SELECT * FROM (WITH x AS (SELECT 1 AS a) SELECT a FROM x) AS q WHERE a IN (SELECT a FROM x)',
      'SELECT * FROM (WITH x AS (SELECT 1 AS a) SELECT a FROM x) AS q JOIN x ON q.a = x.a',
    ].map((sql) => [sql, 'explore.refused', /The name "x" is not known here\. A name of WITH/, undefined] as const),
    ...[
      'WITH x AS (SELECT * FROM x) SELECT * FROM x',
      'SELECT a FROM x UNION ALL (WITH x AS (SELECT 1 AS a) SELECT a FROM x)',
    ].map((sql) => [sql, 'explore.failed', /The name "x" is not known here\. A name of WITH/, undefined] as const),
    [
      'SELECT file(1), sleep(1), * FROM nosuch, system.one',
      'explore.refused',
      /"file".*"sleep"|"nosuch".*"system.one"/s,
      undefined,
    ],
  ]
  for (const [sql, code, words, suggestion] of wrong) {
    test(`is explained: ${sql}`, async () => {
      await assert.rejects(ask(sql), (error) => {
        assert.ok(isMillraceError(error), String(error))
        assert.equal(error.code, code)
        assert.match(error.message, words)
        if (suggestion) assert.match(error.problems[0]?.suggestion ?? '', suggestion)
        return true
      })
    })
  }

  test('every problem is reported at once', async () => {
    await assert.rejects(
      ask('SELECT file(1), sleep(1), * FROM nosuch, system.one'),
      (error) => isMillraceError(error) && error.problems.length === 4,
    )
  })

  test('a checked statement has full names and runs in brackets, anywhere', async () => {
    const input = { database: 'ws_a', table: 'customers' }
    const statements = [
      'SELECT count() AS n FROM orders',
      'WITH x AS (SELECT * FROM orders) SELECT count() AS n FROM x',
      'WITH RECURSIVE x AS (SELECT 1 AS i) SELECT count() AS n FROM orders, x',
      'WITH orders AS (SELECT * FROM orders) SELECT count() AS n FROM orders',
      'SELECT n FROM (SELECT count() AS n FROM orders) UNION ALL SELECT count() FROM orders WHERE 0',
      '(SELECT count() AS n FROM orders)',
    ]
    for (const sql of statements) {
      const checked = await guard.check(readerOf('a'), sql)
      const [row] = await fixture.warehouse.rows<{ n: string }>(`SELECT max(n) AS n FROM (${checked.sql})`, {
        settings: checked.settings,
      })
      assert.deepEqual([row?.n, checked.reads], ['1000', ['orders']], sql)
    }
    const checked = await guard.check(readerOf('a'), 'SELECT upper(name) AS name FROM input WHERE name IN input', {
      tables: { input },
      datasets: false,
    })
    assert.deepEqual(checked.reads, [])
    await assert.rejects(
      guard.check(readerOf('a'), 'SELECT * FROM orders', { tables: { input }, datasets: false }),
      /no dataset "orders"/,
    )
    await assert.rejects(
      guard.check(readerOf('a'), 'SELECT * FROM ws_a.customers', { tables: { input } }),
      /names a database/,
    )
  })
})
