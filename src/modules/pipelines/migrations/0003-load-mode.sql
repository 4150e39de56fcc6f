-- Until now a destination without a mode appended. A batch without one is an overwrite or a merge from here on, so
-- pipelines that are there keep what they did. json_each and json_object_agg keep the order of what was written.
update pipelines.definition set body = (
  select json_object_agg(part.key, case when part.key <> 'destination' then part.value else (
    select json_object_agg(field.key, case when field.key <> 'config' then field.value else (
      select json_object_agg(setting.key, setting.value order by setting.n)
      from (
        select key, value, n from json_each(field.value) with ordinality as given (key, value, n)
        union all
        select 'mode', '"append"'::json, 1000000
      ) as setting
    ) end order by field.n)
    from json_each(part.value) with ordinality as field (key, value, n)
  ) end order by part.n)
  from json_each(body) with ordinality as part (key, value, n)
)
where body->'destination'->>'type' in ('dataset', 'postgresql')
  and body->'destination'->'config' is not null
  and body->'destination'->'config'->'mode' is null;
