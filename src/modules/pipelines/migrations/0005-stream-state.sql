-- Where incremental reading goes on: what the source itself gave with the last rows that were loaded.
create table pipelines.stream_state (
  workspace text not null,
  pipeline_id uuid not null,
  stream text not null,
  state jsonb,
  -- a load that began and whose outcome is not known yet: its part, the staged records, the state behind them
  pending jsonb,
  updated_at timestamptz not null default now(),
  primary key (workspace, pipeline_id, stream)
);
alter table pipelines.stream_state enable row level security;
alter table pipelines.stream_state force row level security;
create policy workspace on pipelines.stream_state using (workspace = current_setting('millrace.workspace', true)) with check (workspace = current_setting('millrace.workspace', true));
