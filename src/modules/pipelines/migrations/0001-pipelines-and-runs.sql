create schema if not exists pipelines;

create table pipelines.definition (
  workspace text not null,
  id uuid not null,
  name text not null,
  -- json, not jsonb: the order of computed columns is theirs to keep
  body json not null,
  -- sealed, by place: {"source.password": "…"}
  secrets jsonb not null default '{}',
  version integer not null default 1,
  status text not null check (status in ('active', 'paused')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace, id),
  unique (workspace, name)
);

create table pipelines.run (
  workspace text not null,
  id uuid not null,
  number bigint generated always as identity,
  pipeline_id uuid not null,
  version integer not null,
  trigger text not null check (trigger in ('person', 'schedule', 'stream')),
  status text not null check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  attempt integer not null default 0,
  rows_read bigint not null default 0,
  rows_written bigint not null default 0,
  rows_quarantined bigint not null default 0,
  bytes bigint not null default 0,
  steps jsonb not null default '[]',
  error jsonb,
  queued_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (workspace, id)
);
create index run_history on pipelines.run (workspace, pipeline_id, number desc);
create index run_unfinished on pipelines.run (status) where status in ('queued', 'running');

create table pipelines.run_log (
  workspace text not null,
  run_id uuid not null,
  number integer not null,
  at timestamptz not null,
  level text not null,
  message text not null,
  primary key (workspace, run_id, number)
);

-- What a streaming pipeline is loading now; written before the load, so that a retry loads the same rows.
create table pipelines.slice (
  workspace text not null,
  pipeline_id uuid not null,
  after_position text not null,
  to_position text not null,
  -- what the run had counted before this slice
  counts jsonb not null,
  primary key (workspace, pipeline_id)
);

alter table pipelines.definition enable row level security;
alter table pipelines.definition force row level security;
create policy workspace on pipelines.definition using (workspace = current_setting('millrace.workspace', true)) with check (workspace = current_setting('millrace.workspace', true));
alter table pipelines.run enable row level security;
alter table pipelines.run force row level security;
create policy workspace on pipelines.run using (workspace = current_setting('millrace.workspace', true)) with check (workspace = current_setting('millrace.workspace', true));
alter table pipelines.run_log enable row level security;
alter table pipelines.run_log force row level security;
create policy workspace on pipelines.run_log using (workspace = current_setting('millrace.workspace', true)) with check (workspace = current_setting('millrace.workspace', true));
alter table pipelines.slice enable row level security;
alter table pipelines.slice force row level security;
create policy workspace on pipelines.slice using (workspace = current_setting('millrace.workspace', true)) with check (workspace = current_setting('millrace.workspace', true));
