INSERT INTO `ws__system`.`stage_run_1` (`id`, `email`, `age`, `_breaks`)
SELECT *, arrayFilter(number -> number > 0, [if(ifNull(isNotNull(`email`) AND NOT match(toString(assumeNotNull(`email`)), '^[A-Za-z0-9.!#$%&\'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:[.][A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$'), false), 1, 0), if(ifNull(isNull(`id`), false), 2, 0), if(ifNull(row_number() OVER (PARTITION BY `id`) > 1, false), 3, 0), if(ifNull(isNotNull(`age`) AND ifNull(`age` < '0' OR `age` > '150', false), false), 4, 0), if(ifNull(isNotNull(`age`) AND toString(assumeNotNull(`age`)) NOT IN ('20', '30', '31', '200'), false), 5, 0), if(ifNull(false, false), 6, 0)]) AS `_breaks`
FROM (SELECT `id`, `email`, `age`
FROM file('/home/files/people.csv', 'CSVWithNames', '`id` Nullable(Int64), `email` Nullable(String), `age` Nullable(Int64)')) AS r;

INSERT INTO `result` (`id`, `email`, `age`)
SELECT `id`, `email`, `age`
FROM (SELECT `id`, `email`, `age`
FROM `ws__system`.`stage_run_1`
WHERE NOT hasAny(_breaks, [1, 2, 3]::Array(UInt16)));
