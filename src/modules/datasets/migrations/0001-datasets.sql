create schema if not exists datasets;

create table datasets.dataset (
  workspace text not null,
  name text not null,
  kind text not null check (kind in ('events', 'table')),
  columns jsonb not null,
  key jsonb,
  source jsonb not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  primary key (workspace, name)
);
alter table datasets.dataset enable row level security;
alter table datasets.dataset force row level security;
create policy workspace on datasets.dataset
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));

-- Blocks loaded into tables: a retry with the same id changes nothing.
create table datasets.load (
  workspace text not null,
  dataset text not null,
  block_id text not null,
  loaded_at timestamptz not null default now(),
  primary key (workspace, dataset, block_id)
);
create index load_age on datasets.load (workspace, dataset, loaded_at);
alter table datasets.load enable row level security;
alter table datasets.load force row level security;
create policy workspace on datasets.load
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
