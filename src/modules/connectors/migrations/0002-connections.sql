create table connectors.connection (
  workspace text not null,
  name text not null,
  type text not null,
  -- json, not jsonb: the order of settings is theirs to keep; '***' stands in place of secrets
  settings json not null,
  -- sealed, by place: {"auth.token": "…"}
  secrets jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace, name)
);
alter table connectors.connection enable row level security;
alter table connectors.connection force row level security;
create policy workspace on connectors.connection
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
