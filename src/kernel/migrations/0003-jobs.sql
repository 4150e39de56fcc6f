-- Jobs as people see them. What makes them run is in the queue (schema "jobs").
create table kernel.job (
  workspace text not null,
  id uuid not null,
  number bigint generated always as identity,
  kind text not null,
  subject jsonb,
  payload json not null,
  singleton text,
  status text not null check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  attempt integer not null default 0,
  failures integer not null default 0,
  cancelling boolean not null default false,
  progress json,
  error json,
  actor jsonb,
  queued_at timestamptz not null,
  run_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (workspace, id)
);
create unique index job_singleton on kernel.job (workspace, kind, singleton) where status in ('queued', 'running');
create index job_newest on kernel.job (workspace, number desc);
create index job_unfinished on kernel.job (status) where status in ('queued', 'running');
alter table kernel.job enable row level security;
alter table kernel.job force row level security;
create policy workspace on kernel.job
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
