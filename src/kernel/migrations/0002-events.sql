-- The outbox: see src/kernel/events/SPEC.md.
create table kernel.event (
  seq bigint generated always as identity primary key,
  -- The place in the order of delivery, given after the commit.
  position bigint,
  id uuid not null,
  workspace text not null,
  name text not null,
  subject jsonb not null,
  key text not null,
  payload jsonb not null,
  actor jsonb,
  request_id text,
  at timestamptz not null
);
create index event_unnumbered on kernel.event (seq) where position is null;
create unique index event_position on kernel.event (position);
create index event_name_position on kernel.event (name, position);
create index event_at on kernel.event (at);
alter table kernel.event enable row level security;
alter table kernel.event force row level security;
create policy workspace on kernel.event
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));

-- One row: the last position that was given.
create table kernel.event_order (
  id integer primary key check (id = 1),
  last bigint not null
);
insert into kernel.event_order (id, last) values (1, 0);

create table kernel.event_consumer (
  module text not null,
  event text not null,
  position bigint not null,
  primary key (module, event)
);

-- Events that a consumer could not handle yet. Only the first of a key has a next try.
create table kernel.event_parked (
  module text not null,
  event text not null,
  position bigint not null,
  workspace text not null,
  key text not null,
  attempts integer not null,
  next_at timestamptz,
  error text,
  primary key (module, event, position),
  foreign key (module, event) references kernel.event_consumer on delete cascade
);
create index event_parked_key on kernel.event_parked (module, event, workspace, key, position);
create index event_parked_position on kernel.event_parked (position);
alter table kernel.event_parked enable row level security;
alter table kernel.event_parked force row level security;
create policy workspace on kernel.event_parked
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
