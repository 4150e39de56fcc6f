INSERT INTO `ws__system`.`stage_run_1` (`id`, `email`, `age`, `_breaks`)
SELECT *, arrayFilter(number -> number > 0, [if(ifNull(isNotNull(`email`) AND NOT match(toString(assumeNotNull(`email`)), '^[A-Za-z0-9.!#$%&\'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:[.][A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$'), false), 1, 0), if(ifNull(isNull(`id`), false), 2, 0), if(ifNull(row_number() OVER (PARTITION BY `id`) > 1, false), 3, 0), if(ifNull(isNotNull(`age`) AND ifNull(`age` < '0' OR `age` > '150', false), false), 4, 0), if(ifNull(isNotNull(`age`) AND toString(assumeNotNull(`age`)) NOT IN ('20', '30', '31', '200'), false), 5, 0), if(ifNull(false, false), 6, 0)]) AS `_breaks`
FROM (SELECT `id`, `email`, `age`
FROM (SELECT (millrace_value_0, throwIf(bitAnd(notEmpty(millrace_cell_0), isNull(millrace_value_0)), 'millrace|cell|0')).1 AS `id`, millrace_cell_1 AS `email`, (millrace_value_2, throwIf(bitAnd(notEmpty(millrace_cell_2), isNull(millrace_value_2)), 'millrace|cell|2')).1 AS `age`
FROM (SELECT millrace_file.`id` AS millrace_cell_0, toInt64OrNull(millrace_cell_0) AS millrace_value_0, millrace_file.`email` AS millrace_cell_1, millrace_file.`age` AS millrace_cell_2, toInt64OrNull(millrace_cell_2) AS millrace_value_2
FROM file('/home/files/people.csv', 'CSVWithNames', '`id` String, `email` Nullable(String), `age` String') AS millrace_file))) AS r;

INSERT INTO `result` (`id`, `email`, `age`)
SELECT `id`, `email`, `age`
FROM (SELECT `id`, `email`, `age`
FROM `ws__system`.`stage_run_1`
WHERE NOT hasAny(_breaks, [1, 2, 3]::Array(UInt16)));
