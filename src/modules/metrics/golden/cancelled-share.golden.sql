-- cells
CREATE TABLE IF NOT EXISTS `ws_test`.`cells_cancelled_share` (grain UInt8, start Int32, n SimpleAggregateFunction(sum, UInt64), s0 SimpleAggregateFunction(sum, Int128), c0 SimpleAggregateFunction(sum, UInt64), s1 SimpleAggregateFunction(sum, UInt64), hi SimpleAggregateFunction(max, UInt64), INDEX changed hi TYPE minmax GRANULARITY 1)
ENGINE = AggregatingMergeTree ORDER BY (grain, start)
SETTINGS allow_nullable_key = 1, index_granularity = 1024, non_replicated_deduplication_window = 100
-- fold
INSERT INTO `ws_test`.`cells_cancelled_share` (grain, start, n, s0, c0, s1, hi)
SELECT each AS grain, if(each = 0, 0, minutes.start - positiveModulo(minutes.start, greatest(each, 1))) AS start, sumIf(minutes.n, each != 0) AS n, sumIf(minutes.s0, each != 0) AS s0, sumIf(minutes.c0, each != 0) AS c0, sumIf(minutes.s1, each != 0) AS s1, {to:UInt64} AS hi FROM (
SELECT rows.`@tick` AS start, count() AS n, ifNull(sum(toInt128(`@v0`)), CAST(0, 'Int128')) AS s0, count(`@v0`) AS c0, count(`@v1`) AS s1 FROM (
SELECT CAST(intDiv(toUnixTimestamp64Micro(assumeNotNull(`ordered_at`)) - positiveModulo(toUnixTimestamp64Micro(assumeNotNull(`ordered_at`)), 60000000), 60000000), 'Int32') AS `@tick`, if(ifNull((`status` = 'cancelled'), 0), toInt64('100'), NULL) AS `@v0`, 1 AS `@v1` FROM `ws_test`.`orders` WHERE _position > {from:UInt64} AND _position <= {to:UInt64} AND (SELECT max(hi) FROM `ws_test`.`cells_cancelled_share` WHERE grain = 0) = {reach:UInt64} AND `ordered_at` IS NOT NULL
) AS rows GROUP BY start
) AS minutes ARRAY JOIN CAST([0, 1, 15], 'Array(UInt8)') AS each
GROUP BY grain, start
-- days in Berlin
SELECT toInt64(tick) AS tick, toString(n) AS n, toString(answer.s0) AS s0, toString(answer.c0) AS c0, toString(answer.s1) AS s1, toString(hi) AS hi FROM (SELECT tick, sum(sides.n) AS n, sum(sides.s0) AS s0, sum(sides.c0) AS c0, sum(sides.s1) AS s1, max(sides.hi) AS hi FROM (SELECT toInt64(if(cells.grain = 0, -2147483648, roundDown(toInt64(cells.start), {edges:Array(Int64)}))) AS tick, sum(cells.n) AS n, sum(cells.s0) AS s0, sum(cells.c0) AS c0, sum(cells.s1) AS s1, maxIf(cells.hi, cells.grain = 0) AS hi FROM `ws_test`.`cells_cancelled_share` AS cells WHERE (cells.grain = 15 AND cells.start >= {first:Int64} AND cells.start < {last:Int64}) OR cells.grain = 0 GROUP BY tick
UNION ALL
SELECT toInt64(roundDown(toInt64(rows.`@tick`), {edges:Array(Int64)})) AS tick, count() AS n, ifNull(sum(toInt128(`@v0`)), CAST(0, 'Int128')) AS s0, count(`@v0`) AS c0, count(`@v1`) AS s1, toUInt64(0) AS hi FROM (SELECT CAST(intDiv(toUnixTimestamp64Micro(assumeNotNull(`ordered_at`)) - positiveModulo(toUnixTimestamp64Micro(assumeNotNull(`ordered_at`)), 60000000), 60000000), 'Int32') AS `@tick`, if(ifNull((`status` = 'cancelled'), 0), toInt64('100'), NULL) AS `@v0`, 1 AS `@v1` FROM `ws_test`.`orders` WHERE _position > {after:UInt64} AND _position <= {upto:UInt64} AND toUnixTimestamp64Micro(assumeNotNull(`ordered_at`)) >= {first:Int64} * 60000000 AND toUnixTimestamp64Micro(assumeNotNull(`ordered_at`)) < {last:Int64} * 60000000 AND `ordered_at` IS NOT NULL) AS rows GROUP BY tick) AS sides GROUP BY tick) AS answer ORDER BY answer.tick LIMIT {most:UInt32}
-- view
CREATE OR REPLACE VIEW `ws_test`.kpi_values_hour AS
SELECT 'SAL.CANCELLED' AS code, toDateTime64(toInt64(tick) * 60, 0, 'UTC') AS period_start, CAST(map(), 'Map(String, Nullable(String))') AS dims, CAST((toFloat64(s0)) / nullIf(toFloat64(s1), 0), 'Nullable(Float64)') AS value, n AS data_points FROM (SELECT cells.start - positiveModulo(cells.start, 60) AS tick, sum(cells.n) AS n, sum(cells.s0) AS s0, sum(cells.c0) AS c0, sum(cells.s1) AS s1 FROM `ws_test`.`cells_cancelled_share` AS cells WHERE cells.grain = 15 GROUP BY tick)
