-- What a definition uses needs its own permission since this version. Tokens and sessions made before
-- keep what their definitions could use, and only there: what they may do by themselves is unchanged.
-- "pipelines.read" alone gets nothing: that it read every dataset through previews was the fault.
alter table identity.token add column definition_permissions jsonb not null default '[]';
alter table identity.session add column definition_permissions jsonb not null default '[]';

with carried (held, kept) as (values
  ('pipelines.write', 'connectors.use'),
  ('pipelines.write', 'datasets.read'),
  ('pipelines.write', 'datasets.write'),
  ('pipelines.write', 'streams.read'),
  ('pipelines.write', 'explore.query'),
  ('metrics.write', 'datasets.read'),
  ('dashboards.read', 'metrics.read'),
  ('dashboards.write', 'metrics.read')
), holders as (
  select workspace, id, jsonb_agg(distinct kept) as list from identity.token, carried
  where jsonb_typeof(permissions) = 'array' and jsonb_exists(permissions, held) and not jsonb_exists(permissions, kept)
  group by workspace, id
)
update identity.token t set definition_permissions = h.list from holders h where h.workspace = t.workspace and h.id = t.id;

-- Sessions hold a copy of what the token that opened them may do.
update identity.session s set definition_permissions = t.definition_permissions
from identity.token t where t.workspace = s.token_workspace and t.id = s.token_id;
