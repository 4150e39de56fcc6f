INSERT INTO `result` (`id`, `name`, `status`, `amount`, `joined`)
SELECT `id`, `name`, `status`, `amount`, `joined`
FROM (SELECT `id`, `name`, `status`, `amount`, `joined`
FROM file('/home/files/customers.csv', 'CSVWithNames', '`id` Nullable(Int64), `name` Nullable(String), `status` Nullable(String), `amount` Nullable(Decimal(12,2)), `joined` Nullable(DateTime64(6, \'UTC\'))')
WHERE ((`status` = 'active') and (not (`name` = 'O\'Neil \\'))));
