INSERT INTO `ws__system`.`stage_run_1` (`id`, `region`, `price`, `quantity`, `status`)
SELECT `id`, `region`, `price`, `quantity`, `status`
FROM (SELECT `id`, `region`, `price`, `quantity`, `status`
FROM (SELECT (millrace_value_0, throwIf(bitAnd(notEmpty(millrace_cell_0), isNull(millrace_value_0)), 'millrace|cell|0')).1 AS `id`, millrace_cell_1 AS `region`, millrace_cell_2 AS `price`, (millrace_value_3, throwIf(bitAnd(notEmpty(millrace_cell_3), isNull(millrace_value_3)), 'millrace|cell|3')).1 AS `quantity`, millrace_cell_4 AS `status`
FROM (SELECT millrace_file.`id` AS millrace_cell_0, toInt64OrNull(millrace_cell_0) AS millrace_value_0, millrace_file.`region` AS millrace_cell_1, millrace_file.`price` AS millrace_cell_2, millrace_file.`quantity` AS millrace_cell_3, toInt64OrNull(millrace_cell_3) AS millrace_value_3, millrace_file.`status` AS millrace_cell_4
FROM file('/home/files/orders.ndjson', 'JSONEachRow', '`id` String, `region` Nullable(String), `price` Nullable(String), `quantity` String, `status` Nullable(String)') AS millrace_file))
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
