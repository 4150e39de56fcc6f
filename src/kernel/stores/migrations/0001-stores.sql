create schema stores;

-- The metadata database is what an installation is known by: a warehouse belongs to one of them.
create table stores.installation (
  id uuid primary key default gen_random_uuid(),
  made_at timestamptz not null default now(),
  only_one boolean not null default true unique check (only_one)
);
insert into stores.installation default values;

-- Servers on this database, the present ones and those of the past. "heartbeat" is by the database's clock.
create table stores.server (
  id uuid primary key,
  home text not null,
  host text not null,
  process integer not null,
  version text not null,
  role text not null,
  started timestamptz not null default now(),
  heartbeat timestamptz not null default now(),
  ended timestamptz
);
create index server_running on stores.server (started) where ended is null;

-- A lease without a server is free. Rows stay, because their tokens only grow.
create table stores.lease (
  name text primary key,
  token bigint not null,
  server uuid,
  acquired_at timestamptz not null default now()
);
create index lease_server on stores.lease (server);

-- Raises MR001 unless the lease has this token, and keeps it from changing hands until the transaction ends.
-- Runs with its owner's rights, because work for a workspace may not touch these tables.
create function stores.guard_lease(lease text, expected bigint) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform from stores.lease l where l.name = guard_lease.lease and l.token = expected and l.server is not null for share;
  if not found then
    raise exception 'The lease "%" is not held any more.', lease using errcode = 'MR001';
  end if;
end $$;
revoke all on function stores.guard_lease(text, bigint) from public;
grant usage on schema stores to millrace_app;
grant execute on function stores.guard_lease(text, bigint) to millrace_app;

-- Warehouse migrations that ran, for the whole warehouse (scope '') or for one workspace's databases.
create table stores.warehouse_migration (
  scope text not null,
  module text not null,
  name text not null,
  checksum text,
  applied_at timestamptz not null default now(),
  primary key (scope, module, name)
);
