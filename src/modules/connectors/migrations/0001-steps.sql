create schema if not exists connectors;

-- Steps of an upgrade that are code, each done once per installation.
create table connectors.step (
  name text primary key,
  done_at timestamptz not null default now()
);
