INSERT INTO `ws__system`.`stage_run_1` (`sku`, `price`)
SELECT CAST(assumeNotNull(if(throwIf(isNull(r.`sku`), 'millrace|null|sku') = 0, r.`sku`, NULL)), 'String') AS `sku`, `price`
FROM file('/home/files/prices.csv', 'CSVWithNames', '`sku` Nullable(String), `price` Nullable(Float64), `note` Nullable(String)') AS r;

INSERT INTO `result` (`sku`, `price`)
SELECT `sku`, `price`
FROM `ws__system`.`stage_run_1`;
