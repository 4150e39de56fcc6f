create schema if not exists demo;

-- How far each feed of made-up events has come. `planned` is written before a window is sent and
-- `done` after it, so a crash in between sends the very same window again, under the same key.
create table demo.feed (
  workspace text not null,
  stream text not null,
  done timestamptz not null,
  planned timestamptz not null,
  primary key (workspace, stream)
);
alter table demo.feed enable row level security;
alter table demo.feed force row level security;
create policy workspace on demo.feed
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));

-- What was made once; deleted by somebody, it stays deleted.
create table demo.made (
  workspace text not null,
  kind text not null,
  name text not null,
  primary key (workspace, kind, name)
);
alter table demo.made enable row level security;
alter table demo.made force row level security;
create policy workspace on demo.made
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
