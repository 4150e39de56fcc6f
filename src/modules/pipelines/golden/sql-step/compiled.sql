INSERT INTO `ws__system`.`stage_run_1` (`id`, `region`, `price`, `quantity`, `status`)
SELECT `id`, `region`, `price`, `quantity`, `status`
FROM (SELECT `id`, `region`, `price`, `quantity`, `status`
FROM file('/home/files/orders.ndjson', 'JSONEachRow', '`id` Nullable(Int64), `region` Nullable(String), `price` Nullable(String), `quantity` Nullable(Int64), `status` Nullable(String)')
WHERE (`status` = 'paid'));

INSERT INTO FUNCTION file('/home/files/.millrace-run-result.ndjson', 'JSONEachRow')
SELECT `region`, `orders`
FROM (SELECT `region`, `orders`
FROM (SELECT `region`, accurateCast(r.`orders`, 'Int64') AS `orders`
FROM (WITH `input` AS (SELECT *
FROM `ws__system`.`stage_run_1`)
SELECT coalesce(region, 'nowhere') AS region, count() AS orders
FROM input
GROUP BY region) AS r)
WHERE (`orders` >= toInt64('1')));
