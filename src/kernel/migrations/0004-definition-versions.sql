-- Every version of a definition, kept in the transaction that makes it. The module has the current one too.
create table kernel.definition_version (
  workspace text not null,
  kind text not null,
  id text not null,
  version integer not null,
  -- json, not jsonb: the order of fields is the author's
  definition json not null,
  actor jsonb,
  at timestamptz not null,
  primary key (workspace, kind, id, version)
);
alter table kernel.definition_version enable row level security;
alter table kernel.definition_version force row level security;
create policy workspace on kernel.definition_version
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
