INSERT INTO `result` (`region`, `orders`, `paid`, `revenue`, `pieces`, `mean`, `median`, `states`)
SELECT `region`, `orders`, `paid`, CAST(r.`revenue`, 'Nullable(Decimal(38,2))') AS `revenue`, CAST(r.`pieces`, 'Nullable(Int64)') AS `pieces`, CAST(r.`mean`, 'Nullable(Float64)') AS `mean`, CAST(r.`median`, 'Nullable(Float64)') AS `median`, CAST(r.`states`, 'Int64') AS `states`
FROM (SELECT `region`, toInt64(count()) AS `orders`, toInt64(countIf(ifNull((r.`status` = 'paid'), false))) AS `paid`, CAST(sumIf(toNullable(r.`total`), ifNull((r.`status` = 'paid'), false)), 'Nullable(Decimal(38,2))') AS `revenue`, accurateCast(sum(toInt128(toNullable(r.`pieces`))), 'Nullable(Int64)') AS `pieces`, toFloat64(avg(toNullable(r.`price`))) AS `mean`, quantileExactInclusive(0.5)(toFloat64(toNullable(r.`pieces`))) AS `median`, toInt64(uniqExact(r.`status`)) AS `states`
FROM (SELECT `region`, (r.`price` + toDecimal64('1', 2)) AS `price`, `pieces`, `status`, (toDecimal128(r.`price`, 2) * toDecimal128(r.`pieces`, 0)) AS `total`, (r.`price` * toDecimal64(toInt64('2'), 0)) AS `twice`
FROM (SELECT `id`, `region`, if(match(r.`price`, '^[+-]?[0-9]{1,10}([.][0-9]+)?$'), toDecimal64OrNull(r.`price`, 2), NULL) AS `price`, `pieces`, `status`
FROM (SELECT `id`, `region`, `price`, r.`quantity` AS `pieces`, `status`
FROM file('/home/files/orders.ndjson', 'JSONEachRow', '`id` Nullable(Int64), `region` Nullable(String), `price` Nullable(String), `quantity` Nullable(Int64), `status` Nullable(String)') AS r) AS r) AS r
WHERE (`pieces` > toInt64('0'))) AS r
GROUP BY r.`region`) AS r;
