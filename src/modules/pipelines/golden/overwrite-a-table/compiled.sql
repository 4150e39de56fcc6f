INSERT INTO `ws__system`.`stage_run_1` (`sku`, `price`)
SELECT CAST(assumeNotNull(if(throwIf(isNull(r.`sku`), 'millrace|null|sku') = 0, r.`sku`, NULL)), 'String') AS `sku`, `price`
FROM (SELECT millrace_cell_0 AS `sku`, (millrace_value_1, throwIf(bitAnd(notEmpty(millrace_cell_1), bitOr(bitOr(isNull(millrace_value_1), (ifNull(isInfinite(millrace_value_1), 0) AND match(millrace_cell_1, '[0-9]'))), ifNull(length(millrace_cell_1) > 15 AND millrace_cell_1 != toString(millrace_value_1) AND replaceRegexpAll(millrace_cell_1, '^[-+0.]+|[0.]*([eE].*)?$|[.]', '') != replaceRegexpAll(printf(concat('%.', toString(greatest(1, least(40, length(replaceRegexpAll(millrace_cell_1, '^[-+0.]+|[0.]*([eE].*)?$|[.]', '')))) - 1), 'e'), millrace_value_1), '^[-+0.]+|[0.]*([eE].*)?$|[.]', ''), 0))), 'millrace|cell|1')).1 AS `price`, millrace_cell_2 AS `note`
FROM (SELECT millrace_file.`sku` AS millrace_cell_0, millrace_file.`price` AS millrace_cell_1, toFloat64OrNull(millrace_cell_1) AS millrace_value_1, millrace_file.`note` AS millrace_cell_2
FROM file('/home/files/prices.csv', 'CSVWithNames', '`sku` Nullable(String), `price` String, `note` Nullable(String)') AS millrace_file)) AS r;

INSERT INTO `result` (`sku`, `price`)
SELECT `sku`, `price`
FROM `ws__system`.`stage_run_1`;
