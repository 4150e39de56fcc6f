-- Steps of an upgrade that are code, each done once per installation.
create table pipelines.step (
  name text primary key,
  done_at timestamptz not null default now()
);
