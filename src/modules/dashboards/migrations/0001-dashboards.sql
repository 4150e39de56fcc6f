create schema if not exists dashboards;

create table dashboards.dashboard (
  workspace text not null,
  id text not null,
  name text not null,
  definition jsonb not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace, id),
  unique (workspace, name)
);
alter table dashboards.dashboard enable row level security;
alter table dashboards.dashboard force row level security;
create policy workspace on dashboards.dashboard
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
