create schema if not exists metrics;

create table metrics.definition (
  workspace text not null,
  code text not null,
  version integer not null,
  definition jsonb not null,
  -- The place of its cells, and when the dataset was made that they are folded from.
  cells text,
  dataset_made text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace, code)
);

alter table metrics.definition enable row level security;
alter table metrics.definition force row level security;
create policy workspace on metrics.definition
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
