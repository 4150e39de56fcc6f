/** The tables of the log in metadata. */
export const journalSchema = `
create schema if not exists log;
create table if not exists log.block (
  workspace text not null,
  topic text not null,
  id text not null,
  first bigint not null,
  rows bigint not null,
  tag text,
  remember_until timestamptz not null,
  primary key (workspace, topic, id)
);
alter table log.block add column if not exists replaces boolean not null default false;
create index if not exists block_replacing on log.block (workspace, topic, first) where replaces;
create table if not exists log.replaced (
  workspace text not null,
  topic text not null,
  position bigint not null,
  primary key (workspace, topic)
);
create index if not exists block_place on log.block (workspace, topic, first);
create index if not exists block_age on log.block (remember_until);
create table if not exists log.consumer (
  workspace text not null,
  topic text not null,
  name text not null,
  position bigint not null,
  primary key (workspace, topic, name)
);
`
