-- cells
CREATE TABLE IF NOT EXISTS `ws_test`.`cells_customers_by_due_date` (grain UInt8, start Int32, d0 Nullable(Bool), n SimpleAggregateFunction(sum, UInt64), s0 AggregateFunction(uniqExact, Nullable(String)), hi SimpleAggregateFunction(max, UInt64), INDEX changed hi TYPE minmax GRANULARITY 1)
ENGINE = AggregatingMergeTree ORDER BY (grain, start, d0)
SETTINGS allow_nullable_key = 1, index_granularity = 1024, non_replicated_deduplication_window = 100
-- fold
INSERT INTO `ws_test`.`cells_customers_by_due_date` (grain, start, d0, n, s0, hi)
SELECT each AS grain, if(each = 0, 0, minutes.start - positiveModulo(minutes.start, greatest(each, 1))) AS start, if(each = 0, defaultValueOfArgumentType(minutes.d0), minutes.d0) AS d0, sumIf(minutes.n, each != 0) AS n, uniqExactMergeStateIf(minutes.s0, each != 0) AS s0, {to:UInt64} AS hi FROM (
SELECT rows.`@tick` AS start, rows.`@g0` AS d0, count() AS n, uniqExactState(CAST(`@v0`, 'Nullable(String)')) AS s0 FROM (
SELECT toInt32(assumeNotNull(`due`)) * 1440 AS `@tick`, `express` AS `@g0`, lowerUTF8(`customer`) AS `@v0` FROM `ws_test`.`orders` WHERE _position > {from:UInt64} AND _position <= {to:UInt64} AND (SELECT max(hi) FROM `ws_test`.`cells_customers_by_due_date` WHERE grain = 0) = {reach:UInt64} AND `due` IS NOT NULL
) AS rows GROUP BY start, d0
) AS minutes ARRAY JOIN CAST([0, 1, 15], 'Array(UInt8)') AS each
GROUP BY grain, start, d0
-- days in Berlin
SELECT toInt64(tick) AS tick, toString(g0) AS g0, toString(n) AS n, toString(finalizeAggregation(answer.s0)) AS s0, toString(hi) AS hi FROM (SELECT tick, g0, sum(sides.n) AS n, uniqExactMergeState(sides.s0) AS s0, max(sides.hi) AS hi FROM (SELECT toInt64(if(cells.grain = 0, -2147483648, cells.start - positiveModulo(cells.start - {first:Int64}, 1440))) AS tick, cells.d0 AS g0, sum(cells.n) AS n, uniqExactMergeState(cells.s0) AS s0, maxIf(cells.hi, cells.grain = 0) AS hi FROM `ws_test`.`cells_customers_by_due_date` AS cells WHERE (cells.grain = 15 AND cells.start >= {first:Int64} AND cells.start < {last:Int64} AND ((cells.`d0` is not null))) OR cells.grain = 0 GROUP BY tick, g0
UNION ALL
SELECT toInt64(rows.`@tick` - positiveModulo(rows.`@tick` - {first:Int64}, 1440)) AS tick, rows.`@g0` AS g0, count() AS n, uniqExactState(CAST(`@v0`, 'Nullable(String)')) AS s0, toUInt64(0) AS hi FROM (SELECT toInt32(assumeNotNull(`due`)) * 1440 AS `@tick`, `express` AS `@g0`, lowerUTF8(`customer`) AS `@v0` FROM `ws_test`.`orders` WHERE _position > {after:UInt64} AND _position <= {upto:UInt64} AND toInt32(assumeNotNull(`due`)) * 1440 >= {first:Int64} * 1 AND toInt32(assumeNotNull(`due`)) * 1440 < {last:Int64} * 1 AND ((`express` is not null)) AND `due` IS NOT NULL) AS rows GROUP BY tick, g0) AS sides GROUP BY tick, g0) AS answer ORDER BY answer.tick, answer.g0 LIMIT {maxRows:UInt32}
-- view
CREATE OR REPLACE VIEW `ws_test`.kpi_values_hour AS
SELECT 'SAL.CUSTOMERS' AS code, toDateTime64(toInt64(tick) * 60, 0, 'UTC') AS period_start, CAST(map('express', toString(d0)), 'Map(String, Nullable(String))') AS dims, CAST(toFloat64(finalizeAggregation(s0)), 'Nullable(Float64)') AS value, n AS data_points FROM (SELECT cells.start - positiveModulo(cells.start, 60) AS tick, cells.d0 AS d0, sum(cells.n) AS n, uniqExactMergeState(cells.s0) AS s0 FROM `ws_test`.`cells_customers_by_due_date` AS cells WHERE cells.grain = 15 GROUP BY tick, d0)
